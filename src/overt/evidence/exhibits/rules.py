"""The states of an exhibit with their moves, what a reference must be, and how long a master stays. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from overt.evidence.errors import BadReference, WrongMove

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


def check_shape(reference: str, shape: str) -> None:
    """Raises BadReference where a kept reference has not the scheme's shape (a regular expression for all of it)."""
    if not re.fullmatch(shape, reference):
        raise BadReference(
            f"{reference} has not the shape of this scheme's references, such as JD-7: initials of the person who"
            " produces it, and a number. It could not be changed once it is sealed."
        )


def following(reference: str, used: Collection[str]) -> str:
    """The next reference that is not used: its last number counted on (JD-7: JD-8). Empty for one without."""
    match = re.fullmatch(r"(.*?)([0-9]{1,9})", reference)
    if match is None:
        return ""
    number = int(match[2]) + 1
    while f"{match[1]}{number}" in used:
        number += 1
    return f"{match[1]}{number}"


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
