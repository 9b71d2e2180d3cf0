"""The JSON shapes the pages' islands send and get (see urls.py)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from overt.evidence.errors import BadSpan
from overt.evidence.holding import Grounds
from overt.evidence.moments import end_of_day, moment_90k
from overt.evidence.services import ClipWish
from overt.watch.body import BadBody, text_of


def moment_of(body: dict[str, Any], name: str) -> int:
    """A moment as a 90 kHz count from a count or RFC 3339. Raises BadSpan."""
    return moment_90k(body.get(name), what=name)


def reason_of(body: dict[str, Any]) -> str:
    return text_of(body, "reason", required=False)


def grounds_of(body: dict[str, Any]) -> Grounds | None:
    """Why footage is kept, where anything of it is said; None for a mark. Raises BadBody."""
    names = ("ground", "case_reference", "requester")
    said = {name: text_of(body, name, required=False) for name in names}
    review_on = day_of(body, "review_on")
    if not any(said.values()) and review_on is None:
        return None
    return Grounds(**said, review_on=review_on)


def end_of(body: dict[str, Any]) -> datetime | None:
    """The end of the scheme's day after which a hold is over; None where none is given. Raises BadBody."""
    day = day_of(body, "ends_on")
    return None if day is None else end_of_day(day)


def day_of(body: dict[str, Any], name: str) -> date | None:
    text = text_of(body, name, required=False).strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadBody(f"Give {name} as a day, such as 2026-12-20.") from None


def clips_of(body: dict[str, Any]) -> list[ClipWish]:
    """The clips of a sealing. Raises BadBody or BadSpan."""
    clips = body.get("clips")
    if not isinstance(clips, list) or not all(isinstance(clip, dict) for clip in clips):
        raise BadBody("Give clips as a list of {camera, start, end}.")
    if not clips:
        raise BadSpan("Give at least one clip.")
    return [
        ClipWish(text_of(clip, "camera"), moment_of(clip, "start"), moment_of(clip, "end"), _hold_of(clip))
        for clip in clips
    ]


def stills_of(body: dict[str, Any]) -> list[int]:
    """The numbers of stills that are sealed with the clips. Raises BadBody."""
    stills = body.get("stills", [])
    if not isinstance(stills, list) or not all(type(one) is int and 0 < one < 2**31 for one in stills):
        raise BadBody("Give stills as a list of their numbers.")
    return stills


def _hold_of(clip: dict[str, Any]) -> UUID | None:
    given = clip.get("hold_id")
    if given in (None, ""):
        return None
    try:
        return UUID(str(given))
    except ValueError:
        raise BadBody("hold_id is not an id.") from None
