"""Breaches of the code."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    # The table was made by the logbook, where this model stood; a database of then keeps it as it is.
    replaces = [("logbook", "0003_code_breach"), ("logbook", "0005_breach_outcome")]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CodeBreach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("logbook", "The logbook"),
                            ("footage", "Recordings"),
                            ("reported", "Reported by a person"),
                        ],
                        max_length=20,
                    ),
                ),
                ("detected_at", models.DateTimeField()),
                ("reported_at", models.DateTimeField()),
                ("words", models.TextField()),
                ("findings", models.JSONField(default=list)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_action", "No action"),
                            ("advice", "Advice"),
                            ("disciplinary", "Disciplinary proceedings"),
                            ("legal", "Legal proceedings"),
                        ],
                        max_length=20,
                    ),
                ),
                ("outcome_reference", models.CharField(blank=True, max_length=80)),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "breach",
                "db_table": "logbook_codebreach",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("fingerprint", ""), _negated=True),
                        fields=("fingerprint",),
                        name="one_breach_per_finding",
                    )
                ],
            },
        ),
    ]
