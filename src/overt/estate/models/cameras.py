"""Cameras: what the scheme records."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from overt.estate.managers import CameraQuerySet
from overt.places.models import CameraGroup, Partner, Town
from overt.shared.ids import new_id


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
