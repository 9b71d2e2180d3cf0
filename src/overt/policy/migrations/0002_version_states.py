"""A version has a number, a state and a history; until now a row was in force as soon as it was there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import overt.shared.ids

STATES = [(s, s.replace("_", " ")) for s in ("draft", "consulted", "approved", "in_force", "withdrawn")]


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField("policyversion", "number", models.PositiveIntegerField(null=True)),
        migrations.AddField(
            "policyversion", "state", models.CharField(choices=STATES, default="in_force", max_length=20)
        ),
        migrations.AlterField("policyversion", "effective_from", models.DateTimeField(blank=True, null=True)),
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
            options={"ordering": ["at", "id"]},
        ),
    ]
