"""Who may use each address of the room of people, and how."""

from __future__ import annotations

from collections.abc import Mapping

from overt.access.rules import Act
from routing import Make, Route, to


def _of_asha(rest: str) -> Make:
    return lambda world, user, number: f"/people/{world.asha.pk}/{rest}"


PEOPLE = frozenset({Act.MANAGE_PEOPLE, Act.GRANT_ROLE})

ROUTES: Mapping[str, Route] = {
    "GET+POST first-run/": Route(stranger=True, passes=frozenset({"first-run-over"})),
    "GET account/": Route(),
    "GET people/": to(*PEOPLE),
    "GET people/add/": to(Act.MANAGE_PEOPLE),
    "POST people/add/": to(Act.MANAGE_PEOPLE, body=lambda w, u, n: {"full_name": "Lee New", "username": "lee"}),
    "GET people/<uuid:person_id>/": to(*PEOPLE, path=_of_asha("")),
    "GET people/<uuid:person_id>/roles/give/": to(Act.GRANT_ROLE, path=_of_asha("roles/give/")),
    "POST people/<uuid:person_id>/roles/give/": to(
        Act.GRANT_ROLE, path=_of_asha("roles/give/"), body=lambda w, u, n: {"role": "operator", "reason": "Covers"}
    ),
    "GET+POST people/<uuid:person_id>/roles/<uuid:grant_id>/withdraw/": to(
        Act.GRANT_ROLE,
        path=lambda w, u, n: f"/people/{w.asha.pk}/roles/{w.asha.grants.get().pk}/withdraw/",
        body=lambda w, u, n: {"reason": "Left the desk"},
    ),
    "GET+POST people/<uuid:person_id>/reset-password/": to(
        Act.MANAGE_PEOPLE, path=_of_asha("reset-password/"), body=lambda w, u, n: {"reason": "Forgot it"}
    ),
    "GET+POST people/<uuid:person_id>/close/": to(
        Act.MANAGE_PEOPLE, path=_of_asha("close/"), body=lambda w, u, n: {"reason": "Left"}
    ),
    "GET+POST people/<uuid:person_id>/reopen/": to(Act.MANAGE_PEOPLE, path=_of_asha("reopen/")),
}
