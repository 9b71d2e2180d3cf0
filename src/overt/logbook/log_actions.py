"""The logbook's own acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from overt.logbook.actions import action
from overt.logbook.facts import Given


@dataclass(frozen=True, slots=True)
class Searched:
    """What was looked for, each None where it did not matter; whose name was sought is personal content."""

    start: datetime | None = None
    end: datetime | None = None
    action: Given | None = None
    camera: Given | None = None
    subject_kind: Given | None = None
    subject_id: Given | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    search: int  # the number of the entry of the search that was printed
    entries: int


@dataclass(frozen=True, slots=True)
class Exported:
    with_personal: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """Entry -> the fields that went; verify and inspect_offline.py hold what is empty against it."""

    erased: dict[str, tuple[str, ...]]
    due: bool | None = None  # its day had come; None where a person erased it

    @property
    def entries(self) -> int:
        return len(self.erased)


class BreachCause(StrEnum):
    """What the system found to be broken."""

    NOT_AS_WRITTEN = "not-as-written"  # the logbook
    NOT_SIGNED = "not-signed"  # the logbook did not grow from what was signed before
    NOT_AS_RECORDED = "not-as-recorded"  # what is stored of the cameras


@dataclass(frozen=True, slots=True)
class BreachRaised:
    """What the system found; how it put that stands with the breach."""

    kind: str
    cause: BreachCause
    findings: int


@dataclass(frozen=True, slots=True)
class BreachAdded:
    kind: str
    findings: int


@dataclass(frozen=True, slots=True)
class BreachReported:
    detected_at: datetime
    delay_seconds: int


@dataclass(frozen=True, slots=True)
class BreachAnswered:
    kind: str
    outcome: str
    reference: Given


@dataclass(frozen=True, slots=True)
class BreachesListed:
    page: int


@dataclass(frozen=True, slots=True)
class KeyChanged:
    """The lines by which others know the keys, and the last size that the old one signed."""

    old: str
    new: str
    size: int


@dataclass(frozen=True, slots=True)
class Corrected:
    corrects: int
    request: Given | None = None  # the reference of a request for rectification


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    entry: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    sound: bool
    size: int
    findings: int
    root: str
    told: tuple[Finding, ...] | None = None  # the first of them
    signed: int | None = None  # up to which entry a signature vouched for every one

    @property
    def unsigned(self) -> int:
        return 0 if self.signed is None else self.size - self.signed


SEARCHED = action(
    "logbook.searched",
    "Logbook searched",
    Searched,
    line="[from {start}][ before {end}][ for {action}][ of camera {camera}][ about {subject_kind}][ {subject_id}]",
)
OPENED = action("logbook.entry.opened", "Logbook entry opened")
PRINTED = action("logbook.printed", "Logbook printed", Printed, line="{entries:count entry/entries}")
EXPORTED = action(
    "logbook.exported",
    "Logbook exported",
    Exported,
    line="{with_personal:with|without} names and reasons",
)
ERASED = action(
    "logbook.personal.erased",
    "Personal content erased",
    Erased,
    line="of {entries:count entry/entries}[, {due:its day had come|}]",
)
BREACH_RAISED = action(
    "logbook.breach.raised", "Breach raised", BreachRaised, line="{kind:words} {cause:words}: {findings:count finding}"
)
BREACH_REPORTED = action(
    "logbook.breach.reported",
    "Breach reported",
    BreachReported,
    line="noticed {detected_at}[, {delay_seconds:duration} earlier]",
)
BREACH_ADDED = action(
    "logbook.breach.added", "More found of a breach", BreachAdded, line="{kind:words}: {findings:count finding}"
)
BREACH_ANSWERED = action(
    "logbook.breach.answered",
    "Breach answered",
    BreachAnswered,
    line="[{outcome:words}][, {reference}]",
)
BREACHES_LISTED = action("logbook.breaches.listed", "Breaches looked at", BreachesListed, line="page {page}")
KEY_CHANGED = action(
    "logbook.key.changed", "Key of the logbook changed", KeyChanged, line="at {size:count entry/entries}"
)
CORRECTED = action("logbook.entry.corrected", "Entry corrected", Corrected, line="[request {request}]")
CHECKED = action(
    "logbook.checked",
    "Logbook checked from end to end",
    Checked,
    line="{size:count entry/entries}: {sound:sound|damaged}[, {findings:count finding}][, {unsigned} not signed yet]",
)
