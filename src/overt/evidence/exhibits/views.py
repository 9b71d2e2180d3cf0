"""The register of exhibits, an exhibit's page, sealing without script, and what is done with a sealed bag."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.evidence.bag import zipstream
from overt.evidence.copies.download import bag_response
from overt.evidence.copies.export import note_download
from overt.evidence.copies.register import copies_of
from overt.evidence.copies.words import copy_line
from overt.evidence.exhibits import queries
from overt.evidence.exhibits.forms import SealForm
from overt.evidence.exhibits.looks import note_search, note_seen
from overt.evidence.exhibits.queries import RegisterFilter, access_exhibit
from overt.evidence.exhibits.services import opening
from overt.evidence.exhibits.services.opening import ClipRequest, open_exhibit
from overt.evidence.exhibits.services.verifying import verify_exhibit
from overt.evidence.exhibits.words import story
from overt.evidence.forms import given_in
from overt.evidence.holds.queries import holds_in_force
from overt.evidence.holds.words import is_due
from overt.policy.reasons import asked_for
from overt.shared.asking import Done, ask_on

STATES = {"sealed": "Sealed", "sealing": "Being sealed", "failed": "Not sealed", "altered": "Altered since"}
_PER_PAGE = 30


@require_GET
def exhibits(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.SEE_EXHIBIT)
    state = request.GET.get("state", "")
    wanted = RegisterFilter(request.GET.get("q", "").strip()[:80], state if state in STATES else "")
    page = Paginator(queries.register(user, wanted), _PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    held = holds_in_force(user, now)
    context = {
        "page": page,
        "rows": [(exhibit, story(exhibit)) for exhibit in page],
        "wanted": wanted,
        "states": STATES,
        "may_mark": may(user, Act.MARK_HOLD),
        "may_seal": may(user, Act.SEAL_EXHIBIT),
        "held": len(held),
        "waiting": sum(not hold.ground or is_due(hold, now) for hold in held),
        "search": note_search(wanted, by=user, same_as=_number(request, "search")),
    }
    return render(request, "evidence/exhibits/exhibits.html", context)


@require_GET
def exhibit(request: HttpRequest, reference: str) -> HttpResponse:
    user = signed_in(request)
    found = access_exhibit(user, reference)
    if found.reference != reference:
        return redirect(found)
    context = {
        "exhibit": found,
        "story": story(found, whole=True),
        "unfinished": found.state == "sealing" or (found.state == "sealed" and not found.verified_answer),
        "lines": [copy_line(copy) for copy in copies_of(found)],
        "may_export": queries.may_with(user, found, Act.EXPORT_BAG),
        "may_seal": queries.may_with(user, found, Act.SEAL_EXHIBIT),
        "left": queries.seconds_left(found, timezone.now()),
        "may_read_log": may(user, Act.READ_LOGBOOK),
        "reason_needed": asked_for(Act.EXPORT_BAG),
        "over_fat32": found.size_bytes > zipstream.MOST_BYTES,
        "look": note_seen(found, by=user, same_as=_number(request, "look")),
    }
    return render(request, "evidence/exhibits/exhibit.html", context)


def _number(request: HttpRequest, name: str) -> int | None:
    """A logbook number from the query; what is none counts as not given."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


@require_POST
def verify_now(request: HttpRequest, reference: str) -> HttpResponse:
    user = signed_in(request)
    found = access_exhibit(user, reference)
    report = verify_exhibit(found, by=user)
    if report["exit"] == 0:
        messages.success(request, f"Every byte of {found.reference} is as it was sealed.")
    else:
        messages.error(request, f"{found.reference} is not as it was sealed. See what differs below.")
    return redirect(found)


@require_POST
def retry(request: HttpRequest, reference: str) -> HttpResponse:
    user = signed_in(request)
    found = access_exhibit(user, reference, to=Act.SEAL_EXHIBIT)
    opening.retry(found, by=user)
    return redirect(found)


@require_POST
def bag(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The sealed bag as a ZIP. One download is one copy and one logbook entry, so no read does it."""
    user = signed_in(request)
    found = access_exhibit(user, reference, to=Act.EXPORT_BAG)
    return bag_response(note_download(found, by=user, reason=request.POST.get("reason", "")), found.reference)


@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest) -> HttpResponse:
    """Open an exhibit of one clip and begin its sealing."""
    user = signed_in(request)
    need(user, Act.SEAL_EXHIBIT)

    def act(form: SealForm) -> Done:
        said = form.cleaned_data
        found, missing = open_exhibit(
            user,
            said["reference"],
            said["reason"],
            [ClipRequest(said["camera"], said["start"], said["end"], said["hold_id"])],
            case=said["case_reference"],
            requester=said["requester"],
            stills=said["stills"],
        )
        gaps = f" Something is missing from the span: {missing[0].words}." if missing else ""
        return Done(f"{found.reference} is being sealed.{gaps}", found)

    initial = {"reference": opening.next_reference(user), **given_in(request.GET)}
    return ask_on(request, partial(SealForm, initial=initial), act, "evidence/exhibits/seal.html")
