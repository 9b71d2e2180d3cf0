"""What this room writes into the logbook.

The names say `logbook`, the room in which these acts were first done: an entry stays for ever, and so does its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from overt.logbook.actions import action
from overt.logbook.facts import Given


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
