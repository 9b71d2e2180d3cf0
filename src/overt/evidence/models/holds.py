"""Holds on footage. Spans are UTC counts of 1/90000 s, half-open."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from overt.shared.ids import new_id
from overt.shared.locking import LockQuerySet


class Hold(models.Model):
    """A RetentionHold: footage that retention may not delete, why, for whom and until when. Mirrored to the node.

    One made with a single key in review has no ground yet; it never outlives the footage's own period: holds/rules.py.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # the node's hold_id too
    camera = models.ForeignKey("estate.Camera", on_delete=models.PROTECT, related_name="holds")
    start_90k = models.BigIntegerField()
    end_90k = models.BigIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    ground = models.CharField(max_length=60, blank=True)  # a code of the policy's hold_grounds; empty: not said yet
    case_reference = models.CharField(max_length=80, blank=True)  # crime, incident or case number
    requester = models.CharField(max_length=120, blank=True)  # who wants it kept: PC 4417 Hill
    review_on = models.DateField(null=True, blank=True)  # when somebody asks whether it is still needed
    grounded_at = models.DateTimeField(null=True, blank=True)  # when the ground was given
    reviewed_at = models.DateTimeField(null=True, blank=True)  # when it was last found to be needed
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)  # null: until somebody lets it go
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    release_reason = models.CharField(max_length=500, blank=True)
    exhibit = models.ForeignKey("Exhibit", null=True, blank=True, on_delete=models.PROTECT, related_name="holds")

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at"]
        indexes = [models.Index(fields=["camera", "start_90k"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(end_90k__gt=models.F("start_90k")), name="hold_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"hold on camera {self.camera.number}"
