"""Doors of pages that belong to no one camera: the act decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.access.queries import may, may_everywhere
from overt.access.rules import Act
from overt.shared.errors import Refused

if TYPE_CHECKING:
    from overt.accounts.models import User


class NotYours(Refused):
    """None of this person's roles allows the act."""

    code = "not-yours"


def need(user: User, act: Act, *, everywhere: bool = False) -> None:
    """Go on only if this person may carry out the act somewhere (or over the whole scheme). Raises NotYours."""
    allowed = may_everywhere(user, act) if everywhere else may(user, act)
    if not allowed:
        words = act.value.replace("_", " ")
        raise NotYours(f"None of your roles lets you {words}{' over the whole scheme' if everywhere else ''}.")
