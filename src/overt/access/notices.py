"""Roles about to lapse: to those who may confirm them, and to whoever holds one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from overt.access.lapsing import lapses
from overt.access.queries import grants_in_force
from overt.access.renewal import due_for
from overt.access.terms import role_terms
from overt.rooms import Notice

if TYPE_CHECKING:
    from overt.accounts.models import User

#: So long before it lapses a role is spoken of.
AHEAD = timedelta(days=14)


def roles_to_confirm(user: User, now: datetime) -> list[Notice]:
    every = role_terms().every
    if every is None:
        return []
    soon = [one for one in due_for(user, now) if one.at <= now + AHEAD]
    mine = [at for grant in grants_in_force(user, now) if (at := lapses(grant, every)) and at <= now + AHEAD]
    told = []
    if soon:
        words = f"{len(soon)} role{'s' if len(soon) != 1 else ''} to confirm"
        detail = f"The first {'lapsed' if soon[0].over else 'lapses'}: {soon[0].grant.user.full_name}"
        told.append(Notice("Roles", words, detail, soon[0].at, "soon", "/roles/confirm/"))
    if mine:
        told.append(
            Notice("Roles", "Your role lapses soon", "Ask a manager to confirm it", min(mine), "soon", "/account/")
        )
    return told
