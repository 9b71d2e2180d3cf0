"""The list of cameras, a camera's own page, and adding, changing and retiring one."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.estate.cameras import checks, services
from overt.estate.cameras.forms import CameraForm, host_of
from overt.estate.cameras.history import history_of
from overt.estate.cameras.map import draw
from overt.estate.cameras.states import STATES, states_now
from overt.estate.log_actions import CAMERA_CHANGED
from overt.estate.models import Camera
from overt.estate.queries import SORTS, CameraFilter, access_camera, cameras_listed
from overt.estate.retention.queries import runs_of_camera
from overt.estate.sound.queries import open_order, orders_in_force
from overt.logbook.changes import last_change
from overt.places.models import Town
from overt.policy.queries import policy_in_force
from overt.shared.asking import Done, Question, ask, ask_on
from overt.shared.edits import Edit
from overt.shared.forms import ReasonForm


def cameras(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.SEE_CAMERA)
    wanted = _wanted(request)
    states = states_now()
    listed = cameras_listed(user, states, wanted)
    towns = sorted({c.town.name for c in Camera.objects.visible_to(user).select_related("town")})
    grouped = [(town, list(rows)) for town, rows in groupby(listed, key=lambda one: one[0].town.name)]
    context = {
        "listed": listed,
        "grouped": grouped if wanted.sort == "town" else [("", listed)],
        "wanted": wanted,
        "town_column": "" if wanted.sort == "town" else "Town",
        "towns": [(town, town) for town in towns],
        "sounds": [("on", "On")],
        "states": STATES,
        "sorts": [(name, name, "." if name == SORTS[-1] else ",") for name in SORTS],
        "alive": states.alive,
        "sounding": {row.pk for row in Camera.objects.visible_to(user).filter(pk__in=orders_in_force())},
        "drawing": draw(listed),
        "may_manage": may(user, Act.MANAGE_CAMERA),
        "wanting": sum(1 for _, state in listed if state.tag == "late"),
    }
    return render(request, "estate/cameras/cameras.html", context)


def camera(request: HttpRequest, number: str) -> HttpResponse:
    return _camera_page(request, access_camera(signed_in(request), number, to=Act.SEE_CAMERA))


@require_POST
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Looks at the stream for some seconds; the answer is on the camera's page that comes back."""
    user = signed_in(request)
    found = access_camera(user, number, to=Act.CHECK_CAMERA)
    result = checks.check_camera(found, by=user)
    css = "govuk-notification-banner--success" if result.outcome == "connects" else ""
    return _camera_page(request, found, checked={"result": result, "sentence": checks.sentence(result), "css": css})


def _camera_page(request: HttpRequest, found: Camera, checked: object = None) -> HttpResponse:
    user = signed_in(request)
    state = states_now().of(found)
    context = {
        "camera": found,
        "state": state,
        "groups": found.groups.order_by("name"),
        "host": host_of(found),
        "days": found.retention_days or policy_in_force().retention_days,
        "history": history_of(user, found),
        "retention": runs_of_camera(user, found),
        "checked": checked,
        "clock": checks.clock_words(state.health.clock_offset_ms) if state.health else "",
        "sound": open_order(found),
        "sounding": orders_in_force().get(found.pk),
        "doors": {act.value: found in Camera.objects.visible_to(user, to=act) for act in _DOORS},
    }
    return render(request, "estate/cameras/camera.html", context)


_DOORS = (Act.VIEW_LIVE, Act.REVIEW, Act.CHECK_CAMERA, Act.MANAGE_CAMERA, Act.READ_LOGBOOK, Act.APPROVE_POLICY)


def _wanted(request: HttpRequest) -> CameraFilter:
    """The query, with words that mean nothing left out."""
    asked = request.GET
    sort = asked.get("sort", "").removeprefix("-")
    return CameraFilter(
        words=asked.get("q", "").strip()[:80],
        town=asked.get("town", "")[:120],
        state=asked.get("state", "") if asked.get("state") in STATES else "",
        sounding=asked.get("sound") == "on",
        sort=sort if sort in SORTS else "town",
        backwards=asked.get("sort", "").startswith("-"),
    )


def add(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.MANAGE_CAMERA)

    def act(form: CameraForm) -> Done:
        camera = services.add_camera(form.values(), by=user)
        return Done(f"Camera {camera} is added. Check now that it connects.", camera)

    def context(form: CameraForm) -> dict[str, Any]:
        days = policy_in_force().retention_days
        return {"days": days, "no_town": not Town.objects.exists(), "back": reverse("cameras")}

    return ask_on(request, partial(CameraForm, manager=user), act, "estate/cameras/edit.html", context)


def change(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    camera = access_camera(user, number, to=Act.MANAGE_CAMERA)

    def act(form: CameraForm) -> Done:
        changed = services.change_camera(camera, form.values(), by=user)
        camera.refresh_from_db()
        return Done(_change_words(changed), camera)

    def context(form: CameraForm) -> dict[str, Any]:
        return {"camera": camera, "days": policy_in_force().retention_days, "back": camera}

    made = partial(CameraForm, manager=user, camera=camera)
    edit = Edit(camera, partial(last_change, camera, CAMERA_CHANGED))
    return ask_on(request, made, act, "estate/cameras/edit.html", context, edit=edit)


def retire(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    camera = access_camera(user, number, to=Act.MANAGE_CAMERA)

    def act(form: ReasonForm) -> Done:
        services.retire_camera(camera, by=user, reason=form.cleaned_data["reason"])
        return Done(f"Camera {camera} is retired. What it recorded stays until its date.", camera)

    question = Question(
        title=f"Retire camera {camera}",
        lead="It is no longer recorded, from now on. What it recorded, its holds and its history stay until their "
        "dates. Its number is not used again, and a camera that is no longer connected is taken down.",
        button="Retire camera",
        danger=True,
    )
    return ask(request, ReasonForm, act, question, back=camera)


def _change_words(changed: list[str]) -> str:
    if not changed:
        return "Nothing differed, so nothing was changed."
    return f"Changed: {', '.join(name.replace('_', ' ') for name in changed)}."
