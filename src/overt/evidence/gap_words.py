"""What each cause of a gap is called, to an operator and to a court."""

from __future__ import annotations

from footage.contract import GapCause

WORDS: dict[str, str] = {
    GapCause.CAMERA_LOST: "the camera could not be reached",
    GapCause.CAMERA_REFUSED: "the camera refused the connection",
    GapCause.CAMERA_TOO_MUCH: "the camera sent more than it may",
    GapCause.DISK_BEHIND: "the disk was too slow",
    GapCause.DISK_FULL: "the disk was full",
    GapCause.RECORDER_BEHIND: "the recorder was overloaded or paused",
    GapCause.CLOCK_STEP: "the server's clock was set",
    GapCause.NODE_STOPPED: "the recorder was not running",
    GapCause.OPERATOR_STOP: "recording was stopped by an operator",
    GapCause.MAINTENANCE: "maintenance",
    GapCause.RETENTION: "deleted at its date by retention",
    GapCause.DAMAGED: "the recording is damaged or missing",
}


def gap_words(cause: str) -> str:
    return WORDS.get(cause, cause.replace("-", " "))
