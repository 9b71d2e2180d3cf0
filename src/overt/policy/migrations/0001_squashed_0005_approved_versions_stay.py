"""All tables of this room, as they stood after 0005_approved_versions_stay."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import overt.shared.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("policy", "0001_initial"),
        ("policy", "0002_version_states"),
        ("policy", "0003_number_and_rewrite_versions"),
        ("policy", "0004_number_required"),
        ("policy", "0005_approved_versions_stay"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("consulted", "consulted"),
                            ("approved", "approved"),
                            ("in_force", "in force"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("document", models.JSONField()),
                ("effective_from", models.DateTimeField(blank=True, null=True)),
                ("adopted_at", models.DateTimeField(auto_now_add=True)),
                (
                    "adopted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["effective_from", "number"],
            },
        ),
        migrations.CreateModel(
            name="PolicyMove",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_state", models.CharField(blank=True, max_length=20)),
                ("to_state", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                ("accepted", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="policy.policyversion"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
    ]
