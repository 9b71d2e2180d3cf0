"""Who may use each address of the roles, and how."""

from __future__ import annotations

from collections.abc import Mapping

from overt.access.rules import Act
from overt.accounts.models import User
from routing import Route, to
from world import World


def _roles_lapse(world: World, user: User, number: str) -> str:
    """The policy has roles confirmed each quarter."""
    from world import adopt_policy

    adopt_policy(access_review_days=92)
    return "/roles/confirm/"


ROUTES: Mapping[str, Route] = {
    "GET roles/": to(Act.READ_POLICY),
    "GET roles/confirm/": to(Act.GRANT_ROLE),
    "POST roles/confirm/": to(
        Act.GRANT_ROLE,
        path=_roles_lapse,
        body=lambda w, u, n: {"grants": str(w.asha.grants.get().pk), "reason": "On the rota"},
    ),
}
