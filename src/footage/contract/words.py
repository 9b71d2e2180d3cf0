"""What each cause of a gap is called, to an operator and to a court: on the time line, on pages, in exhibits."""

from __future__ import annotations

CAUSE_WORDS: dict[str, str] = {
    "camera-lost": "the camera could not be reached",
    "camera-refused": "the camera refused the connection",
    "camera-too-much": "the camera sent more than it may",
    "disk-behind": "the disk was too slow",
    "disk-full": "the disk was full",
    "disk-lost": "the disk was not there",
    "recorder-behind": "the recorder was overloaded or paused",
    "clock-step": "the server's clock was set",
    "node-stopped": "the recorder was not running",
    "operator-stop": "recording was stopped by an operator",
    "maintenance": "maintenance",
    "retention": "deleted at its date by retention",
    "damaged": "the recording is damaged or missing",
    "not-yet-recorded": "the camera was not yet recorded",
    "not-closed": "it was still being recorded",
}


def cause_words(cause: str) -> str:
    """The words for a GapCause; a cause of a later release is read by its name."""
    return CAUSE_WORDS.get(cause, cause.replace("-", " "))
