"""Breaches: what broke the code, and what came of it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from overt.shared.locking import LockQuerySet


class CodeBreach(models.Model):
    """Something broke the code, or the system that carries it out: it stays open until somebody answers in words.

    Raised by the system (a logbook or a recording that is not what was written) or reported by a person.
    """

    class Kind(models.TextChoices):
        LOGBOOK = "logbook", "The logbook"
        FOOTAGE = "footage", "Recordings"
        REPORTED = "reported", "Reported by a person"

    class Outcome(models.TextChoices):
        """What a breach of the code comes to for whoever committed it. Source: BASS-6.3.c."""

        NO_ACTION = "no_action", "No action"
        ADVICE = "advice", "Advice"
        DISCIPLINARY = "disciplinary", "Disciplinary proceedings"
        LEGAL = "legal", "Legal proceedings"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    detected_at = models.DateTimeField()  # when it was noticed
    reported_at = models.DateTimeField()  # when it was written down here; the two differ by the delay
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    findings = models.JSONField(default=list)  # one line of text for each thing found
    fingerprint = models.CharField(max_length=64, blank=True)  # of what the system found, so that it is told once
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    #: Of a breach that a person reported: whom it concerns, what came of it for them, and where that is written.
    about = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, blank=True, choices=Outcome.choices)
    outcome_reference = models.CharField(max_length=80, blank=True)

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "breach"
        db_table = "logbook_codebreach"  # from when it stood in that room: its rows are where they were
        constraints = [
            models.UniqueConstraint(fields=["fingerprint"], condition=~Q(fingerprint=""), name="one_breach_per_finding")
        ]

    def __str__(self) -> str:
        return f"Breach {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/logbook/breaches/{self.pk}/"

    @property
    def delay(self) -> timedelta:
        return self.reported_at - self.detected_at
