"""All tables of this room, as they stood after 0006_copies_are_written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import overt.evidence.copies.rules
import overt.shared.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("evidence", "0001_initial"),
        ("evidence", "0002_holds_have_grounds"),
        ("evidence", "0003_copies_and_their_places"),
        ("evidence", "0004_copies_of_sealed_exhibits"),
        ("evidence", "0005_stills"),
        ("evidence", "0006_copies_are_written"),
    ]

    dependencies = [
        ("estate", "0001_squashed_0007_camera_transport"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Exhibit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reference", models.CharField(max_length=32, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("sealing", "sealing"), ("sealed", "sealed"), ("failed", "failed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("case_reference", models.CharField(blank=True, max_length=80)),
                ("requester", models.CharField(blank=True, max_length=120)),
                ("opened_at", models.DateTimeField()),
                ("sealed_at", models.DateTimeField(blank=True, null=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("keep_until", models.DateTimeField(blank=True, null=True)),
                ("payload_sha512", models.CharField(blank=True, max_length=128)),
                ("tags_sha512", models.CharField(blank=True, max_length=128)),
                ("key_fingerprint", models.CharField(blank=True, max_length=64)),
                ("time_stamped_at", models.DateTimeField(blank=True, null=True)),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("failure_code", models.CharField(blank=True, max_length=60)),
                ("failure", models.CharField(blank=True, max_length=1000)),
                ("progress_done", models.BigIntegerField(default=0)),
                ("progress_total", models.BigIntegerField(default=0)),
                ("progress_since", models.DateTimeField(blank=True, null=True)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("verified_answer", models.CharField(blank=True, max_length=20)),
                ("verified_detail", models.TextField(blank=True)),
                (
                    "operator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="evidence.exhibit",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="Copy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(choices=[("master", "master"), ("working", "working")], max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("kept", "kept"),
                            ("out", "out"),
                            ("handed over", "handed over"),
                            ("destroyed", "destroyed"),
                        ],
                        default=overt.evidence.copies.rules.CopyState["KEPT"],
                        max_length=12,
                    ),
                ),
                ("medium", models.CharField(max_length=60)),
                ("medium_number", models.CharField(blank=True, max_length=80)),
                ("supplier", models.CharField(blank=True, max_length=120)),
                ("supplier_number", models.CharField(blank=True, max_length=40)),
                ("content_sha512", models.CharField(max_length=128)),
                ("tags_sha512", models.CharField(max_length=128)),
                ("made_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("keep_until", models.DateTimeField(blank=True, null=True)),
                ("tested_at", models.DateTimeField(blank=True, null=True)),
                ("test_answer", models.CharField(blank=True, max_length=20)),
                ("test_detail", models.TextField(blank=True)),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("recipient", models.CharField(blank=True, max_length=120)),
                ("recipient_body", models.CharField(blank=True, max_length=120)),
                ("recipient_number", models.CharField(blank=True, max_length=40)),
                ("delivery", models.CharField(blank=True, max_length=20)),
                ("purpose", models.CharField(blank=True, max_length=500)),
                ("form_name", models.CharField(blank=True, max_length=100)),
                ("form_sha512", models.CharField(blank=True, max_length=128)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "exhibit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="evidence.exhibit"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("start_90k", models.BigIntegerField()),
                ("end_90k", models.BigIntegerField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("ground", models.CharField(blank=True, max_length=60)),
                ("case_reference", models.CharField(blank=True, max_length=80)),
                ("requester", models.CharField(blank=True, max_length=120)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("grounded_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("placed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("release_reason", models.CharField(blank=True, max_length=500)),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="estate.camera"
                    ),
                ),
                (
                    "exhibit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="evidence.exhibit",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-placed_at"],
            },
        ),
        migrations.CreateModel(
            name="ExhibitClip",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("start_90k", models.BigIntegerField()),
                ("end_90k", models.BigIntegerField()),
                ("files", models.JSONField(default=list)),
                ("gaps", models.JSONField(default=list)),
                ("clock_offset_ms", models.IntegerField(blank=True, null=True)),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exhibit_clips", to="estate.camera"
                    ),
                ),
                (
                    "exhibit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clips", to="evidence.exhibit"
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clips",
                        to="evidence.hold",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="StoragePlace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("whereabouts", models.CharField(max_length=200)),
                ("security", models.CharField(choices=[("lock", "Lock"), ("seal", "Numbered seal")], max_length=10)),
                ("security_number", models.CharField(max_length=40)),
                ("added_at", models.DateTimeField()),
                ("keepers", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Still",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("at_90k", models.BigIntegerField()),
                ("start_90k", models.BigIntegerField()),
                ("end_90k", models.BigIntegerField()),
                ("necessity", models.CharField(max_length=500)),
                ("case_reference", models.CharField(max_length=80)),
                ("requester", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField()),
                ("file_name", models.CharField(max_length=100)),
                ("sha512", models.CharField(max_length=128)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("in_cabinet", "in_cabinet"),
                            ("handed_to_police", "handed_to_police"),
                            ("destroyed", "destroyed"),
                        ],
                        default="in_cabinet",
                        max_length=20,
                    ),
                ),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("officer", models.CharField(blank=True, max_length=120)),
                ("officer_number", models.CharField(blank=True, max_length=40)),
                ("authority_officer", models.CharField(blank=True, max_length=120)),
                ("authority_rank", models.CharField(blank=True, max_length=40)),
                ("authority_name", models.CharField(blank=True, max_length=100)),
                ("authority_sha512", models.CharField(blank=True, max_length=128)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
                ("destruction_authoriser", models.CharField(blank=True, max_length=120)),
                ("destruction_authorised_on", models.DateField(blank=True, null=True)),
                (
                    "authoriser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stills", to="estate.camera"
                    ),
                ),
                (
                    "exhibit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stills",
                        to="evidence.exhibit",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stills",
                        to="evidence.storageplace",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="PlaceOpening",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("new_seal", models.CharField(blank=True, max_length=40)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="evidence.storageplace"
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="CopyMovement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=overt.shared.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("made", "Made"),
                            ("written", "Written"),
                            ("stored", "Put into storage"),
                            ("taken_out", "Taken out of storage"),
                            ("tested", "Opened and verified"),
                            ("handed_over", "Handed over"),
                            ("returned", "Came back"),
                            ("destroyed", "Destroyed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("remark", models.CharField(blank=True, max_length=500)),
                ("entry", models.BigIntegerField()),
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
                    "copy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="movements", to="evidence.copy"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.storageplace",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="copy",
            name="place",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="evidence.storageplace",
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(fields=["camera", "start_90k"], name="evidence_ho_camera__ad8381_idx"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("end_90k__gt", models.F("start_90k"))), name="hold_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="exhibitclip",
            constraint=models.UniqueConstraint(fields=("exhibit", "position"), name="one_clip_of_a_position"),
        ),
        migrations.AddConstraint(
            model_name="exhibitclip",
            constraint=models.CheckConstraint(
                condition=models.Q(("end_90k__gt", models.F("start_90k"))), name="clip_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="still",
            constraint=models.CheckConstraint(
                condition=models.Q(("end_90k__gt", models.F("start_90k"))), name="still_sequence_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="copymovement",
            constraint=models.UniqueConstraint(fields=("copy", "position"), name="one_movement_of_a_position"),
        ),
        migrations.AddConstraint(
            model_name="copy",
            constraint=models.UniqueConstraint(fields=("exhibit", "number"), name="one_copy_of_a_number"),
        ),
    ]
