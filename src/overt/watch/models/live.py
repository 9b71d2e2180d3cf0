"""Who watches which camera live. What was done is in the logbook; these rows say what is open."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from overt.shared.ids import new_id


class LiveViewing(models.Model):
    """One camera on one person's wall, from its opening to its closing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    camera = models.ForeignKey("estate.Camera", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    renewed_at = models.DateTimeField()  # of its last ticket
    closed_at = models.DateTimeField(null=True, blank=True)  # null while it is on the wall

    class Meta:
        ordering = ["opened_at"]
        indexes = [models.Index(fields=["closed_at", "renewed_at"])]

    def __str__(self) -> str:
        return f"camera {self.camera.number} live"
