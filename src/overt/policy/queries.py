"""The policy in force, and the versions a person may read."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from overt.access.queries import may
from overt.access.rules import Act, Role
from overt.clocks.questions import NONE_IN_FORCE, Figures
from overt.policy.clock_figures import figures_from
from overt.policy.models import PolicyVersion
from overt.policy.rules import SchemePolicy, policy_from_stored
from overt.policy.rules.moves import VersionState
from overt.policy.schemes import NAMES, shipped, unadopted
from overt.rooms import act_named
from overt.shared.errors import NotThere

if TYPE_CHECKING:
    from overt.accounts.models import User


_log = logging.getLogger(__name__)


class NoSuchVersion(NotThere):
    """There is no such version, or it is a draft that is not this person's to read."""

    def __init__(self, key: object) -> None:
        super().__init__(f"There is no policy {key}.")


def version_in_force(at: datetime | None = None) -> PolicyVersion | None:
    """The version in force at a moment (now, unless given); None before the first."""
    rows = PolicyVersion.objects.filter(state=VersionState.IN_FORCE, effective_from__lte=at or timezone.now())
    return rows.order_by("effective_from", "number").last()


def policy_in_force(at: datetime | None = None) -> SchemePolicy:
    """The scheme's policy at a moment (now, unless given); the product's own document where none was adopted yet.

    Source: HERTS-0.1, BASS-0.1 (each version has the day from which it counts).
    """
    version = version_in_force(at)
    return _kept(version.pk) if version else unadopted()


def figures_in_force(at: datetime | None = None) -> Figures:
    """What the policy in force gives the clocks to count with; its number stands in every answer."""
    version = version_in_force(at)
    policy = policy_in_force(at)
    return figures_from(policy, source=f"{policy.title}, version {version.number}" if version else NONE_IN_FORCE)


@lru_cache(maxsize=16)
def _kept(key: UUID) -> SchemePolicy:
    """A version in force never changes, so it is read and checked once in a process."""
    return policy_of(PolicyVersion.objects.get(pk=key))


def policy_of(version: PolicyVersion) -> SchemePolicy:
    """The policy of a stored version; what an update of the product took away is left out, and told to the server."""
    policy, gone = policy_from_stored(version.document)
    if gone:
        _log.warning("%s has settings this product no longer knows: %s", version, ", ".join(gone))
    return policy


def versions_visible_to(user: User) -> QuerySet[PolicyVersion]:
    """Newest first. What has been approved is everybody's to read; drafts are for those who write and approve."""
    rows = PolicyVersion.objects.order_by("-number").select_related("adopted_by")
    if may(user, Act.MANAGE_POLICY) or may(user, Act.APPROVE_POLICY):
        return rows
    if may(user, Act.READ_POLICY):
        return rows.filter(state__in=[VersionState.CONSULTED, VersionState.APPROVED, VersionState.IN_FORCE])
    return rows.none()


def access_version(user: User, number: int) -> PolicyVersion:
    """One version. Raises NoSuchVersion, whichever the reason."""
    found = versions_visible_to(user).filter(number=number).first()
    if found is None:
        raise NoSuchVersion(number)
    return found


def policy_by_key(user: User, key: str) -> SchemePolicy:
    """A published scheme by its name, or a version by its number. Raises NoSuchVersion."""
    if key in NAMES:
        return shipped(key)
    if key.isdecimal() and key.isascii() and len(key) < 10:
        return policy_of(access_version(user, int(key)))
    raise NoSuchVersion(key)


def role_terms() -> tuple[list[tuple[Role, Act]], int | None]:
    """The acts withheld (each row was checked when the policy was read), and the days after which a role lapses.

    Source: BASS-8.2.1.6, BASS-8.2.1.9, PROG-4.2.22.a.
    """
    policy = policy_in_force()
    rows = [(Role(str(row["role"])), act_named(str(row["act"]))) for row in policy.rows("withheld_acts")]
    return rows, policy.number_or_none("access_review_days")
