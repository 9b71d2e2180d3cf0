"""The life of a policy version: its states, the moves between them with their clauses, and who may make them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum

from overt.policy.rules.errors import BadPolicy
from overt.policy.rules.findings import Finding
from overt.shared.errors import BadInput, Refused


class VersionState(StrEnum):
    DRAFT = "draft"
    CONSULTED = "consulted"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


#: Move -> the clauses that ask for it. A version that was approved is never edited; a new one is drafted.
MOVES: dict[tuple[VersionState, VersionState], tuple[str, ...]] = {
    (VersionState.DRAFT, VersionState.CONSULTED): ("HERTS-9.1", "BASS-2.1.a", "PROG-6.1"),
    (VersionState.CONSULTED, VersionState.DRAFT): ("BASS-2.1.a",),  # changed after consultation: consult again
    (VersionState.CONSULTED, VersionState.APPROVED): ("HERTS-9.1", "BASS-2.1.a", "BASS-A.1.4"),
    (VersionState.DRAFT, VersionState.APPROVED): ("BASS-2.1.c", "BASS-2.1.d"),  # a minor change
    (VersionState.APPROVED, VersionState.IN_FORCE): ("HERTS-0.1", "HERTS-9.2"),
    (VersionState.DRAFT, VersionState.WITHDRAWN): ("BASS-0.1",),
    (VersionState.CONSULTED, VersionState.WITHDRAWN): ("BASS-0.1",),
    (VersionState.APPROVED, VersionState.WITHDRAWN): ("BASS-0.1",),
}

#: What a policy has to fix before it can be in force: without these the recorder has no order to give.
ESSENTIAL = ("retention_days",)


class WrongMove(BadInput):
    """The version is not in a state from which this can be done."""

    code = "policy-wrong-move"
    status = 409


class NotYourApproval(Refused):
    """Whoever wrote a version does not approve it."""

    code = "policy-own-approval"


class NotConsulted(BadInput):
    """A major change goes through consultation first."""

    code = "policy-not-consulted"
    status = 409


class OpenErrors(BadInput):
    """The linter found errors that nobody has accepted by name."""

    code = "policy-open-errors"
    field = "accepted"


class BeyondClause(BadInput):
    """A setting goes beyond the clause that it names."""

    code = "policy-beyond-clause"
    status = 409


class BadDay(BadInput):
    """The day from which it is to be in force cannot be."""

    code = "policy-bad-day"
    field = "effective_from"


def check_move(state: str, to: VersionState) -> None:
    """Raises WrongMove unless the table has this move. Source: HERTS-9.1, BASS-2.1.a, BASS-2.1.d."""
    if (VersionState(state), to) not in MOVES:
        words = f"This version is {state.replace('_', ' ')}"
        raise WrongMove(f"{words}; it cannot become {to.value.replace('_', ' ')}.")


def check_approval(
    state: str, major: Collection[str], wrote: bool, errors: Iterable[Finding], accepted: Collection[str]
) -> None:
    """Raises WrongMove, NotYourApproval, NotConsulted, BeyondClause or OpenErrors.

    Two people: the one who wrote it and the one who answers for it. A major change is consulted on first. Errors
    are mended, or accepted one by one with a reason that stays.
    Source: HERTS-9.1, BASS-2.1.a, BASS-2.1.d, BASS-A.1.4 (manager and owner agree).
    """
    check_move(state, VersionState.APPROVED)
    if wrote:
        raise NotYourApproval("You wrote this version. Somebody else who answers for the scheme approves it.")
    if major and state == VersionState.DRAFT:
        names = ", ".join(list(major)[:5]) + (" and others" if len(major) > 5 else "")
        raise NotConsulted(f"This is a major change ({names}). It needs consultation before it can be approved.")
    found = list(errors)
    check_limits(found)
    left = [finding.id for finding in found if finding.id not in accepted]
    if left:
        raise OpenErrors(f"The check finds errors: {', '.join(left)}. Mend them, or accept each by name with a reason.")


def check_limits(errors: Iterable[Finding]) -> None:
    """Raises BeyondClause where an error cannot be accepted. Source: PROG-4.2.10 (values above are refused)."""
    says = [f"{finding.says} {finding.fix}" for finding in errors if finding.final]
    if says:
        raise BeyondClause(" ".join(says))


def check_start(silent: Collection[str], effective_from: datetime, now: datetime, latest: datetime | None) -> None:
    """Raises BadPolicy where an essential setting is silent, BadDay for a day that is past or not after the latest.

    A version never reaches back: what was done under the old one was done under the old one. Source: HERTS-0.1.
    """
    if silent:
        raise BadPolicy(f"A policy silent on {', '.join(silent)} cannot be in force: nothing could be deleted by it.")
    if effective_from < now:
        raise BadDay("It cannot be in force from a moment that has passed.")
    if latest is not None and effective_from <= latest:
        raise BadDay("A later version is already to be in force by then. Choose a moment after it.")
