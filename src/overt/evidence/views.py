"""The pages of the evidence room: the register, an exhibit's story, holds, and the forms that work without script."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footage.times import utc_datetime
from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.evidence import queries, services
from overt.evidence.bag.readme import span_words
from overt.evidence.download import bag_response
from overt.evidence.forms import ReasonForm, SealForm, SpanForm
from overt.evidence.models import Hold
from overt.evidence.queries import Wanted, access_exhibit
from overt.evidence.services import ClipWish
from overt.evidence.shapes import clips_of, gap_shape, moment_of, reason_of
from overt.evidence.story import story
from overt.shared.problems import told_on
from overt.watch.body import json_body, text_of

STATES = {"sealed": "Sealed", "sealing": "Being sealed", "failed": "Not sealed", "altered": "Altered since"}
_PER_PAGE = 30


@require_GET
def exhibits(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.SEE_EXHIBIT)
    wanted = Wanted(request.GET.get("q", "").strip()[:80], request.GET.get("state", "")[:20])
    page = Paginator(queries.register(user, wanted), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(exhibit, story(exhibit)) for exhibit in page],
        "wanted": wanted,
        "states": STATES,
        "may_mark": may(user, Act.MARK_HOLD),
        "may_seal": may(user, Act.SEAL_EXHIBIT),
        "held": len(queries.holds_in_force(user, timezone.now())),
        "search": services.note_search(wanted, by=user, goes_on=_number(request, "search")),
    }
    return render(request, "evidence/exhibits.html", context)


@require_GET
def exhibit(request: HttpRequest, reference: str) -> HttpResponse:
    user = signed_in(request)
    found = access_exhibit(user, reference)
    if found.reference != reference:
        return redirect(found)
    context = {
        "exhibit": found,
        "story": story(found, whole=True),
        "may_export": queries.may_with(user, found, Act.EXPORT_BAG),
        "may_seal": queries.may_with(user, found, Act.SEAL_EXHIBIT),
        "left": queries.seconds_left(found, timezone.now()),
        "may_read_log": may(user, Act.READ_LOGBOOK),
        "reason_needed": services.reason_needed(),
        "look": services.note_seen(found, by=user, goes_on=_number(request, "look")),
    }
    return render(request, "evidence/exhibit.html", context)


def _number(request: HttpRequest, name: str) -> int | None:
    """A logbook number from the query; what is none counts as not given."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


@require_GET
def progress(request: HttpRequest, reference: str) -> JsonResponse:
    found = access_exhibit(signed_in(request), reference)
    return JsonResponse(
        {
            "state": found.state,
            "done": found.progress_done,
            "total": found.progress_total,
            "seconds_left": queries.seconds_left(found, timezone.now()),
            "failure": found.failure,
        }
    )


@require_POST
def verify_now(request: HttpRequest, reference: str) -> HttpResponse:
    user = signed_in(request)
    found = access_exhibit(user, reference)
    report = services.verify_exhibit(found, by=user)
    if report["exit"] == 0:
        messages.success(request, f"Every byte of {found.reference} is as it was sealed.")
    else:
        messages.error(request, f"{found.reference} is not as it was sealed. See what differs below.")
    return redirect(found)


@require_POST
def retry(request: HttpRequest, reference: str) -> HttpResponse:
    user = signed_in(request)
    found = access_exhibit(user, reference, to=Act.SEAL_EXHIBIT)
    services.retry(found, by=user)
    return redirect(found)


@require_http_methods(["GET", "POST"])
def bag(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The sealed bag as a ZIP. One download, one logbook entry; a reason comes in the body, for addresses are kept."""
    user = signed_in(request)
    found = access_exhibit(user, reference, to=Act.EXPORT_BAG)
    return bag_response(services.note_download(found, by=user, reason=request.POST.get("reason", "")), found.reference)


@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest) -> HttpResponse:
    """Hold a span: JSON of the review page's island, or the form."""
    user = signed_in(request)
    need(user, Act.MARK_HOLD)
    if request.content_type == "application/json":
        return _mark_json(request)
    form = SpanForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with told_on(form):
            hold, missing = services.mark(user, said["camera"], said["start"], said["end"], said["reason"])
            gaps = f" {len(missing)} gaps are in it." if missing else ""
            messages.success(request, f"Footage of camera {hold.camera} is held.{gaps}")
            return redirect("holds")
    return render(request, "evidence/mark.html", {"form": form}, status=422 if form.errors else 200)


def _mark_json(request: HttpRequest) -> JsonResponse:
    body = json_body(request)
    start, end = moment_of(body, "start"), moment_of(body, "end")
    hold, missing = services.mark(signed_in(request), text_of(body, "camera"), start, end, reason_of(body))
    answer = {
        "hold_id": str(hold.pk),
        "until": hold.expires_at.isoformat() if hold.expires_at else None,
        "camera": hold.camera.number,
        "start": hold.start_90k,
        "end": hold.end_90k,
        "gaps": [gap_shape(gap) for gap in missing],
    }
    return JsonResponse(answer, status=201)


@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest) -> HttpResponse:
    """Open an exhibit and begin its sealing: JSON of the island, or the form with one clip."""
    user = signed_in(request)
    need(user, Act.SEAL_EXHIBIT)
    if request.content_type == "application/json":
        return _seal_json(request)
    form = SealForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wish = ClipWish(said["camera"], said["start"], said["end"], said["hold_id"])
        with told_on(form):
            found, missing = services.open_exhibit(user, said["reference"], said["reason"], [wish])
            gaps = f" Something is missing from the span: {missing[0].words}." if missing else ""
            messages.success(request, f"{found.reference} is being sealed.{gaps}")
            return redirect(found)
    return render(request, "evidence/seal.html", {"form": form}, status=422 if form.errors else 200)


def _seal_json(request: HttpRequest) -> JsonResponse:
    body = json_body(request)
    wishes = clips_of(body)
    found, missing = services.open_exhibit(signed_in(request), text_of(body, "reference"), reason_of(body), wishes)
    gaps = [gap_shape(gap) for gap in missing]
    answer = {"reference": found.reference, "url": found.get_absolute_url(), "state": found.state, "gaps": gaps}
    return JsonResponse(answer, status=202)


@require_GET
def holds(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if not may(user, Act.MARK_HOLD):
        need(user, Act.SEE_EXHIBIT)
    held = queries.holds_in_force(user, timezone.now())
    mine = queries.releasable(user, held)
    rows = [(hold, _span(hold), hold.pk in mine) for hold in held]
    services.note_holds_seen(len(rows), by=user)
    return render(request, "evidence/holds.html", {"rows": rows, "may_mark": may(user, Act.MARK_HOLD)})


def _span(hold: Hold) -> str:
    start, end = utc_datetime(hold.start_90k), utc_datetime(hold.end_90k)
    return span_words(timezone.localtime(start), timezone.localtime(end))


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
