"""What a hold needs before footage may outlive its period: a span, a ground, a case, who asked, a day of review. Pure.

Times are UTC counts of 1/90000 s; spans are half-open. Nothing here reads a clock: `now` is passed in.

A mark of review is one key and asks for nothing. It therefore never reaches past the day on which retention would take
the footage; giving it its ground lifts that limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from overt.evidence.errors import BadGround, BadSpan, GroundMissing, SpanInFuture
from overt.shared.lines import printable

HZ = 90_000
#: A clip longer than this is asked for in parts: a bag a person can carry, and a job that ends within a shift.
LONGEST_CLIP = timedelta(hours=24)
#: Clocks of two machines may differ by this much before "now" on one is the future on the other.
CLOCK_SLACK = timedelta(seconds=5)
#: Where the scheme's code names no grounds.
USUAL_GROUNDS = ("evidence_in_investigation", "case_history")
#: A mark that would end sooner than this protects nothing: its ground is asked for at once.
SHORTEST_MARK = timedelta(hours=1)
#: Grounds on which footage is kept for a while only.
ENDING = frozenset({"police_viewing"})
#: A form's first proposal for the day of review.
USUAL_REVIEW = timedelta(days=28)

_FIELDS = {
    "ground": "Choose the ground on which this footage is kept.",
    "case_reference": "Give the case: a crime, incident or court number.",
    "requester": "Say who wants it kept: a name, with rank and number for an officer.",
    "review_on": "Give the day on which somebody asks whether it is still needed.",
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why footage is kept past its period. `ground` is a code of the policy's hold_grounds."""

    ground: str
    case_reference: str
    requester: str
    review_on: date | None


def grounds_offered(policy: Sequence[str]) -> tuple[str, ...]:
    """The grounds a person chooses from: those of the scheme's code. Source: BASS-1.6.2."""
    return tuple(policy) or USUAL_GROUNDS


def ground_words(code: str) -> str:
    """Evidence in investigation."""
    return code.replace("_", " ").capitalize()


def check_grounds(given: Grounds, allowed: Sequence[str], today: date) -> Grounds:
    """The grounds on single lines. Raises GroundMissing or BadGround, with the `field` it is about.

    The day of review lies ahead. Source: BASS-1.6.2 (ground, case reference, requester and review date).
    """
    clean = Grounds(given.ground.strip(), _line(given.case_reference, 80), _line(given.requester, 120), given.review_on)
    for field, sentence in _FIELDS.items():
        if not getattr(clean, field):
            raise GroundMissing(sentence, field)
    if clean.ground not in allowed:
        raise BadGround(f"This scheme knows no ground {clean.ground!r}. It has: {', '.join(allowed)}.", "ground")
    if clean.review_on is None or clean.review_on <= today:
        raise BadGround("The day of review has to lie ahead.", "review_on")
    return clean


def check_end(ground: str, ends_at: datetime | None, now: datetime) -> None:
    """Raises BadGround for an end that is behind, GroundMissing where a ground needs one; None is no end but a release.

    Source: BASS-8.2.1.2 (held until a day for the police to view, after which it lapses unless renewed).
    """
    if ends_at is None and ground in ENDING:
        words = ground_words(ground)
        raise GroundMissing(f"{words}: give the day until which it is held. It lapses then, unless renewed.", "ends_on")
    if ends_at is not None and ends_at <= now:
        raise BadGround("The hold would be over at once: give an end that lies ahead, or none.", "ends_on")


def period_ends(start_90k_at: datetime, retention_days: int) -> datetime:
    """When retention takes the earliest picture of a span."""
    return start_90k_at + timedelta(days=retention_days)


def mark_ends(now: datetime, days: int, period_ends_at: datetime) -> datetime:
    """When a mark without a ground ends: after the policy's days, and never past the footage's own period.

    Raises GroundMissing where that is behind or within the hour. Source: BASS-1.6.2, BASS-1.6.1.c.
    """
    ends = min(now + timedelta(days=days), period_ends_at)
    if ends < now + SHORTEST_MARK:
        raise GroundMissing(
            "This footage is at the end of its period. To keep it longer say on which ground, for which case, who"
            " asked and when it is reviewed.",
            "ground",
        )
    return ends


def _line(text: str, most: int) -> str:
    return " ".join(printable(text).split())[:most]


class HoldState(StrEnum):
    IN_FORCE = "in force"
    RELEASED = "released"  # somebody let it go, with a reason
    EXPIRED = "expired"  # its day came: BASS-1.6.2, an expired hold releases the footage


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
