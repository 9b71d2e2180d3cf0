"""Where evidence on discs and sticks is kept, who may open it, and each opening."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from overt.shared.ids import new_id
from overt.shared.locking import LockQuerySet


class StoragePlace(models.Model):
    """A StorageLocation: a cabinet, a safe. `keepers` is its access list. Source: BASS-9.1.e."""

    class Security(models.TextChoices):
        LOCK = "lock", "Lock"
        SEAL = "seal", "Numbered seal"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80, unique=True)  # Evidence cabinet 2
    whereabouts = models.CharField(max_length=200)  # Control room, north wall
    security = models.CharField(max_length=10, choices=Security.choices)
    security_number = models.CharField(max_length=40)  # of the lock's key, or of the seal that is on it now
    keepers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    added_at = models.DateTimeField()

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/exhibits/places/{self.pk}/"


class PlaceOpening(models.Model):
    """One opening of a storage location; never changed. `new_seal` is the seal put on afterwards, where it has one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(StoragePlace, on_delete=models.PROTECT, related_name="openings")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    new_seal = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.place} opened"
