"""Adding a camera, changing it, retiring it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.estate import services
from overt.estate.forms import CameraForm
from overt.estate.models import Town
from overt.estate.queries import access_camera
from overt.policy.queries import policy_in_force
from overt.shared.asking import Done, Question, ask, ask_on
from overt.shared.forms import ReasonForm


def add(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.MANAGE_CAMERA)

    def act(form: CameraForm) -> Done:
        camera = services.add_camera(form.values(), by=user)
        return Done(f"Camera {camera} is added. Check now that it connects.", camera)

    def context(form: CameraForm) -> dict[str, Any]:
        days = policy_in_force().retention_days
        return {"days": days, "no_town": not Town.objects.exists(), "back": reverse("cameras")}

    return ask_on(request, partial(CameraForm, manager=user), act, "estate/edit_camera.html", context)


def change(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    camera = access_camera(user, number, to=Act.MANAGE_CAMERA)

    def act(form: CameraForm) -> Done:
        changed = services.change_camera(camera, form.values(), by=user)
        camera.refresh_from_db()
        return Done(_told(changed), camera)

    def context(form: CameraForm) -> dict[str, Any]:
        return {"camera": camera, "days": policy_in_force().retention_days, "back": camera}

    made = partial(CameraForm, manager=user, camera=camera)
    return ask_on(request, made, act, "estate/edit_camera.html", context)


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


def _told(changed: list[str]) -> str:
    if not changed:
        return "Nothing differed, so nothing was changed."
    return f"Changed: {', '.join(name.replace('_', ' ') for name in changed)}."
