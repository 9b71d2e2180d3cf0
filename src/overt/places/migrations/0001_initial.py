"""Partners, towns, sites, desks and camera groups."""

import django.db.models.deletion
from django.db import migrations, models

import overt.shared.ids


class Migration(migrations.Migration):
    initial = True

    # The tables were made by the estate, where these models stood; a database of then keeps them as they are.
    replaces = [("estate", "0001_initial")]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CameraGroup",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
            ],
            options={
                "db_table": "estate_cameragroup",
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
            ],
            options={
                "db_table": "estate_partner",
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("control_room", "Control room"),
                            ("equipment", "Equipment cabinet or room"),
                            ("relay", "Relay"),
                        ],
                        default="control_room",
                        max_length=20,
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="places.partner"
                    ),
                ),
            ],
            options={
                "db_table": "estate_site",
            },
        ),
        migrations.CreateModel(
            name="Town",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="towns", to="places.partner"
                    ),
                ),
            ],
            options={
                "db_table": "estate_town",
            },
        ),
        migrations.CreateModel(
            name="Desk",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="desks", to="places.site"
                    ),
                ),
            ],
            options={
                "db_table": "estate_desk",
                "constraints": [models.UniqueConstraint(fields=("site", "name"), name="one_desk_of_a_name_per_site")],
            },
        ),
    ]
