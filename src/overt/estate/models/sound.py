"""Orders for a camera's sound."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from overt.estate.models.cameras import Camera
from overt.shared.ids import new_id
from overt.shared.locking import LockQuerySet


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
