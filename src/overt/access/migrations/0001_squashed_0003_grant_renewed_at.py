"""All tables of this room, as they stood after 0003_grant_renewed_at."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import overt.shared.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("access", "0001_initial"),
        ("access", "0002_initial"),
        ("access", "0003_grant_renewed_at"),
    ]

    dependencies = [
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner_nominee", "owner nominee"),
                            ("data_controller", "data controller"),
                            ("manager", "manager"),
                            ("supervisor", "supervisor"),
                            ("operator", "operator"),
                            ("data_protection_officer", "data protection officer"),
                            ("inspector", "inspector"),
                            ("engineer", "engineer"),
                            ("police_reviewer", "police reviewer"),
                            ("auditor", "auditor"),
                        ],
                        max_length=40,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("renewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.cameragroup",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.partner",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "role"], name="access_gran_user_id_6e5cb0_idx")],
            },
        ),
    ]
