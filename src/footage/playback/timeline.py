"""What is known of a camera between two moments, as the timeline draws it. The journal answers."""

from __future__ import annotations

from typing import Protocol

from footage.contract import BadSpan, CameraId, Timeline
from footage.times import utc_text


class Journal(Protocol):
    """What is needed of the catalogue here."""

    def timeline(self, camera_id: CameraId, start_90k: int, end_90k: int) -> Timeline: ...


def timeline(journal: Journal, camera_id: CameraId, start_90k: int, end_90k: int) -> Timeline:
    """Any length, past or to come: nothing was recorded in the future, and that is no error. Raises BadSpan."""
    if end_90k <= start_90k:
        raise BadSpan(f"The span ends ({utc_text(end_90k)}) before it starts ({utc_text(start_90k)}).")
    return journal.timeline(camera_id, start_90k, end_90k)
