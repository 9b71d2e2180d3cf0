"""Held footage: marking it, saying why, reviewing it, letting it go."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.evidence import queries, services
from overt.evidence.forms import GroundForm, HoldForm, ReasonForm, ReviewForm, given_in
from overt.evidence.hold_words import hold_line
from overt.evidence.models import Hold
from overt.evidence.shapes import end_of, gap_shape, grounds_of, moment_of, reason_of
from overt.shared.problems import told_on
from overt.watch.body import json_body, text_of


@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest) -> HttpResponse:
    """Hold a span: a mark of the review page, which asks for nothing, or the form, which asks why."""
    user = signed_in(request)
    need(user, Act.MARK_HOLD)
    if request.content_type == "application/json":
        return _mark_json(request)
    form = HoldForm(request.POST or None, initial=given_in(request.GET))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with told_on(form):
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
            messages.success(request, f"Footage of camera {hold.camera} is held.{gaps}")
            return redirect("holds")
    return render(request, "evidence/mark.html", {"form": form}, status=422 if form.errors else 200)


def _mark_json(request: HttpRequest) -> JsonResponse:
    body = json_body(request)
    start, end = moment_of(body, "start"), moment_of(body, "end")
    hold, missing = services.mark(
        signed_in(request),
        text_of(body, "camera"),
        start,
        end,
        reason_of(body),
        grounds=grounds_of(body),
        ends_at=end_of(body),
    )
    answer = {
        "hold_id": str(hold.pk),
        "until": hold.expires_at.isoformat() if hold.expires_at else None,
        "camera": hold.camera.number,
        "start": hold.start_90k,
        "end": hold.end_90k,
        "grounded": bool(hold.ground),
        "url": f"/exhibits/holds/{hold.pk}/",
        "gaps": [gap_shape(gap) for gap in missing],
    }
    return JsonResponse(answer, status=201)


@require_GET
def holds(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if not may(user, Act.MARK_HOLD):
        need(user, Act.SEE_EXHIBIT)
    now = timezone.now()
    held = queries.holds_in_force(user, now)
    mine, sayable = queries.releasable(user, held), queries.sayable(user, held)
    lines = [hold_line(hold, now, may_say=hold.pk in sayable, may_release=hold.pk in mine) for hold in held]
    services.note_holds_seen(len(lines), by=user)
    context = {
        "lines": lines,
        "bare": sum(not line.grounded for line in lines),
        "due": sum(line.due for line in lines),
        "may_mark": may(user, Act.MARK_HOLD),
    }
    return render(request, "evidence/holds.html", context)


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Why footage is held: given where it was marked without, reviewed where it has been given."""
    user = signed_in(request)
    found = queries.access_hold_to_say(user, hold_id)
    if found.ground and "change" not in request.GET:
        return _review(request, found)
    form = GroundForm(_posted(request), initial=_given(found))
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            services.give_ground(found, form.grounds(), by=user, ends_at=form.cleaned_data["ends_on"])
            messages.success(request, f"Camera {found.camera}: it is written down why this footage is kept.")
            return redirect("holds")
    return _hold_page(request, found, form, "Say why it is kept", "Keep it on this ground")


def _review(request: HttpRequest, found: Hold) -> HttpResponse:
    form = ReviewForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with told_on(form):
            services.review_hold(found, by=signed_in(request), reason=said["reason"], review_on=said["review_on"])
            messages.success(request, f"Camera {found.camera}: still needed, and asked again on the day you gave.")
            return redirect("holds")
    return _hold_page(request, found, form, "Review it", "It is still needed")


def _hold_page(
    request: HttpRequest, found: Hold, form: GroundForm | ReviewForm, title: str, button: str
) -> HttpResponse:
    line = hold_line(found, timezone.now(), may_release=bool(queries.releasable(signed_in(request), [found])))
    context = {"line": line, "form": form, "title": title, "button": button}
    return render(request, "evidence/hold.html", context, status=422 if form.errors else 200)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, were it nothing at all: an empty form is one to refuse."""
    return request.POST if request.method == "POST" else None


def _given(found: Hold) -> dict[str, object]:
    given = {"ground": found.ground, "case_reference": found.case_reference, "requester": found.requester}
    return {name: value for name, value in {**given, "review_on": found.review_on}.items() if value}


@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    user = signed_in(request)
    hold = queries.access_hold(user, hold_id)
    if request.content_type == "application/json":
        services.release_hold(hold, by=user, reason=reason_of(json_body(request)))
        return JsonResponse({"hold_id": str(hold.pk), "state": "released"})
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            services.release_hold(hold, by=user, reason=form.cleaned_data["reason"])
            messages.success(
                request, f"The hold on camera {hold.camera} is released. Retention deletes it at its date."
            )
            return redirect("holds")
    context = {
        "title": "Release a hold",
        "lead": f"Camera {hold.camera}. Footage older than the retention period is then deleted, and cannot be brought"
        " back.",
        "form": form,
        "button": "Release",
        "back": "/exhibits/holds/",
        "danger": True,
    }
    return render(request, "web/ask.html", context, status=422 if form.errors else 200)
