"""What retention did with one camera's recordings in one day."""

from __future__ import annotations

from django.db import models

from overt.estate.models.cameras import Camera
from overt.shared.ids import new_id


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
