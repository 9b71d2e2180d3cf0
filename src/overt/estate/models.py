"""The system: cameras, the orders for their sound, their import, and what retention did with their recordings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from overt.estate.managers import CameraQuerySet
from overt.places.models import CameraGroup, Partner, Town
from overt.shared.ids import new_id
from overt.shared.locking import LockQuerySet


class Camera(models.Model):
    """A view the scheme records. Its id is the engine's camera id; people know it by its number."""

    class Kind(models.TextChoices):
        FIXED = "fixed", "Fixed"
        PTZ = "ptz", "PTZ"
        MOBILE = "mobile", "Redeployable"

    class Transport(models.TextChoices):
        TCP = "tcp", "TCP, inside the connection"
        UDP = "udp", "UDP, for a camera that offers nothing else"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=12)  # as painted on the pole: 127, R2
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FIXED)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="cameras")
    town = models.ForeignKey(Town, on_delete=models.PROTECT, related_name="cameras")
    groups = models.ManyToManyField(CameraGroup, blank=True, related_name="cameras")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)  # WGS 84 degrees
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    bearing_degrees = models.PositiveSmallIntegerField(null=True, blank=True)  # where it looks; null for PTZ
    stream_url = models.CharField(max_length=500)  # rtsp or rtsps, without credentials
    #: Username and password, encrypted with the installation's key; never on a page, in a log or in the API.
    credentials_sealed = models.BinaryField(null=True, blank=True, editable=False)
    #: For rtsps: the SHA-256 of the camera's own certificate in hex, "any", or empty for one that the system trusts.
    certificate = models.CharField(max_length=64, blank=True, default="")
    basic_allowed = models.BooleanField(default=False)  # at rtsp://: the password may be sent unencrypted (Basic)
    #: How its pictures come. UDP is for a camera that offers nothing else, and never for rtsps.
    transport = models.CharField(max_length=3, choices=Transport.choices, default=Transport.TCP)
    recorded = models.BooleanField(default=True)
    retention_days = models.PositiveSmallIntegerField(null=True, blank=True)  # null: as the scheme's policy says
    priority = models.PositiveSmallIntegerField(default=100)  # on a full disk the lowest sheds first
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)  # no longer recorded; its footage and history stay

    objects = CameraQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(Lower("number"), name="one_camera_of_a_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def position_words(self) -> str:
        """Where it stands and looks, in degrees; nothing where no position was given."""
        if self.latitude is None:
            return ""
        looking = "" if self.bearing_degrees is None else f", looking {self.bearing_degrees}° from north"
        return f"{self.latitude}, {self.longitude}{looking}"

    def get_absolute_url(self) -> str:
        return f"/cameras/{self.number}/"


class SoundOrder(models.Model):
    """One camera's sound, recorded for a case until a moment, by two people's word. Source: PROG-4.2.4.

    Without one in force a camera's sound is off, and there is no other switch for it.
    """

    class State(models.TextChoices):
        ASKED = "asked", "Asked for"
        ON = "on", "On"
        REFUSED = "refused", "Refused"
        ENDED = "ended", "Ended"
        LAPSED = "lapsed", "Not used"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="sound_orders")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=500)
    case_reference = models.CharField(max_length=80)  # crime, incident or case number
    until = models.DateTimeField()  # the sound ends then by itself
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)  # why it was approved or refused
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=500, blank=True)

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["camera"], condition=models.Q(state__in=["asked", "on"]), name="one_open_sound_order_a_camera"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="sound_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="on") | models.Q(decided_by__isnull=False), name="sound_on_is_approved"
            ),
        ]

    def __str__(self) -> str:
        return f"Sound of {self.camera}"


class ImportDraft(models.Model):
    """An uploaded CSV file between its preview and its confirmation. Encrypted, for it may hold camera passwords."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"Import of {self.made_at:%d %B %Y}"


class RetentionRun(models.Model):
    """What retention did with one camera's recordings in one day, and how it then stood. Source: HERTS-24.1."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="retention_runs")
    day = models.DateField()  # in the scheme's zone
    made_at = models.DateTimeField()
    retention_days = models.PositiveSmallIntegerField()  # as the policy and the camera said when it was made
    oldest_kept = models.DateTimeField(null=True)  # the first picture still there; null where nothing is kept
    deleted_count = models.PositiveIntegerField()  # files, by their receipts
    deleted_bytes = models.BigIntegerField()
    early_count = models.PositiveIntegerField()  # of these, gone before their date because the disk was full
    early_bytes = models.BigIntegerField()
    held_count = models.PositiveIntegerField()  # holds in force when it was made
    overdue_seconds = models.BigIntegerField()  # footage past its date that nothing holds
    failures = models.JSONField(default=list)  # sentences about this camera
    alarms = models.JSONField(default=list)  # the recorder's own, when it was made

    class Meta:
        ordering = ["-day", "camera__number"]
        constraints = [models.UniqueConstraint(fields=["camera", "day"], name="one_retention_run_a_day")]

    def __str__(self) -> str:
        return f"Retention of {self.camera} on {self.day:%d %B %Y}"

    @property
    def failures_and_alarms(self) -> list[str]:
        """All that went wrong, of this camera first."""
        return [*self.failures, *self.alarms]
