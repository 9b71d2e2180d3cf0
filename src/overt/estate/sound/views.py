"""Asking for a camera's sound, deciding on it, ending it, and the report of every order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.models import User
from overt.accounts.requests import signed_in
from overt.estate.models import Camera, SoundOrder
from overt.estate.queries import NoSuchCamera, access_camera
from overt.estate.sound import services
from overt.estate.sound.forms import SoundDecisionForm, SoundForm
from overt.estate.sound.queries import orders_for, orders_in_force, policy_allows, the_open_order
from overt.estate.sound.rules import LONGEST, SoundNotAllowed
from overt.shared import asking
from overt.shared.asking import Done, Question
from overt.shared.forms import ReasonForm


@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """Every order, the newest first. Why it was given is for those who may read the logbook, or who decide."""
    user = signed_in(request)
    need(user, Act.SEE_CAMERA)
    told = [set(Camera.objects.visible_to(user, to=act).values_list("pk", flat=True)) for act in _READERS]
    rows = [(order, any(order.camera_id in one for one in told)) for order in orders_for(user)]
    sounding = orders_in_force()
    context = {
        "orders": rows,
        "sounding": [order for order, _ in rows if order == sounding.get(order.camera_id)],
        "not_allowed": _not_allowed(),
        "longest": LONGEST.days,
    }
    return render(request, "estate/sound/orders.html", context)


def ask(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    camera = access_camera(user, number, to=Act.MANAGE_CAMERA)
    policy_allows()

    def act(form: SoundForm) -> Done:
        services.ask_for_sound(camera, by=user, **form.cleaned_data)
        return Done("Asked for. Nothing is recorded before somebody else has approved it.", camera)

    question = Question(
        title=f"Ask for the sound of camera {camera}",
        lead="Sound is off. It is recorded only where it is absolutely necessary, for a case, until an end, and "
        "when the owner's nominee or the data controller has approved it.",
        button="Ask",
    )
    return asking.ask(request, SoundForm, act, question, back=camera)


def decide(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    camera = access_camera(user, number, to=Act.APPROVE_POLICY)
    order = the_open_order(camera)

    def act(form: SoundDecisionForm) -> Done:
        approve = form.cleaned_data["decision"] == "approve"
        services.decide_on_sound(order, by=user, approve=approve, reason=form.cleaned_data["reason"])
        words = f"Approved. The sound is recorded until {_when(order)}." if approve else "Refused. It stays off."
        return Done(words, camera)

    question = Question(
        title=f"Decide on the sound of camera {camera}",
        lead=f"{order.asked_by} asks for it until {_when(order)}, for case {order.case_reference}: {order.reason}",
        button="Decide",
    )
    return asking.ask(request, SoundDecisionForm, act, question, back=camera)


def end(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    camera = _to_end(user, number)
    order = the_open_order(camera)

    def act(form: ReasonForm) -> Done:
        services.end_sound(order, by=user, reason=form.cleaned_data["reason"])
        return Done("The sound is off.", camera)

    question = Question(
        title=f"Switch off the sound of camera {camera}",
        lead="It is off at once. What was recorded stays until its date. To have it on again, somebody asks anew.",
        button="Switch off",
        danger=True,
    )
    return asking.ask(request, ReasonForm, act, question, back=camera)


_READERS = (Act.READ_LOGBOOK, Act.MANAGE_CAMERA, Act.APPROVE_POLICY)


def _to_end(user: User, number: str) -> Camera:
    """Whoever manages the camera may end its sound, and whoever decides on it. Raises NoSuchCamera."""
    try:
        return access_camera(user, number, to=Act.MANAGE_CAMERA)
    except NoSuchCamera:
        return access_camera(user, number, to=Act.APPROVE_POLICY)


def _when(order: SoundOrder) -> str:
    return f"{timezone.localtime(order.until):%-d %B %Y, %H:%M %Z}"


def _not_allowed() -> str:
    try:
        policy_allows()
    except SoundNotAllowed as error:
        return str(error)
    return ""
