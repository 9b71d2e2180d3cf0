"""What this room writes into the logbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from overt.access.rules import Role
from overt.logbook.actions import action
from overt.logbook.facts import Given


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role and over what: a partner's cameras, a group's, or everything. Whose it is, is personal content."""

    role: Role
    partner: UUID | None
    group: UUID | None
    starts: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class RoleConfirmed:
    role: Role


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody tried: the route's pattern, not the address, which may name what is not to be known."""

    path: str
    method: str
    code: str


@dataclass(frozen=True, slots=True)
class Inspected:
    path: Given


GRANT_GIVEN = action("access.grant.given", "Role given", RoleHeld, line="{role:words}[, until {until}]")
GRANT_WITHDRAWN = action("access.grant.withdrawn", "Role withdrawn", RoleHeld, line="{role:words}")
GRANT_CONFIRMED = action("access.grant.confirmed", "Role confirmed as still needed", RoleConfirmed, line="{role:words}")
REFUSED = action("access.refused", "Attempt refused", Attempt, line="{method} {path}: {code:words}")
INSPECTED = action("access.inspected", "Page opened by an inspector", Inspected, line="{path}")
