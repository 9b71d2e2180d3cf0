"""What the wall and the review are told, and may ask: the shapes of their data blocks and of the API's answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from footage.contract import CameraCondition
from overt.shared.api_types import Utc, UtcAsked
from overt.shared.recordings import CameraNoteOut

#: As typed: a number that is too long is nobody's, like any other that is unknown.
TypedNumber = Annotated[str, Field(min_length=1, max_length=40, description="A camera's number: 127, R2.")]


class ListedCamera(Schema):
    """A camera as the instrument lists it."""

    number: str
    name: str
    kind: str
    town: str
    may_view: bool
    may_review: bool


class CameraNow(Schema):
    """A camera's state as the rails and tiles tell it."""

    number: str
    name: str
    condition: CameraCondition
    since_90k: Utc
    detail: str
    last_picture_90k: Utc | None
    attempts: int
    clock_offset_ms: float | None
    sound: bool = Field(description="Whether sound is recorded now.")
    notes: list[CameraNoteOut]


class RecorderNow(Schema):
    alive: bool
    alarms: list[str]


class EndingHold(Schema):
    """A hold that runs out soon; `tone` is empty or soon."""

    id: UUID
    number: str
    owner: str
    start_90k: Utc
    end_90k: Utc
    expires_90k: Utc
    tone: str


class NoticeOut(Schema):
    """What a room has to say; `tone` is empty, soon or now."""

    heading: str
    title: str
    detail: str
    due_90k: Utc | None
    tone: str
    href: str


class Watcher(Schema):
    """Who looks at these cameras now, since when, and where: numbers of live cameras, or review."""

    name: str
    since_90k: Utc
    at: list[str]


class StateNow(Schema):
    """What the rails and the strip show."""

    now_90k: Utc
    recorder: RecorderNow
    cameras: list[CameraNow]
    holds: list[EndingHold]
    notices: list[NoticeOut]
    watching: list[Watcher]


class CommonData(Schema):
    """What both instruments know from the start."""

    csrf: str
    zone: str
    user: str
    cameras: list[ListedCamera]
    state: StateNow


class WatchData(CommonData):
    """The wall's data block."""

    may_review: bool


class OpenReview(Schema):
    """The review that is open, and where in time its page begins."""

    id: UUID
    reason: str
    opened_90k: Utc
    cameras: list[str]
    at_90k: Utc


class ReviewData(CommonData):
    """The review page's data block."""

    review: OpenReview
    may_hold: bool
    may_seal: bool
    may_watch: bool
    may_hear: bool


class CameraIn(Schema):
    camera: TypedNumber


class Opening(Schema):
    """A live camera's signed address, which dies at `expires` (unix seconds), and under which opening it is renewed."""

    viewing: UUID
    address: str
    expires: int


class LiveAddress(Schema):
    """A fresh address for an opening that goes on."""

    address: str
    expires: int


class ViewingClosed(Schema):
    viewing: UUID


class EntryIn(Schema):
    """A line of the occurrence book, with the camera in hand and the moment looked at."""

    text: str = Field(min_length=1, pattern=r"\S")
    camera: TypedNumber | None = None
    at_90k: UtcAsked | None = None


class EntryWritten(Schema):
    number: int


class TicketIn(Schema):
    camera: TypedNumber
    day: date


class TicketOut(Schema):
    """A signed address for one camera and one of the scheme's days."""

    address: str
    expires: int
    start_90k: Utc
    end_90k: Utc


class ReviewedCamera(Schema):
    number: str
    name: str
