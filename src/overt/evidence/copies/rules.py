"""The states of a copy of an exhibit, and what its making, its handover and its end need. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from overt.evidence.errors import CopyGone, CopyIncomplete, MasterStays, NotOpened, WrongMove


class CopyKind(StrEnum):
    MASTER = "master"
    WORKING = "working"


class CopyState(StrEnum):
    KEPT = "kept"  # in the room: on the server, or in its storage location
    OUT = "out"  # taken out of its storage location
    HANDED_OVER = "handed over"
    DESTROYED = "destroyed"


#: Who may move where, and the clause that wants the arrow. A copy that was handed over comes back only where the
#: scheme's code lets it: check_return decides.
MOVES: dict[tuple[CopyState, CopyState], str] = {
    (CopyState.KEPT, CopyState.OUT): "BASS-9.3.2",
    (CopyState.OUT, CopyState.KEPT): "BASS-9.3.3",
    (CopyState.KEPT, CopyState.HANDED_OVER): "BASS-9.3.5",
    (CopyState.OUT, CopyState.HANDED_OVER): "BASS-9.3.5",
    (CopyState.HANDED_OVER, CopyState.KEPT): "BASS-9.3.3",
    (CopyState.KEPT, CopyState.DESTROYED): "BASS-9.3.6",
    (CopyState.OUT, CopyState.DESTROYED): "BASS-9.3.6",
    (CopyState.HANDED_OVER, CopyState.DESTROYED): "BASS-9.3.6",
}

SERVER = "server"
DOWNLOAD = "download"
#: Where the scheme's code names no media.
USUAL_MEDIA = ("disc", "encrypted_usb_stick", "encrypted_usb_drive")
DELIVERIES = ("in_person", "tracked_post", "courier")

_ASKED = {
    "name": "Say who receives it.",
    "body": "Say for whom: the police force, the court, the company.",
    "number": "Give the collar or staff number, or the number of the identity paper that was shown.",
    "delivery": "Say how it is handed over.",
    "purpose": "Say what it is for.",
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a copy, how and what for; every field is filled. Source: BASS-9.3.5, HERTS-24.6, HERTS-24.7."""

    name: str
    body: str
    number: str
    delivery: str
    purpose: str


def check_move(state: CopyState | str, to: CopyState) -> None:
    """Raises WrongMove where no clause leads from one state to the other."""
    if (CopyState(state), to) not in MOVES:
        raise WrongMove(f"A copy that is {CopyState(state).value} cannot be {to.value}.")


def check_handover(
    kind: CopyKind | str,
    medium: str,
    test_answer: str,
    recipient: Recipient,
    *,
    terms: bool,
    signed: bool,
    decided: bool = False,
) -> None:
    """Raises MasterStays, WrongMove, NotOpened or CopyIncomplete (with its `field`) where it may not leave.

    `decided`: a manager has written down why a master leaves. Source: BASS-1.6.3.b (only a working copy is handed over,
    unless the manager decides), BASS-1.6.4.b (it was opened before), HERTS-24.6
    (every field, and the signature).
    """
    if kind != CopyKind.WORKING and not decided:
        raise MasterStays("The master stays. Make a working copy and hand that over; or a manager decides otherwise.")
    if medium == SERVER:
        raise WrongMove("This copy lies on the server. Make a copy on a disc or stick and hand that over.")
    if test_answer != "good":
        raise NotOpened("This copy was not opened and found whole yet. Test it from the disc or stick first.")
    for field in fields(recipient):
        if not str(getattr(recipient, field.name)).strip():
            raise CopyIncomplete(_ASKED[field.name], field.name)
    if not terms:
        raise CopyIncomplete("Whoever receives it has to accept the terms of the release form.", "terms")
    if not signed:
        raise CopyIncomplete("Add the release form as it was signed: a scan or a photograph of it.", "signed_form")


def check_file_only(medium: str, link_delivery: object) -> None:
    """Raises WrongMove for a file on no medium, where this scheme delivers nothing by a link."""
    if medium == DOWNLOAD and link_delivery == "off":
        raise WrongMove("This is a file only. Delivery by a link is off in this scheme: make a copy on a medium.")


def check_return(may_return: object) -> None:
    """Raises CopyGone where this scheme's code does not let a released copy back, or is silent. Source: HERTS-24.5."""
    if may_return is not True:
        raise CopyGone(
            "A copy that has left is not booked in again: from its handover nobody here can vouch for it. Make a new"
            " copy, under a new number."
        )


def media_offered(rows: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """The media a copy may be written to: those of the scheme's code."""
    return tuple(str(row["medium"]) for row in rows) or USUAL_MEDIA


@dataclass(frozen=True, slots=True)
class Medium:
    """What a copy is written to: its code in the policy, its own number, and which officer brought it."""

    code: str = DOWNLOAD
    number: str = ""
    supplier: str = ""
    supplier_number: str = ""


def check_medium(medium: Medium, rows: Sequence[Mapping[str, object]]) -> None:
    """Raises CopyIncomplete where the code does not have the medium, or wants it supplied by another and by whom.

    Source: BASS-1.6.4.a, BASS-1.6.4.c (the police bring the drives: officer and serial number), HERTS-24.4.
    """
    offered = media_offered(rows)
    if medium.code not in offered:
        raise CopyIncomplete(f"This scheme's code has no medium {medium.code!r}: {', '.join(offered)}.", "medium")
    if not medium.number.strip():
        sentence = "Give the number on the disc, the serial number of the stick or that of the package."
        raise CopyIncomplete(sentence, "medium_number")
    wants = next((str(row.get("supplied_by") or "") for row in rows if row["medium"] == medium.code), "")
    if wants and not (medium.supplier.strip() and medium.supplier_number.strip()):
        raise CopyIncomplete(
            f"In this scheme the {wants} bring this medium themselves. Say which officer brought it, with the number.",
            "supplier",
        )


def medium_words(code: str) -> str:
    """Encrypted USB stick."""
    words = code.replace("_", " ").replace("usb", "USB").replace("dvd", "DVD").replace(" cd", " or CD")
    return words[:1].upper() + words[1:]
