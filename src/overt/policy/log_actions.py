"""What this room writes into the logbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from overt.logbook.actions import action


@dataclass(frozen=True, slots=True)
class VersionMoved:
    """A version after a move, and the hash that fixes its document."""

    version: int
    sha256: str
    accepted: tuple[str, ...] | None = None  # findings that stay, knowingly; None for none
    copied_from: str | None = None  # the scheme whose policy a draft began as
    effective_from: datetime | None = None


_VERSION = "version {version}"

DRAFTED = action(
    "policy.version.drafted", "Policy drafted", VersionMoved, line="version {version}[, from {copied_from}]"
)
CHANGED = action("policy.version.changed", "Policy draft changed", VersionMoved, line=_VERSION)
CONSULTED = action("policy.version.consulted", "Policy consulted on", VersionMoved, line=_VERSION)
REOPENED = action("policy.version.reopened", "Policy taken back to draft", VersionMoved, line=_VERSION)
APPROVED = action(
    "policy.version.approved",
    "Policy approved",
    VersionMoved,
    line="version {version}[, with these findings: {accepted}]",
)
IN_FORCE = action(
    "policy.version.put_in_force",
    "Policy put in force",
    VersionMoved,
    line="version {version}[, from {effective_from}]",
)
WITHDRAWN = action("policy.version.withdrawn", "Policy version withdrawn", VersionMoved, line=_VERSION)
