"""Partners, towns, sites, desks and camera groups: a list, adding, renaming."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.models import User
from overt.accounts.requests import signed_in
from overt.estate.places.forms import PlaceForm
from overt.logbook.changes import last_change
from overt.places.log_actions import PLACE_RENAMED
from overt.places.services import NOUNS, Noun, add_place, rename_place
from overt.shared.asking import Done, Question, ask, ask_on
from overt.shared.edits import Edit


def index(request: HttpRequest) -> HttpResponse:
    _manager(request)
    counted = [(noun, noun.model._default_manager.count()) for noun in NOUNS.values()]
    return render(request, "estate/places/places.html", {"counted": counted})


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, with the form to add to it below."""
    user = _manager(request)
    noun = _noun(slug)

    def act(form: PlaceForm) -> Done:
        data = form.cleaned_data
        row = add_place(noun, data["name"], by=user, parent=data.get("parent"), kind=data.get("kind", ""))
        return Done(f"{row} is added.", reverse("places", args=[slug]))

    def context(form: PlaceForm) -> dict[str, Any]:
        rows = noun.model._default_manager.order_by("name")
        if noun.belongs_to:
            rows = rows.select_related(noun.belongs_to)
        listed = [(row, getattr(row, noun.belongs_to) if noun.belongs_to else "") for row in rows]
        return {"noun": noun, "listed": listed}

    made = partial(PlaceForm, noun=noun, adding=True)
    return ask_on(request, made, act, "estate/places/list.html", context)


def rename(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponse:
    user = _manager(request)
    noun = _noun(slug)
    row = get_object_or_404(noun.model, pk=place_id)
    back = reverse("places", args=[slug])

    def act(form: PlaceForm) -> Done:
        rename_place(noun, row, form.cleaned_data["name"], by=user)
        return Done("The name is changed, here and wherever it is shown.", back)

    def made(*sent: Any) -> PlaceForm:
        named = {"name": row.name}  # type: ignore[attr-defined]  # each of them has one
        return PlaceForm(*sent, noun=noun, adding=False, initial=named)

    edit = Edit(row, partial(last_change, row, PLACE_RENAMED))
    return ask(request, made, act, Question(f"Rename {row}", "Rename"), back=back, edit=edit)


def _manager(request: HttpRequest) -> User:
    user = signed_in(request)
    need(user, Act.MANAGE_CAMERA, everywhere=True)
    return user


def _noun(slug: str) -> Noun:
    if slug not in NOUNS:
        raise Http404(slug)
    return NOUNS[slug]
