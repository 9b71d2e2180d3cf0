"""All tables of this room, as they stood after 0003_footage_rounds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import overt.shared.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("watch", "0001_initial"),
        ("watch", "0002_people_result_and_supervision"),
        ("watch", "0003_footage_rounds"),
    ]

    dependencies = [
        ("breaches", "0001_initial"),
        ("estate", "0001_squashed_0007_camera_transport"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FootageRound",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("place", models.BigIntegerField(default=0)),
                ("segments", models.BigIntegerField(default=0)),
                ("read_bytes", models.BigIntegerField(default=0)),
                ("total_bytes", models.BigIntegerField(default=0)),
                ("damaged", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SupervisedPlayback",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purpose", models.CharField(max_length=500)),
                ("fault", models.CharField(blank=True, max_length=80)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_because", models.CharField(blank=True, max_length=40)),
                ("cameras", models.ManyToManyField(related_name="+", to="estate.camera")),
                (
                    "engineer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at"],
            },
        ),
        migrations.CreateModel(
            name="PlaybackReview",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("opened_at", models.DateTimeField()),
                ("used_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("people_present", models.CharField(blank=True, max_length=500)),
                ("result", models.CharField(blank=True, max_length=1000)),
                ("result_at", models.DateTimeField(blank=True, null=True)),
                ("cameras", models.ManyToManyField(related_name="+", to="estate.camera")),
                (
                    "viewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supervised",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="watch.supervisedplayback",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="DamagedSegment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("path", models.CharField(max_length=300)),
                ("finding", models.CharField(max_length=20)),
                ("start_90k", models.BigIntegerField()),
                ("end_90k", models.BigIntegerField()),
                ("found_at", models.DateTimeField()),
                (
                    "breach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="breaches.codebreach"
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="estate.camera"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("path", "finding"), name="damage_is_told_once")],
            },
        ),
        migrations.CreateModel(
            name="LiveViewing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("renewed_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="estate.camera"
                    ),
                ),
                (
                    "viewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at"],
                "indexes": [models.Index(fields=["closed_at", "renewed_at"], name="watch_livev_closed__24a3eb_idx")],
            },
        ),
        migrations.CreateModel(
            name="ReviewedDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("added_at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="days", to="watch.playbackreview"
                    ),
                ),
            ],
            options={
                "ordering": ["day"],
                "constraints": [models.UniqueConstraint(fields=("review", "day"), name="one_row_for_a_reviewed_day")],
            },
        ),
        migrations.AddIndex(
            model_name="supervisedplayback",
            index=models.Index(fields=["engineer", "ended_at"], name="supervised_by_engineer"),
        ),
        migrations.AddIndex(
            model_name="playbackreview",
            index=models.Index(fields=["viewer", "closed_at"], name="watch_playb_viewer__4f1fc6_idx"),
        ),
    ]
