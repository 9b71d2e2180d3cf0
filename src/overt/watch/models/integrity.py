"""How far everything stored has been held against its hashes, and what was not as recorded."""

from __future__ import annotations

from django.db import models


class FootageRound(models.Model):
    """One reading of everything stored, by its hashes, a little at a time: where it is and what it found."""

    id = models.BigAutoField(primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)  # null while it goes on
    place = models.BigIntegerField(default=0)  # the recorder's own count of segments, up to which was read
    segments = models.BigIntegerField(default=0)
    read_bytes = models.BigIntegerField(default=0)
    total_bytes = models.BigIntegerField(default=0)  # stored when it was last asked
    damaged = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"round {self.pk}"

    @property
    def percent(self) -> int:
        return 100 if not self.total_bytes else min(100, self.read_bytes * 100 // self.total_bytes)


class DamagedSegment(models.Model):
    """A recording that is not on the disk as it was recorded. It is told once, and stays on record."""

    id = models.BigAutoField(primary_key=True)
    camera = models.ForeignKey("estate.Camera", null=True, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=300)
    finding = models.CharField(max_length=20)
    start_90k = models.BigIntegerField()
    end_90k = models.BigIntegerField()
    found_at = models.DateTimeField()
    breach = models.ForeignKey("breaches.CodeBreach", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["path", "finding"], name="damage_is_told_once")]

    def __str__(self) -> str:
        return self.path
