"""The JSON shapes the pages' islands send and get (see urls.py)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from overt.evidence.errors import BadSpan
from overt.evidence.moments import moment_90k
from overt.evidence.services import ClipWish
from overt.evidence.services.holds import Missing
from overt.watch.body import BadBody, text_of


def moment_of(body: dict[str, Any], name: str) -> int:
    """A moment as a 90 kHz count from a count or RFC 3339. Raises BadSpan."""
    return moment_90k(body.get(name), what=name)


def reason_of(body: dict[str, Any]) -> str:
    return text_of(body, "reason", required=False)


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


def _hold_of(clip: dict[str, Any]) -> UUID | None:
    given = clip.get("hold_id")
    if given in (None, ""):
        return None
    try:
        return UUID(str(given))
    except ValueError:
        raise BadBody("hold_id is not an id.") from None


def gap_shape(gap: Missing) -> dict[str, object]:
    return {
        "camera": gap.camera,
        "start": gap.start_90k,
        "end": gap.end_90k,
        "cause": gap.cause,
        "words": gap.words,
        "detail": gap.detail,
    }
