"""What each role may do, and where that comes from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from overt.access.doors import need
from overt.access.queries import grants_in_force
from overt.access.rules import ROLE_ACTS, Act, Role, can_be_withheld
from overt.access.withholding import Pair, withheld
from overt.access.words import ACT_WORDS, GROUPS, ROLE_WORDS
from overt.accounts.requests import signed_in


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a role has an act: "yes", "kept" (no policy takes it away), "withheld" by the policy, or "" for never."""

    role: str
    state: str


def roles(request: HttpRequest) -> HttpResponse:
    """The matrix, for everybody who may read the policy; one's own roles stand out. Source: BASS-8.2.1.6."""
    user = signed_in(request)
    need(user, Act.READ_POLICY)
    gone = withheld()
    groups = [(name, [(ACT_WORDS[act], _cells(act, gone)) for act in acts]) for name, acts in GROUPS]
    mine = {grant.role for grant in grants_in_force(user)}
    context = {
        "roles": [(ROLE_WORDS[role], role.value in mine) for role in Role],
        "groups": groups,
        "withheld": [(ROLE_WORDS[role], ACT_WORDS[act]) for role, act in sorted(gone)],
    }
    return render(request, "access/roles.html", context)


def _cells(act: Act, gone: Collection[Pair]) -> list[Cell]:
    return [Cell(ROLE_WORDS[role], _state(role, act, gone)) for role in Role]


def _state(role: Role, act: Act, gone: Collection[Pair]) -> str:
    if act not in ROLE_ACTS[role]:
        return ""
    if (role, act) in gone:
        return "withheld"
    return "yes" if can_be_withheld(role, act) else "kept"
