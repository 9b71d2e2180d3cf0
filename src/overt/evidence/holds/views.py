"""Held footage: marking it, saying why, reviewing it, letting it go."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.evidence.forms import given_in
from overt.evidence.holds import queries, services
from overt.evidence.holds.forms import GroundForm, HoldForm, ReviewForm
from overt.evidence.holds.services import give_ground, note_holds_seen, review_hold
from overt.evidence.holds.words import hold_line
from overt.evidence.log_actions import HOLD_GROUNDED
from overt.evidence.models import Hold
from overt.evidence.moments import last_day
from overt.logbook.changes import last_change
from overt.shared.asking import Done, Question, ask, ask_on
from overt.shared.edits import Edit
from overt.shared.forms import ReasonForm
from overt.shared.typed import Typed


@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest) -> HttpResponse:
    """Hold a span, and say why. (A mark of the review page asks for nothing: see holds/api.py.)"""
    user = signed_in(request)
    need(user, Act.MARK_HOLD)

    def act(form: HoldForm) -> Done:
        said = form.cleaned_data
        hold, missing = services.mark(
            user,
            said["camera"],
            said["start"],
            said["end"],
            said["reason"],
            grounds=form.grounds(),
            ends_at=said["ends_on"],
        )
        gaps = f" {len(missing)} gaps are in it." if missing else ""
        return Done(f"Footage of camera {hold.camera} is held.{gaps}", "holds")

    return ask_on(request, partial(HoldForm, initial=given_in(request.GET)), act, "evidence/holds/mark.html")


@require_GET
def holds(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if not may(user, Act.MARK_HOLD):
        need(user, Act.SEE_EXHIBIT)
    now = timezone.now()
    held = queries.holds_in_force(user, now)
    mine, to_ground = queries.releasable(user, held), queries.groundable(user, held)
    lines = [hold_line(hold, now, may_ground=hold.pk in to_ground, may_release=hold.pk in mine) for hold in held]
    note_holds_seen(len(lines), by=user)
    context = {
        "lines": lines,
        "bare": sum(not line.grounded for line in lines),
        "due": sum(line.due for line in lines),
        "may_mark": may(user, Act.MARK_HOLD),
    }
    return render(request, "evidence/holds/holds.html", context)


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Why footage is held: given where it was marked without, reviewed where it has been given."""
    user = signed_in(request)
    found = queries.access_hold_to_ground(user, hold_id)
    if found.ground and "change" not in request.GET and "ground" not in _sent(request):
        return _review(request, found)

    def act(form: GroundForm) -> Done:
        give_ground(found, form.grounds(), by=user, ends_at=form.cleaned_data["ends_on"])
        return Done(f"Camera {found.camera}: it is written down why this footage is kept.", "holds")

    about = _about(request, found, "Say why it is kept", "Keep it on this ground")

    def made(*sent: Any) -> GroundForm:
        return GroundForm(*sent, initial=_given(found))

    edit = Edit(found, partial(last_change, found, HOLD_GROUNDED))
    return ask_on(request, made, act, "evidence/holds/hold.html", about, edit=edit)


def _sent(request: HttpRequest) -> QueryDict:
    """What was typed, now or before a sign-in. Two may give a bare hold its ground: the second is told of the first."""
    typed: Typed | None = getattr(request, "typed", None)
    return typed.data if typed is not None else request.POST


def _review(request: HttpRequest, found: Hold) -> HttpResponse:
    def act(form: ReviewForm) -> Done:
        said = form.cleaned_data
        review_hold(found, by=signed_in(request), reason=said["reason"], review_on=said["review_on"])
        return Done(f"Camera {found.camera}: still needed, and asked again on the day you gave.", "holds")

    return ask_on(
        request, ReviewForm, act, "evidence/holds/hold.html", _about(request, found, "Review it", "It is still needed")
    )


def _about(request: HttpRequest, found: Hold, title: str, button: str) -> Callable[[Any], dict[str, Any]]:
    def context(form: Any) -> dict[str, Any]:
        line = hold_line(found, timezone.now(), may_release=bool(queries.releasable(signed_in(request), [found])))
        return {"line": line, "title": title, "button": button}

    return context


def _given(found: Hold) -> dict[str, object]:
    given = {"ground": found.ground, "case_reference": found.case_reference, "requester": found.requester}
    ends = last_day(found.expires_at) if found.ground and found.expires_at else None
    return {name: value for name, value in {**given, "review_on": found.review_on, "ends_on": ends}.items() if value}


@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    user = signed_in(request)
    hold = queries.access_hold(user, hold_id)

    def act(form: ReasonForm) -> Done:
        services.release_hold(hold, by=user, reason=form.cleaned_data["reason"])
        return Done(f"The hold on camera {hold.camera} is released. Retention deletes it at its date.", "holds")

    question = Question(
        title="Release a hold",
        lead=f"Camera {hold.camera}. Footage older than the retention period is then deleted, and cannot be brought"
        " back.",
        button="Release",
        danger=True,
    )
    return ask(request, ReasonForm, act, question, back="holds")
