"""What every page knows: the scheme's name, and what this person may do."""

from __future__ import annotations

from django.http import HttpRequest

from overt.access.queries import grants_in_force
from overt.access.rules import ROLE_ACTS, Role
from overt.policy.queries import policy_in_force


def scheme(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    acts: set[str] = set()
    if user is not None and user.is_authenticated:
        for grant in grants_in_force(user):
            acts |= {act.value for act in ROLE_ACTS[Role(grant.role)]}
    return {"scheme_name": policy_in_force().scheme_name, "acts": acts}
