"""The states of exhibits and holds with their moves, and what a reference, a span and a reason must be. Pure.

Times are UTC counts of 1/90000 s; spans are half-open. Nothing here reads a clock: `now` is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from overt.evidence.errors import BadReference, BadSpan, ReasonMissing, ReasonRequired, SpanInFuture, WrongMove
from overt.shared.lines import printable

HZ = 90_000
#: A clip longer than this is asked for in parts: a bag a person can carry, and a job that ends within a shift.
LONGEST_CLIP = timedelta(hours=24)
#: Clocks of two machines may differ by this much before "now" on one is the future on the other.
CLOCK_SLACK = timedelta(seconds=5)

_REFERENCE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
# Windows keeps these names for devices: a folder of such a name can be written by us and opened by nobody.
# The first ones are addresses of this room's own pages.
_RESERVED = {
    "MARK",
    "SEAL",
    "HOLDS",
    "REGISTER",
    "PLACES",
    "STILLS",
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10)),
}


class ExhibitState(StrEnum):
    OPEN = "open"  # a reference and its spans; nothing is written yet
    SEALING = "sealing"  # a job cuts, bags and signs
    SEALED = "sealed"  # the bag is signed; only copies are made from here on
    FAILED = "failed"  # the job could not finish; it may be tried again


#: Who may move where, and the clause that wants the arrow.
MOVES: dict[tuple[ExhibitState, ExhibitState], str] = {
    (ExhibitState.OPEN, ExhibitState.SEALING): "HERTS-24.4",  # evidential material becomes an exhibit, by reference
    (ExhibitState.SEALING, ExhibitState.SEALED): "BASS-1.6.3.a",  # master and working copy, equal hashes
    (ExhibitState.SEALING, ExhibitState.FAILED): "BASS-9.1.b",  # complete or not at all
    (ExhibitState.FAILED, ExhibitState.SEALING): "BASS-9.1.b",
}


class HoldState(StrEnum):
    IN_FORCE = "in force"
    RELEASED = "released"  # somebody let it go, with a reason
    EXPIRED = "expired"  # its day came: BASS-1.6.2, an expired hold releases the footage


def check_move(state: ExhibitState | str, to: ExhibitState) -> None:
    """Raises WrongMove where no clause leads from one state to the other."""
    if (ExhibitState(state), to) not in MOVES:
        raise WrongMove(f"An exhibit that is {ExhibitState(state).value} cannot become {to.value}.")


def clean_reference(text: str) -> str:
    """The reference as it is kept: upper case, hyphens for slashes and spaces. Raises BadReference.

    Police write `JD/7`; a folder on a Windows computer cannot be called that, so it is kept as `JD-7`.
    """
    reference = re.sub(r"[\s/_]+", "-", text.strip()).upper()
    if not _REFERENCE.fullmatch(reference) or len(reference) > 32 or reference in _RESERVED:
        raise BadReference(
            "Give a reference of letters, digits and single hyphens, at most 32 long, for example JD-7:"
            " initials of the person who produces it, and a number."
        )
    return reference


def check_span(start_90k: int, end_90k: int, now_90k: int) -> None:
    """Raises BadSpan for a span that ends before it starts or is too long, SpanInFuture for one past now."""
    if start_90k < 0 or end_90k > 2**53:
        raise BadSpan("The times lie outside what a clip can have.")
    if end_90k <= start_90k:
        raise BadSpan("The span ends before it starts. Give an end that is later than the start.")
    if end_90k > now_90k + int(CLOCK_SLACK.total_seconds()) * HZ:
        raise SpanInFuture("The span ends in the future. Only what is recorded can be kept: end it at the present.")
    if end_90k - start_90k > int(LONGEST_CLIP.total_seconds()) * HZ:
        raise BadSpan("One clip is at most 24 hours long. Give the time in several clips.")


def check_reason(act: str, reason: str, asked_for: Collection[str]) -> str:
    """The reason without outer spaces. Raises ReasonMissing where the policy asks for one and there is none.

    Source: BASS-1.6.2 (a hold without a ground is refused), HERTS-16.1.
    """
    clean = reason.strip()
    if not clean and act in asked_for:
        raise ReasonMissing("Say why: this scheme's policy asks for a reason, and it is written in the logbook.")
    return clean[:500]


def check_export_reason(reason: str, *, asked_for: bool) -> str:
    """The reason on one line. Raises ReasonRequired where the policy asks why a bag leaves and none is given.

    Source: BASS-9.1.b (continuity to the handover).
    """
    clean = printable(reason).strip()
    if not clean and asked_for:
        raise ReasonRequired("Say why the bag leaves: this scheme's policy asks, and it is written in the logbook.")
    return clean[:500]


def hold_expires(now: datetime, days: int) -> datetime:
    """When a hold made by marking ends, unless it is sealed or renewed: `days` of 24 hours after now."""
    return now + timedelta(days=days)


def hold_state(released_at: datetime | None, expires_at: datetime | None, now: datetime) -> HoldState:
    """What a hold is at a moment; a hold ends at its expiry, not after it."""
    if released_at is not None:
        return HoldState.RELEASED
    if expires_at is not None and expires_at <= now:
        return HoldState.EXPIRED
    return HoldState.IN_FORCE


def keep_until(sealed_at: datetime, years: int | None) -> datetime | None:
    """The day until which a master stays: `years` after sealing; 29 February becomes 28 February. None stays for ever.

    Source: BASS-1.6.3.c; the corresponding date rule, as the clock `evidence-master` counts.
    """
    if years is None:  # the scheme's code is silent: nobody may destroy it until somebody decides
        return None
    try:
        return sealed_at.replace(year=sealed_at.year + years)
    except ValueError:
        return sealed_at.replace(year=sealed_at.year + years, day=28)
