"""When a still may be made, handed to the police and destroyed, and what is written beneath it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from overt.evidence.errors import CopyIncomplete, WrongMove


class StillState(StrEnum):
    IN_CABINET = "in_cabinet"
    HANDED_TO_POLICE = "handed_to_police"
    DESTROYED = "destroyed"


#: Who may move where, and the clause that wants the arrow.
MOVES: dict[tuple[StillState, StillState], str] = {
    (StillState.IN_CABINET, StillState.HANDED_TO_POLICE): "BASS-9.5.b",
    (StillState.IN_CABINET, StillState.DESTROYED): "BASS-9.5.c",
}

_ASKED = {
    "necessity": "Say why a still is needed, and the recording does not do.",
    "case_reference": "Give the incident, crime or request number it is for.",
    "requester": "Say who asked for it.",
}


def check_move(state: StillState | str, to: StillState) -> None:
    """Raises WrongMove where no clause leads from one state to the other."""
    if (StillState(state), to) not in MOVES:
        raise WrongMove(f"A still that is {StillState(state).value.replace('_', ' ')} stays so.")


def check_making(necessity: str, case_reference: str, requester: str) -> tuple[str, str, str]:
    """What is asked before a still is made. Raises CopyIncomplete with its `field`.

    Source: HERTS-25.1 (reason, incident or request number, authoriser, before), BASS-9.5.a (necessity).
    """
    given = {"necessity": necessity.strip(), "case_reference": case_reference.strip(), "requester": requester.strip()}
    for field, value in given.items():
        if not value:
            raise CopyIncomplete(_ASKED[field], field)
    return given["necessity"], given["case_reference"], given["requester"]


def check_sequence(at_90k: int, start_90k: int, end_90k: int) -> None:
    """Raises CopyIncomplete where the picture does not lie in the sequence it is told to be from."""
    if not start_90k <= at_90k < end_90k:
        raise CopyIncomplete("The picture lies outside that sequence. Give a moment between its start and end.", "at")


def check_destruction(authoriser: str, authorised_on: date | None, today: date) -> None:
    """Raises CopyIncomplete without a name and a day that has come. Source: BASS-9.5.c."""
    if not authoriser.strip():
        raise CopyIncomplete("Give the name of who authorised the destruction.", "authoriser")
    if authorised_on is None or authorised_on > today:
        raise CopyIncomplete("Give the day on which it was authorised, today at the latest.", "authorised_on")


def caption_lines(number: int, scheme: str, camera: str, at: datetime, start: datetime, end: datetime) -> Sequence[str]:
    """What stands beneath every still, in the scheme's zone. Source: HERTS-24.2 (camera, date, time, sequence)."""
    first = f"Camera {camera}"
    moment = f"{at:%a} {at.day} {at:%b %Y} {at:%H:%M:%S}.{at.microsecond // 1000:03d} {at.tzname()}"
    same = start.date() == end.date() == at.date()
    day = "" if same else f"{start.day} {start:%b %Y} "
    last = "" if same else f"{end.day} {end:%b %Y} "
    sequence = f"from the sequence {day}{start:%H:%M:%S} {start.tzname()} to {last}{end:%H:%M:%S} {end.tzname()}"
    return [first, f"{moment}, {sequence}", f"Still {number} of {scheme}"]
