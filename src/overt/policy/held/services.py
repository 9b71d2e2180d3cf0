"""Clocks that are kept: by hand, for a record that no room of the product holds yet, and the code's own review."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from overt.access.doors import need
from overt.access.rules import Act
from overt.clocks import services as clocks
from overt.clocks.errors import ClockError
from overt.clocks.kinds import Kind as ClockKind
from overt.clocks.models import Clock, ClockAnswer
from overt.clocks.questions import Question
from overt.clocks.rules import ClockState
from overt.policy.models import PolicyVersion
from overt.policy.queries import figures_in_force, policy_of, version_in_force
from overt.policy.rules.moves import VersionState
from overt.shared.errors import NotThere

if TYPE_CHECKING:
    from uuid import UUID

    from overt.accounts.models import User

#: What a version's own review runs for: this and its number.
REVIEW_OWNER = "Policy version "
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


def rework_clocks(*, by: User | None = None) -> list[ClockAnswer]:
    """Work every open clock out again with the policy in force; both answers stay. Returns the new ones.

    The code's own review runs as a clock too, from the approval of the version in force. Can run again without harm.
    """
    version = version_in_force()
    if version is None:
        return clocks.recompute_open_clocks(by=by)
    _run_review(version, by)
    return clocks.recompute_open_clocks(figures=figures_in_force(), by=by)


@transaction.atomic
def _run_review(version: PolicyVersion, by: User | None) -> None:
    """The clock of the code's next review, where the code says how often. Source: HERTS-9.3, BASS-2.1.e, SEVEN-SS.5."""
    owner = review_owner(version)
    reviews = Clock.objects.filter(kind=ClockKind.CODE_REVIEW.value)
    if reviews.filter(owner=owner).exists():
        return
    for older in reviews.filter(owner__startswith=REVIEW_OWNER, state=ClockState.OPEN):
        clocks.mark_met(older, by=by)
    months = policy_of(version).value("policy_review_months")
    if months is not None:
        clocks.start_clock(
            Question(ClockKind.CODE_REVIEW, approved_on(version), figures=figures_in_force()), owner=owner, by=by
        )


def approved_on(version: PolicyVersion) -> date:
    """The local day of the approval; of coming into force for a version that was never moved."""
    move = version.moves.filter(to_state=VersionState.APPROVED).last()
    return timezone.localdate(move.at if move else version.effective_from or version.adopted_at)


def review_owner(version: PolicyVersion) -> str:
    """What the clock of a version's review runs for."""
    return f"{REVIEW_OWNER}{version.number}"
