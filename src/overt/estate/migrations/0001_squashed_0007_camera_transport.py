"""All tables of this room, as they stood after 0007_camera_transport."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import overt.shared.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("estate", "0001_initial"),
        ("estate", "0002_camera_certificate"),
        ("estate", "0003_retention_run"),
        ("estate", "0004_sound_orders"),
        ("estate", "0005_camera_without_a_sound_switch"),
        ("estate", "0006_camera_basic_allowed"),
        ("estate", "0007_camera_transport"),
    ]

    dependencies = [
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Camera",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("fixed", "Fixed"), ("ptz", "PTZ"), ("mobile", "Redeployable")],
                        default="fixed",
                        max_length=10,
                    ),
                ),
                ("latitude", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                ("longitude", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                ("bearing_degrees", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("stream_url", models.CharField(max_length=500)),
                ("credentials_sealed", models.BinaryField(blank=True, null=True)),
                ("certificate", models.CharField(blank=True, default="", max_length=64)),
                ("basic_allowed", models.BooleanField(default=False)),
                (
                    "transport",
                    models.CharField(
                        choices=[
                            ("tcp", "TCP, inside the connection"),
                            ("udp", "UDP, for a camera that offers nothing else"),
                        ],
                        default="tcp",
                        max_length=3,
                    ),
                ),
                ("recorded", models.BooleanField(default=True)),
                ("retention_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("priority", models.PositiveSmallIntegerField(default=100)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("groups", models.ManyToManyField(blank=True, related_name="cameras", to="places.cameragroup")),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cameras", to="places.partner"
                    ),
                ),
                (
                    "town",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cameras", to="places.town"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="ImportDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("retention_days", models.PositiveSmallIntegerField()),
                ("oldest_kept", models.DateTimeField(null=True)),
                ("deleted_count", models.PositiveIntegerField()),
                ("deleted_bytes", models.BigIntegerField()),
                ("early_count", models.PositiveIntegerField()),
                ("early_bytes", models.BigIntegerField()),
                ("held_count", models.PositiveIntegerField()),
                ("overdue_seconds", models.BigIntegerField()),
                ("failures", models.JSONField(default=list)),
                ("alarms", models.JSONField(default=list)),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="retention_runs", to="estate.camera"
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "camera__number"],
            },
        ),
        migrations.CreateModel(
            name="SoundOrder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("on", "On"),
                            ("refused", "Refused"),
                            ("ended", "Ended"),
                            ("lapsed", "Not used"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("case_reference", models.CharField(max_length=80)),
                ("until", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, max_length=500)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=500)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sound_orders", to="estate.camera"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
            },
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("number"), name="one_camera_of_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionrun",
            constraint=models.UniqueConstraint(fields=("camera", "day"), name="one_retention_run_a_day"),
        ),
        migrations.AddConstraint(
            model_name="soundorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["asked", "on"])),
                fields=("camera",),
                name="one_open_sound_order_a_camera",
            ),
        ),
        migrations.AddConstraint(
            model_name="soundorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None), models.Q(("decided_by", models.F("asked_by")), _negated=True), _connector="OR"
                ),
                name="sound_is_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="soundorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "on"), _negated=True), ("decided_by__isnull", False), _connector="OR"
                ),
                name="sound_on_is_approved",
            ),
        ),
    ]
