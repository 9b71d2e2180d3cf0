"""What reading, correcting and checking the logbook leaves in it.

The names say `logbook`, the room in which these acts were first done: an entry stays for ever, and so does its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
CORRECTED = action("logbook.entry.corrected", "Entry corrected", Corrected, line="[request {request}]")
CHECKED = action(
    "logbook.checked",
    "Logbook checked from end to end",
    Checked,
    line="{size:count entry/entries}: {sound:sound|damaged}[, {findings:count finding}][, {unsigned} not signed yet]",
)
