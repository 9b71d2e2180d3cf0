"""Who may use each address of the cameras and places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from overt.access.rules import Act
from overt.accounts.models import User
from routing import NO_FOOTAGE, Make, Route, to
from world import World


def _draft(world: World, user: User, number: str) -> str:
    from overt.estate.imports.services import start_import

    rows = b"number,name,town,address\n500,Quay,Harbour,rtsp://127.0.0.1/1\n"
    return f"/cameras/import/{start_import(rows, by=user).pk}/"


def _sound_allowed(rest: str) -> Make:
    """The policy in force lets a camera's sound be switched on."""

    def make(world: World, user: User, number: str) -> str:
        from world import adopt_policy

        adopt_policy(audio_default="off")
        return f"/cameras/{number}/sound/{rest}"

    return make


def _sound_asked(rest: str) -> Make:
    """Somebody else has asked for the camera's sound; nobody where there is no camera."""
    allowed = _sound_allowed(rest)

    def make(world: World, user: User, number: str) -> str:
        from overt.estate.models import SoundOrder

        if number in world.cameras and not world.camera(number).sound_orders.filter(state="asked").exists():
            now = timezone.now()
            facts = {"reason": "Threats", "case_reference": "4417", "until": now + timedelta(days=1)}
            other, _ = User.objects.get_or_create(username="somebody-else")
            SoundOrder.objects.create(camera=world.camera(number), asked_by=other, asked_at=now, **facts)
        return allowed(world, user, number)

    return make


_RANGE = "start=2026-11-22T00:00:00Z&end=2026-11-22T01:00:00Z"


ROUTES: Mapping[str, Route] = {
    "GET cameras/": to(Act.SEE_CAMERA),
    "GET cameras/add/": to(Act.MANAGE_CAMERA),
    "POST cameras/add/": to(
        Act.MANAGE_CAMERA,
        body=lambda w, u, n: {
            "number": "500",
            "name": "Quay",
            "kind": "fixed",
            "town": str(w.towns["Harbour"].pk),
            "address": "rtsp://127.0.0.1/1",
            "priority": "100",
        },
    ),
    "GET+POST cameras/import/": to(Act.MANAGE_CAMERA),
    "GET cameras/import/template.csv": to(Act.MANAGE_CAMERA),
    "GET cameras/import/<uuid:draft_id>/": to(Act.MANAGE_CAMERA, path=_draft),
    "POST cameras/import/<uuid:draft_id>/": to(Act.MANAGE_CAMERA, path=_draft),
    "GET cameras/<str:number>/": to(Act.SEE_CAMERA, camera=True),
    "POST cameras/<str:number>/check/": to(Act.CHECK_CAMERA, camera=True),
    "GET cameras/<str:number>/change/": to(Act.MANAGE_CAMERA, camera=True),
    "POST cameras/<str:number>/change/": to(Act.MANAGE_CAMERA, camera=True, body=lambda w, u, n: {}),
    "GET+POST cameras/<str:number>/retire/": to(
        Act.MANAGE_CAMERA, camera=True, body=lambda w, u, n: {"reason": "Gone"}
    ),
    "GET cameras/sound/": to(Act.SEE_CAMERA),
    "GET cameras/<str:number>/sound/": to(Act.MANAGE_CAMERA, camera=True, path=_sound_allowed("")),
    "POST cameras/<str:number>/sound/": to(
        Act.MANAGE_CAMERA,
        camera=True,
        path=_sound_allowed(""),
        body=lambda w, u, n: {
            "reason": "Threats",
            "case_reference": "4417",
            "until": f"{timezone.localtime() + timedelta(days=2):%Y-%m-%dT%H:%M}",
        },
    ),
    "GET cameras/<str:number>/sound/decide/": to(Act.APPROVE_POLICY, camera=True, path=_sound_asked("decide/")),
    "POST cameras/<str:number>/sound/decide/": to(
        Act.APPROVE_POLICY,
        camera=True,
        path=_sound_asked("decide/"),
        body=lambda w, u, n: {"decision": "refuse", "reason": "Pictures will do"},
    ),
    "GET cameras/<str:number>/sound/end/": to(
        Act.MANAGE_CAMERA, Act.APPROVE_POLICY, camera=True, path=_sound_asked("end/")
    ),
    "POST cameras/<str:number>/sound/end/": to(
        Act.MANAGE_CAMERA,
        Act.APPROVE_POLICY,
        camera=True,
        path=_sound_asked("end/"),
        body=lambda w, u, n: {"reason": "No longer needed"},
    ),
    "GET retention/": to(Act.SEE_SYSTEM),
    "GET estate/": to(Act.MANAGE_CAMERA, everywhere=True),
    "GET+POST estate/<slug:slug>/": to(Act.MANAGE_CAMERA, everywhere=True, path=lambda w, u, n: "/estate/towns/"),
    "GET+POST estate/<slug:slug>/<uuid:place_id>/rename/": to(
        Act.MANAGE_CAMERA,
        everywhere=True,
        path=lambda w, u, n: f"/estate/groups/{w.town_centre.pk}/rename/",
        body=lambda w, u, n: {"name": "The centre"},
    ),
    "GET api/v1/cameras": to(Act.SEE_CAMERA),
    "GET api/v1/cameras/{number}": to(Act.SEE_CAMERA, camera=True),
    "GET api/v1/cameras/{number}/timeline": to(
        Act.REVIEW, camera=True, path=lambda w, u, n: f"/api/v1/cameras/{n}/timeline?{_RANGE}"
    ),
    "GET api/v1/cameras/{number}/frame": to(
        Act.REVIEW,
        camera=True,
        path=lambda w, u, n: f"/api/v1/cameras/{n}/frame?at=2026-11-22T00:00:00Z&reason=A+test",
        passes=NO_FOOTAGE,
    ),
}
