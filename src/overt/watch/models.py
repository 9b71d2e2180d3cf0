"""Who watches what: live pictures and reviews. What was done is in the logbook; these rows say what is open."""

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


class SupervisedPlayback(models.Model):
    """An engineer's leave to look at some cameras' recordings: under one supervisor's eye, and soon over.

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


class PlaybackReview(models.Model):
    """One person's look at recordings, for one reason: which cameras and which days it came to, who saw, what came.

    Without a result it is over but not complete. Source: BASS-9.3.7, BASS-9.4.b.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cameras = models.ManyToManyField("estate.Camera", related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField()
    used_at = models.DateTimeField()  # when a ticket was last given for it
    closed_at = models.DateTimeField(null=True, blank=True)
    #: Who else could see the screen, in words; empty only for reviews from before it was asked.
    people_present = models.CharField(max_length=500, blank=True)
    result = models.CharField(max_length=1000, blank=True)  # what was found; empty until it is said
    result_at = models.DateTimeField(null=True, blank=True)
    supervised = models.ForeignKey(
        SupervisedPlayback, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["viewer", "closed_at"])]

    def __str__(self) -> str:
        return f"review by {self.viewer}"

    @property
    def lacks_result(self) -> bool:
        return self.people_present != "" and self.result == ""


class ReviewedDay(models.Model):
    """A day of the scheme's calendar that a review came to, and from when: each is in the logbook."""

    id = models.BigAutoField(primary_key=True)
    review = models.ForeignKey(PlaybackReview, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["review", "day"], name="one_row_for_a_reviewed_day")]

    def __str__(self) -> str:
        return self.day.isoformat()


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
    breach = models.ForeignKey("logbook.CodeBreach", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["path", "finding"], name="damage_is_told_once")]

    def __str__(self) -> str:
        return self.path
