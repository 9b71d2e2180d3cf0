"""All tables of this room, as they stood after 0005_breach_outcome."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("logbook", "0001_initial"),
        ("logbook", "0002_refuse_changes"),
        ("logbook", "0003_code_breach"),
        ("logbook", "0004_key_succession"),
        ("logbook", "0005_breach_outcome"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(unique=True)),
                ("root", models.CharField(max_length=64)),
                ("note", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["size"],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("origin", models.CharField(max_length=120)),
                ("size", models.BigIntegerField(default=0)),
                ("frontier", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="KeySuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(unique=True)),
                ("note", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["size"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField()),
                ("action", models.CharField(max_length=100)),
                ("subject_kind", models.CharField(blank=True, max_length=60)),
                ("subject_id", models.CharField(blank=True, max_length=80)),
                ("camera", models.CharField(blank=True, max_length=40)),
                ("facts_text", models.TextField()),
                ("commitments_text", models.TextField()),
                ("leaf_hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["number"],
                "indexes": [
                    models.Index(fields=["recorded_at"], name="entry_by_time"),
                    models.Index(fields=["action", "number"], name="entry_by_action"),
                    models.Index(fields=["subject_kind", "subject_id", "number"], name="entry_by_subject"),
                    models.Index(
                        condition=models.Q(("camera", ""), _negated=True),
                        fields=["camera", "number"],
                        name="entry_by_camera",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
                ("root", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("level", "index"), name="one_tile_per_place")],
            },
        ),
        migrations.CreateModel(
            name="Personal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40)),
                ("salt", models.CharField(max_length=32, null=True)),
                ("value", models.TextField(null=True)),
                ("erase_on", models.DateField(null=True)),
                ("erased_by", models.BigIntegerField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="personal", to="logbook.entry"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("field__in", ["actor", "subject"])),
                        fields=["value", "entry"],
                        name="personal_by_person",
                    ),
                    models.Index(
                        condition=models.Q(("erase_on__isnull", False)), fields=["erase_on"], name="personal_by_day"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "field"), name="one_personal_value_per_field")
                ],
            },
        ),
    ]
