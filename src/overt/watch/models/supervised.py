"""Engineers' looks at recordings, under a supervisor's eye."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from overt.shared.ids import new_id


class SupervisedPlayback(models.Model):
    """An engineer may look at some cameras' recordings: under one supervisor's eye, and soon over.

    Source: BASS-6.7.3, SEVEN-PIA.5.a.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    engineer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cameras = models.ManyToManyField("estate.Camera", related_name="+")
    purpose = models.CharField(max_length=500)
    fault = models.CharField(max_length=80, blank=True)  # the fault the visit is for, as the contractor has it
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # exclusive; it ends then by itself
    ended_at = models.DateTimeField(null=True, blank=True)  # null until its end is written down
    ended_because = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["engineer", "ended_at"], name="supervised_by_engineer")]

    def __str__(self) -> str:
        return f"playback by {self.engineer} under the eye of {self.supervisor}"
