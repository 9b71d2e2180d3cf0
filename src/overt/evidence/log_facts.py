"""What the acts of this room leave in the logbook for ever: no sentence, and nothing about a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from overt.evidence.copies.rules import medium_words
from overt.logbook.facts import Given


@dataclass(frozen=True, slots=True)
class FootageHeld:
    """A span of one camera that retention leaves alone, and on what ground."""

    camera: str
    start: datetime
    end: datetime
    until: datetime | None  # None until it is released
    ground: str | None
    case: Given | None
    review_on: date | None

    @property
    def span(self) -> tuple[datetime, datetime]:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Clip:
    camera_id: UUID
    camera: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ClipHeld(Clip):
    hold: UUID


@dataclass(frozen=True, slots=True)
class Sealing:
    """A sealing begun, or begun again (then without clips: they stand in the first entry)."""

    reference: str
    clips: tuple[ClipHeld, ...]

    @property
    def clip_count(self) -> int:
        return len(self.clips)


@dataclass(frozen=True, slots=True)
class Sealed:
    """From here on the content is fixed: the hash is of its manifest."""

    reference: str
    manifest_sha512: str
    files: int
    bytes: int
    gaps: int


@dataclass(frozen=True, slots=True)
class Signed:
    reference: str
    tagmanifest_sha512: str
    key: str  # the fingerprint
    time_stamped_at: datetime | None

    @property
    def stamped(self) -> bool:
        return self.time_stamped_at is not None


@dataclass(frozen=True, slots=True)
class SealingFailed:
    reference: str
    code: str


@dataclass(frozen=True, slots=True)
class ExhibitLookedAt:
    reference: str


@dataclass(frozen=True, slots=True)
class RegisterSearched:
    """The words that were sought are personal content: they may be a name."""

    state: str | None


@dataclass(frozen=True, slots=True)
class HoldsLookedAt:
    holds: int


@dataclass(frozen=True, slots=True)
class CopiesLookedAt:
    copies: int


@dataclass(frozen=True, slots=True)
class StillsLookedAt:
    stills: int


@dataclass(frozen=True, slots=True)
class FormLookedAt:
    reference: str
    copy: int
    form_sha512: str


class Paper(StrEnum):
    LABELS = "labels"
    LABEL = "label"
    RELEASE_FORM = "release-form"
    CONTINUITY_SHEET = "continuity-sheet"


@dataclass(frozen=True, slots=True)
class Printed:
    reference: str
    paper: Paper
    copy: int | None  # None for a paper of the whole exhibit


@dataclass(frozen=True, slots=True)
class Wrong:
    path: Given
    code: str


@dataclass(frozen=True, slots=True)
class Verified:
    """`findings` are the first; `found` is how many there were."""

    reference: str
    answer: str
    findings: tuple[Wrong, ...]
    found: int

    @property
    def good(self) -> bool:
        return self.answer == "good"


@dataclass(frozen=True, slots=True)
class BagLeft:
    """A bag that went out: whose pictures, from when to when, as which copy."""

    reference: str
    bytes: int
    clips: tuple[Clip, ...]
    copy: int

    @property
    def numbers(self) -> tuple[str, ...]:
        """The cameras' numbers, each once."""
        return tuple(dict.fromkeys(clip.camera for clip in self.clips))


@dataclass(frozen=True, slots=True)
class CopyAct:
    """Which copy; its content is told by the hash of its bag."""

    reference: str
    copy: int
    kind: str
    medium: str
    tagmanifest_sha512: str

    @property
    def medium_words(self) -> str:
        return medium_words(self.medium)


@dataclass(frozen=True, slots=True)
class CopyMade(CopyAct):
    medium_number: Given


@dataclass(frozen=True, slots=True)
class CopyMoved(CopyAct):
    """Into a storage location or out of it, which opens the place; `new_seal` is empty for one with a lock."""

    place: Given
    new_seal: Given


@dataclass(frozen=True, slots=True)
class CopyTested(CopyAct):
    """What opening it gave; `files` and `pictures` are counted where it is good. `played`: a person saw it play."""

    answer: str
    files: int | None
    pictures: int | None
    played: bool


@dataclass(frozen=True, slots=True)
class CopyHandedOver(CopyAct):
    """From here the copy's continuity is the body's that received it. Who signed is personal content."""

    body: Given
    delivery: str
    form_sha512: str
    master_decided: bool  # a manager decided that a master leaves


@dataclass(frozen=True, slots=True)
class CopyDestroyed(CopyAct):
    method: Given


@dataclass(frozen=True, slots=True)
class StillAct:
    camera: str
    start: datetime
    end: datetime
    at: datetime  # of the picture
    still: int


@dataclass(frozen=True, slots=True)
class StillMade(StillAct):
    case: Given
    sha512: str
    place: Given


@dataclass(frozen=True, slots=True)
class StillHandedOver(StillAct):
    authority_rank: str
    authority_sha512: str


@dataclass(frozen=True, slots=True)
class StillDestroyed(StillAct):
    authorised_on: date | None


@dataclass(frozen=True, slots=True)
class LocationKept:
    """A storage location as it stands; who may open it is personal content."""

    place: Given
    security: str
    keepers: int


@dataclass(frozen=True, slots=True)
class LocationOpened:
    place: Given
    new_seal: Given
