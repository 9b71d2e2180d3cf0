"""A copy of an exhibit from its making to its end: each page is one step, and each step one act."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.evidence import papers
from overt.evidence.copies import queries, services
from overt.evidence.copies.download import bag_response
from overt.evidence.copies.export import note_copy_download
from overt.evidence.copies.forms import CopyForm, DestroyForm, HandOverForm, TestForm
from overt.evidence.copies.opening_test import open_copy
from overt.evidence.copies.queries import access_copy
from overt.evidence.copies.rules import CopyKind, check_file_only
from overt.evidence.copies.services import note_form_seen, note_register_seen
from overt.evidence.copies.words import copy_line, terms
from overt.evidence.errors import NoSuchCopy
from overt.evidence.exhibits.looks import note_seen
from overt.evidence.exhibits.queries import access_exhibit, may_with
from overt.evidence.models import Copy, StoragePlace
from overt.evidence.storage import services as storage_services
from overt.evidence.storage.forms import OpenLocationForm, StoreForm
from overt.evidence.storage.views import no_location
from overt.policy.queries import policy_in_force
from overt.shared.asking import Done, Question, ask, ask_on
from overt.shared.forms import ReasonForm

_PER_PAGE = 50
#: A form's maker and what is done with it once it is filled in; the answer is what the person is told.
MakeForm = Callable[..., Any]
Doing = Callable[[Any], str]
_BOTH = require_http_methods(["GET", "POST"])


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The media register: every copy, where it is and how it ended. Source: BASS-9.3.a."""
    user = signed_in(request)
    need(user, Act.SEE_EXHIBIT)
    asked = request.GET.get("state", "")
    state = asked if asked in queries.COPY_STATES else ""
    page = Paginator(queries.copies_register(user, state), _PER_PAGE).get_page(request.GET.get("page"))
    note_register_seen(page.paginator.count, by=user)
    context = {"page": page, "lines": [copy_line(copy) for copy in page], "state": state, "states": queries.COPY_STATES}
    return render(request, "evidence/copies/register.html", context)


@_BOTH
def make(request: HttpRequest, reference: str) -> HttpResponse:
    user = signed_in(request)
    exhibit = access_exhibit(user, reference, to=Act.EXPORT_BAG)

    def act(form: CopyForm) -> Done:
        said = form.cleaned_data
        copy = services.make_copy(exhibit, form.written_to(), by=user, reason=said["reason"], kind=said["kind"])
        return Done(f"This is copy {copy.number} of {exhibit.reference}. Write it, and test it.", copy)

    return ask_on(request, CopyForm, act, "evidence/copies/make.html", lambda form: {"exhibit": exhibit})


@require_GET
def copy(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    user = signed_in(request)
    found = access_copy(user, reference, number)
    note_seen(found.exhibit, by=user)
    context = {
        "copy": found,
        "line": copy_line(found),
        "movements": found.movements.select_related("by", "place"),
        "may_export": may_with(user, found.exhibit, Act.EXPORT_BAG),
        "may_manage": may_with(user, found.exhibit, Act.MANAGE_EVIDENCE),
    }
    return render(request, "evidence/copies/copy.html", context)


@require_POST
def bag(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    user = signed_in(request)
    found = access_copy(user, reference, number, to=Act.EXPORT_BAG)
    said = request.POST.get("part", "")
    part = int(said or 0) if said.isascii() and len(said) < 5 and (said.isdigit() or not said) else -1
    return bag_response(note_copy_download(found, by=user, part=part), found.exhibit.reference, part)


@_BOTH
def test(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    user = signed_in(request)
    found = access_copy(user, reference, number, to=Act.EXPORT_BAG)

    def act(form: TestForm) -> str:
        said = form.cleaned_data
        tested = open_copy(found, said["archive"], by=user, played=said["played"])
        return _test_words(request, tested)

    return _step(request, found, TestForm, "evidence/copies/test.html", act)


def _test_words(request: HttpRequest, tested: Copy) -> str:
    if tested.test_answer == "good":
        return f"Copy {tested.number} opens and every byte is as it was sealed."
    messages.error(request, f"Copy {tested.number} must not leave: {tested.test_detail}")
    return ""


@_BOTH
def hand_over(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    user = signed_in(request)
    found = access_copy(user, reference, number, to=Act.EXPORT_BAG)
    if request.method == "GET":  # before anybody fills in a form that cannot be finished
        check_file_only(found.medium, policy_in_force().in_effect("link_delivery"))

    def act(form: HandOverForm) -> str:
        data = form.cleaned_data["signed_form"].read(papers.MOST_BYTES + 1)
        said = form.cleaned_data
        handed = services.hand_over(
            found, form.recipient(), by=user, terms=said["terms"], form=data, decision=said.get("decision", "")
        )
        return f"Copy {handed.number} is handed over. Continuity passes to {handed.recipient_body}."

    decides = found.kind == CopyKind.MASTER and may_with(user, found.exhibit, Act.MANAGE_EVIDENCE)
    made = partial(HandOverForm, master=decides)
    return _step(request, found, made, "evidence/copies/hand_over.html", act, terms=terms())


@_BOTH
def take_back(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    user = signed_in(request)
    found = access_copy(user, reference, number, to=Act.EXPORT_BAG)

    def act(form: ReasonForm) -> str:
        services.take_back(found, by=user, reason=form.cleaned_data["reason"])
        return f"Copy {number} is booked in again."

    return _asked(
        request, found, ReasonForm, "Book it in again", "What it holds now is unknown until it is tested.", act
    )


@_BOTH
def destroy(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    user = signed_in(request)
    found = access_copy(user, reference, number, to=Act.MANAGE_EVIDENCE)

    def act(form: DestroyForm) -> str:
        services.destroy(found, by=user, **form.cleaned_data)
        return f"It is written down that copy {number} was destroyed."

    return _asked(request, found, DestroyForm, "Write down its destruction", "This cannot be undone.", act, danger=True)


@_BOTH
def store(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    user = signed_in(request)
    found = access_copy(user, reference, number)

    if request.method == "GET" and not StoragePlace.objects.exists():
        return no_location(request, "Put it into storage", "Discs and sticks lie under lock or seal.")

    def act(form: StoreForm) -> str:
        stored = storage_services.store(found, by=user, **form.cleaned_data)
        return f"Copy {number} lies in {stored.place}."

    lead = "Putting it in opens the place: that is an entry with your name and reason."
    return _asked(request, found, StoreForm, "Put it into storage", lead, act)


@_BOTH
def take_out(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    user = signed_in(request)
    found = access_copy(user, reference, number)

    def act(form: OpenLocationForm) -> str:
        storage_services.take_out(found, by=user, **form.cleaned_data)
        return f"Copy {number} is out of {found.place}."

    made = partial(OpenLocationForm, place=found.place)
    return _asked(request, found, made, "Take it out", "Taking it out opens the place.", act)


@require_GET
def signed_form(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The release form as it was signed."""
    user = signed_in(request)
    found = access_copy(user, reference, number, to=Act.EXPORT_BAG)
    kept = papers.read(found.form_name, found.form_sha512) if found.form_name else None
    if kept is None:
        raise NoSuchCopy(
            f"There is no signed form with copy {number} of {reference}, or it is not the one that was kept."
        )
    note_form_seen(found, by=user)
    data, content = kept
    response = HttpResponse(data, content_type=content)
    response["Content-Disposition"] = f'attachment; filename="{found.form_name}"'
    response["Cache-Control"] = "no-store"
    return response


def _step(request: HttpRequest, found: Copy, made: MakeForm, template: str, act: Doing, **more: object) -> HttpResponse:
    """One step with a page of its own; what a service refuses stands beside the field it is about."""

    def context(form: Any) -> dict[str, Any]:
        return {"copy": found, "line": copy_line(found), **more}

    return ask_on(request, made, lambda form: Done(act(form), found), template, context)


def _asked(
    request: HttpRequest, found: Copy, made: MakeForm, title: str, lead: str, act: Doing, *, danger: bool = False
) -> HttpResponse:
    question = Question(title, title, lead, str(found), danger)
    return ask(request, made, lambda form: Done(act(form), found), question, back=found)
