"""The acts of this room, as the logbook knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from overt.logbook.actions import action
from overt.logbook.facts import Given


class SupervisionEnd(StrEnum):
    """Why an engineer's supervised playback was over."""

    REPLACED = "replaced"  # by another supervision
    BY_SUPERVISOR = "by-supervisor"
    SUPERVISOR_GONE = "supervisor-gone"  # signed out
    TIME = "time"
    VOID = "void"  # a role or the policy has it no longer


@dataclass(frozen=True, slots=True)
class LiveOpened:
    viewing: UUID


@dataclass(frozen=True, slots=True)
class LiveClosed:
    viewing: UUID
    seconds: int
    lapsed: bool  # the page went away without a word


@dataclass(frozen=True, slots=True)
class FootageServed:
    """What of a camera left the gateway for one opening or review: of live pictures, when they were sent."""

    look: UUID
    live: bool
    start_90k: int
    end_90k: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ReviewOpened:
    cameras: tuple[str, ...]  # their numbers
    day: date
    supervised: UUID | None  # the supervision under which an engineer looks


@dataclass(frozen=True, slots=True)
class ReviewCameraAdded:
    camera: str
    supervised: UUID | None


@dataclass(frozen=True, slots=True)
class ReviewDayAdded:
    day: date
    supervised: UUID | None


@dataclass(frozen=True, slots=True)
class ReviewClosed:
    seconds: int
    lapsed: bool  # nobody used it any more
    supervised: UUID | None


@dataclass(frozen=True, slots=True)
class ReviewsListed:
    page: int
    incomplete: bool


@dataclass(frozen=True, slots=True)
class SupervisedAllowed:
    cameras: tuple[str, ...]
    minutes: int
    fault: Given


@dataclass(frozen=True, slots=True)
class SupervisedEnded:
    because: SupervisionEnd
    seconds: int
    reviews: int


@dataclass(frozen=True, slots=True)
class FootageChecked:
    began: datetime
    segments: int
    bytes: int
    damaged: int


@dataclass(frozen=True, slots=True)
class FootageDamaged:
    path: Given
    finding: str
    start_90k: int
    end_90k: int
    breach: int


@dataclass(frozen=True, slots=True)
class EntryWritten:
    """What was written is personal content."""

    at_90k: int | None  # the moment of a recording that was being looked at


_AFTER = "after {seconds:duration}[, {lapsed:left alone|}]"

LIVE_OPENED = action("watch.live.opened", "Live picture opened", LiveOpened, line="")
LIVE_CLOSED = action("watch.live.closed", "Live picture closed", LiveClosed, line=_AFTER)
FOOTAGE_SERVED = action(
    "watch.footage.served",
    "Pictures were sent",
    FootageServed,
    line="{live:live|recorded}: {start_90k:90k} to {end_90k:90k}, {bytes:size}",
)
REVIEW_OPENED = action("watch.review.opened", "Review of recordings opened", ReviewOpened, line="{camera_names}: {day}")
REVIEW_CAMERA_ADDED = action(
    "watch.review.camera_added", "Camera added to a review", ReviewCameraAdded, line="camera {camera}"
)
REVIEW_DAY_ADDED = action("watch.review.day_added", "Review went on to another day", ReviewDayAdded, line="{day}")
REVIEW_CLOSED = action("watch.review.closed", "Review of recordings closed", ReviewClosed, line=_AFTER)
REVIEW_RESULT = action("watch.review.result_written", "Result of a review written down")
REVIEWS_LISTED = action(
    "watch.reviews.listed",
    "Register of reviews looked at",
    ReviewsListed,
    line="page {page}[, {incomplete:those without a result|}]",
)
SUPERVISED_ALLOWED = action(
    "watch.supervised.allowed",
    "Engineer let look at recordings under supervision",
    SupervisedAllowed,
    line="{camera_names}, for {minutes:count minute}[, fault {fault}]",
)
SUPERVISED_ENDED = action(
    "watch.supervised.ended",
    "Engineer's supervised look at recordings ended",
    SupervisedEnded,
    line="after {seconds:duration}, {reviews:count review} ({because:words})",
)
FOOTAGE_CHECKED = action(
    "watch.footage.checked",
    "Everything stored was read and checked",
    FootageChecked,
    line="{segments:count file}, {bytes:size}[, {damaged:count file} damaged]",
)
FOOTAGE_DAMAGED = action(
    "watch.footage.damaged",
    "Recording found damaged or missing",
    FootageDamaged,
    line="{finding:words}: {path}, from {start_90k:90k}",
)
ENTRY_WRITTEN = action("watch.entry.written", "Entry written", EntryWritten, line="[at a recording of {at_90k:90k}]")
