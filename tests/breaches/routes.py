"""Who may use each address of the breaches."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from overt.access.rules import Act
from overt.accounts.models import User
from routing import Route, to
from world import World


def _breach(world: World, user: User, number: str) -> str:
    from overt.breaches.models import CodeBreach

    now = timezone.now()
    made = CodeBreach.objects.create(kind="logbook", words="Entry 1 was changed", detected_at=now, reported_at=now)
    return f"/logbook/breaches/{made.pk}/"


def _reported(world: World) -> str:
    from overt.breaches.models import CodeBreach

    now = timezone.now()
    made = CodeBreach.objects.create(kind="reported", words="A phone was out", detected_at=now, reported_at=now)
    return f"/logbook/breaches/{made.pk}/"


ROUTES: Mapping[str, Route] = {
    "GET logbook/breaches/": to(Act.SEE_CAMERA),
    "GET logbook/breaches/report/": to(Act.SEE_CAMERA),
    "POST logbook/breaches/report/": to(
        Act.SEE_CAMERA, body=lambda w, u, n: {"words": "A door stood open", "day": "2026-11-21", "time": "14:07"}
    ),
    "GET logbook/breaches/<int:number>/": to(Act.READ_LOGBOOK, Act.ANSWER_BREACH, path=_breach),
    "POST logbook/breaches/<int:number>/": to(
        Act.ANSWER_BREACH, path=_breach, body=lambda w, u, n: {"words": "The door has a new lock"}
    ),
    "POST logbook/breaches/<int:number>/suspend/": to(
        Act.MANAGE_PEOPLE,
        path=lambda w, u, n: _reported(w) + "suspend/",
        body=lambda w, u, n: {"person": str(w.asha.pk)},
    ),
}
