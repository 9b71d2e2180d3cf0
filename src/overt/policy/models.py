"""The scheme's policy in its versions: a row for each, and a row for each move in its life. Nothing is deleted.

A version is changed while it is a draft, and never after; the one in force is the latest whose moment has come.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from overt.policy.rules.moves import VersionState
from overt.shared.ids import new_id
from overt.shared.locking import LockQuerySet


class PolicyVersion(models.Model):
    """One version of the scheme's policy."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)  # 1, 2, 3 ... in order of drafting; never used again
    state = models.CharField(
        max_length=20,
        default=VersionState.DRAFT.value,
        choices=[(s.value, s.value.replace("_", " ")) for s in VersionState],
    )
    document = models.JSONField()  # as rules.document_of writes it
    effective_from = models.DateTimeField(null=True, blank=True)  # null until it is put in force
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(auto_now_add=True)  # when the row was made

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["effective_from", "number"]

    def __str__(self) -> str:
        return f"Policy version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("policy-version", args=[self.number])


class PolicyMove(models.Model):
    """A step in a version's life, as it happened: drafted, changed, consulted on, approved, put in force, withdrawn."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="moves")
    from_state = models.CharField(max_length=20, blank=True)  # empty for the drafting itself
    to_state = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)  # the reason; for a consultation, who was asked and what came of it
    accepted = models.JSONField(default=list)  # ids of the findings an approval accepts

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.version}: {self.to_state}"
