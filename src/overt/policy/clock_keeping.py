"""Keeping a clock by hand: from the calculator, for a record that no room of the product holds yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from overt.access.doors import need
from overt.access.rules import Act
from overt.clocks import services as clocks
from overt.clocks.errors import ClockError
from overt.clocks.models import Clock, ClockAnswer
from overt.clocks.questions import Question
from overt.policy.services import REVIEW_OWNER
from overt.shared.errors import NotThere

if TYPE_CHECKING:
    from uuid import UUID

    from overt.accounts.models import User

_LONGEST_REFERENCE = 80


class NoSuchClock(NotThere):
    """There is no such clock kept."""

    def __init__(self) -> None:
        super().__init__("There is no such clock, or it is not yours to see.")


def clocks_for(user: User) -> QuerySet[Clock]:
    """Every clock kept. The logbook tells of each, so who reads the whole of it may see them. Raises NotYours."""
    need(user, Act.READ_LOGBOOK, everywhere=True)
    return Clock.objects.prefetch_related("answers")


def access_clock(user: User, key: UUID) -> Clock:
    """One clock. Raises NotYours, NoSuchClock."""
    found = clocks_for(user).filter(pk=key).first()
    if found is None:
        raise NoSuchClock
    return found


def keep_clock(question: Question, *, reference: str, by: User, controller: str = "") -> Clock:
    """Keep a clock from now on, under the reference of what it runs for. Raises NotYours, ClockError.

    Source: BASS-8.9.f (the clock, its pauses and what they wait for are stored).
    """
    need(by, Act.KEEP_CLOCK, everywhere=True)
    owner = " ".join(reference.split())
    if not owner or len(owner) > _LONGEST_REFERENCE:
        raise ClockError("Give the reference of what it runs for, such as SAR-12.", field="reference")
    if owner.lower().startswith(REVIEW_OWNER.lower()):
        raise ClockError("The policy's own clock is named so. Give another reference.", field="reference")
    return clocks.start_clock(question, owner=owner, controller=" ".join(controller.split()), by=by)


def answer_clock_again(clock: Clock, question: Question, *, by: User) -> ClockAnswer:
    """Work a kept clock out again with what is known now. Raises NotYours, ClockError."""
    need(by, Act.KEEP_CLOCK, everywhere=True)
    return clocks.answer_again(clock, question=question, by=by)


def meet_clock(clock: Clock, *, by: User) -> Clock:
    """What was due was done."""
    need(by, Act.KEEP_CLOCK, everywhere=True)
    return clocks.mark_met(clock, by=by)


def close_clock(clock: Clock, *, reason: str, by: User) -> Clock:
    """What was due fell away."""
    need(by, Act.KEEP_CLOCK, everywhere=True)
    return clocks.close_clock(clock, by=by, reason=reason)
