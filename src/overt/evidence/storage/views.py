"""The storage locations of evidence: their access lists, their openings, what lies in them."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from overt.access.doors import need
from overt.access.queries import may, may_everywhere
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.evidence.copies.queries import copies_register
from overt.evidence.copies.words import copy_line
from overt.evidence.log_actions import LOCATION_CHANGED
from overt.evidence.models import StoragePlace
from overt.evidence.storage import services
from overt.evidence.storage.forms import KeepersForm, LocationForm, OpenLocationForm
from overt.evidence.storage.queries import access_location
from overt.logbook.changes import last_change
from overt.shared.asking import Done, Question, ask
from overt.shared.edits import Edit

_BOTH = require_http_methods(["GET", "POST"])


@require_GET
def locations(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.SEE_EXHIBIT)
    rows = [(place, place.openings.select_related("by").first()) for place in _all()]
    context = {"rows": rows, "may_manage": may_everywhere(user, Act.MANAGE_EVIDENCE)}
    return render(request, "evidence/storage/locations.html", context)


def _all() -> list[StoragePlace]:
    return list(StoragePlace.objects.prefetch_related("keepers"))


@_BOTH
def add(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.MANAGE_EVIDENCE, everywhere=True)

    def act(form: LocationForm) -> Done:
        made = services.add_location(by=user, **{**form.cleaned_data, "keepers": list(form.cleaned_data["keepers"])})
        return Done(f"{made} is a storage location of evidence now.", made)

    lead = "A cabinet or safe in which discs and sticks with evidence are kept."
    return ask(request, LocationForm, act, Question("Add a storage location", "Add", lead), back="/exhibits/places/")


def no_location(request: HttpRequest, title: str, why: str) -> HttpResponse:
    """In place of a form that asks for a storage location, while there is none: where one is added, or by whom."""
    may_add = may_everywhere(signed_in(request), Act.MANAGE_EVIDENCE)
    context = {"title": title, "why": why, "may_add": may_add}
    return render(request, "evidence/storage/none_yet.html", context)


@require_GET
def location(request: HttpRequest, location_id: UUID) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.SEE_EXHIBIT)
    found = access_location(location_id)
    context = {
        "place": found,
        "openings": found.openings.select_related("by")[:100],
        "lines": [copy_line(copy) for copy in copies_register(user).filter(place=found)],
        "may_open": found.keepers.filter(pk=user.pk).exists(),
        "may_manage": may(user, Act.MANAGE_EVIDENCE),
    }
    return render(request, "evidence/storage/location.html", context)


@_BOTH
def open_it(request: HttpRequest, location_id: UUID) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.SEE_EXHIBIT)
    found = access_location(location_id)

    def act(form: OpenLocationForm) -> Done:
        services.open_location(found, by=user, **form.cleaned_data)
        return Done(f"It is written down that you opened {found}.", found)

    lead = "Write it down before you open it. Putting a copy in or taking one out writes it down by itself."
    return ask(
        request, partial(OpenLocationForm, place=found), act, Question(f"Open {found}", "I open it", lead), back=found
    )


@_BOTH
def keepers(request: HttpRequest, location_id: UUID) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.MANAGE_EVIDENCE, everywhere=True)
    found = access_location(location_id)

    def made(*sent: Any) -> KeepersForm:
        return KeepersForm(*sent, initial={"keepers": list(found.keepers.values_list("pk", flat=True))})

    def act(form: KeepersForm) -> Done:
        said = form.cleaned_data
        services.change_keepers(found, by=user, keepers=list(said["keepers"]), reason=said["reason"])
        return Done(f"The access list of {found} is changed.", found)

    edit = Edit(found, partial(last_change, found, LOCATION_CHANGED))
    return ask(request, made, act, Question(f"Who may open {found}", "Change"), back=found, edit=edit)
