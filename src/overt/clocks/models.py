"""Clocks that run for a record, each answer they ever gave, and the holidays the scheme was told of."""

from __future__ import annotations

from typing import Any

from django.db import models

from overt.clocks.calendars import Nation
from overt.clocks.kinds import PROFILES, Kind
from overt.clocks.rules import ClockState
from overt.shared.ids import new_id
from overt.shared.locking import LockQuerySet

_KINDS = [(kind.value, PROFILES[kind].name) for kind in Kind]


class Clock(models.Model):
    """One deadline of one record; a request to several controllers has a clock for each."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40, choices=_KINDS)
    #: Which record it runs for, e.g. "request:SAR-12". No room's table is known here.
    owner = models.CharField(max_length=80, db_index=True)
    #: Whose clock it is where there are several; empty for the scheme's one.
    controller = models.CharField(max_length=200, blank=True)
    question = models.JSONField()  # as stored.question_as_json gives it; the latest one
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ClockState], default=ClockState.OPEN)
    #: The date to act on of the latest answer, for lists; a day as a day, hours as a moment; both null while paused.
    acting_on = models.DateField(null=True)
    acting_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["acting_on", "started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "controller"],
                condition=models.Q(state=ClockState.OPEN),
                name="one_open_clock_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{PROFILES[Kind(self.kind)].name} for {self.owner}"


class ClockAnswer(models.Model):
    """What the clock said on a day, with its working and the versions behind it. Added, never changed."""

    id = models.BigAutoField(primary_key=True)
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="answers")
    answer = models.JSONField()  # as Answer.as_json gives it, the derivation with it
    question = models.JSONField()  # the question that it answers
    rule_version = models.CharField(max_length=40)
    calendar_version = models.CharField(max_length=2000)
    what_changed = models.TextField(blank=True)  # since the answer before; empty for the first
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.clock}: {self.answer.get('acting') or 'no date yet'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("an answer of a clock is never changed: add another")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("an answer of a clock is never removed")


class ProclaimedHoliday(models.Model):
    """A public holiday proclaimed since the kept library's edition, and where it was read."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()
    nation = models.CharField(max_length=30, choices=[(n.value, n.value) for n in Nation])
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=300)
    added_at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True)  # added by mistake, or called off; the row stays
    taken_back_because = models.CharField(max_length=1000, blank=True)

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["day", "added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "nation"],
                condition=models.Q(taken_back_at=None),
                name="one_holiday_a_day_and_nation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day.isoformat()} ({self.nation})"
