"""Reviews of recordings: whose, of which cameras and days, why, and what was found."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from overt.shared.ids import new_id
from overt.watch.models.supervised import SupervisedPlayback


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
