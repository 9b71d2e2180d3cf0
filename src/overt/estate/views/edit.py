"""Adding a camera, changing it, retiring it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.estate import services
from overt.estate.forms import CameraForm, RetireForm
from overt.estate.models import Town
from overt.estate.queries import access_camera
from overt.policy.queries import policy_in_force
from overt.shared.problems import told_on


def add(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.MANAGE_CAMERA)
    form = CameraForm(request.POST or None, manager=user)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            camera = services.add_camera(form.values(), by=user)
            messages.success(request, f"Camera {camera} is added. Check now that it connects.")
            return redirect(camera)
    context = {"form": form, "days": policy_in_force().retention_days, "no_town": not Town.objects.exists()}
    return render(request, "estate/edit_camera.html", context, status=422 if form.errors else 200)


def change(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    camera = access_camera(user, number, to=Act.MANAGE_CAMERA)
    form = CameraForm(request.POST or None, manager=user, camera=camera)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            changed = services.change_camera(camera, form.values(), by=user)
            camera.refresh_from_db()
            messages.success(request, _told(changed))
            return redirect(camera)
    context = {"form": form, "camera": camera, "days": policy_in_force().retention_days}
    return render(request, "estate/edit_camera.html", context, status=422 if form.errors else 200)


def retire(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    camera = access_camera(user, number, to=Act.MANAGE_CAMERA)
    form = RetireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            services.retire_camera(camera, by=user, reason=form.cleaned_data["reason"])
            messages.success(request, f"Camera {camera} is retired. What it recorded stays until its date.")
            return redirect(camera)
    context = {
        "title": f"Retire camera {camera}",
        "lead": "It is no longer recorded, from now on. What it recorded, its holds and its history stay until their "
        "dates. Its number is not used again, and a camera that is no longer connected is taken down.",
        "form": form,
        "button": "Retire camera",
        "back": camera.get_absolute_url(),
        "danger": True,
    }
    return render(request, "web/ask.html", context, status=422 if form.errors else 200)


def _told(changed: list[str]) -> str:
    if not changed:
        return "Nothing differed, so nothing was changed."
    return f"Changed: {', '.join(name.replace('_', ' ') for name in changed)}."
