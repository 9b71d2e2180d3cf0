"""Partners, towns, sites, desks and camera groups: a list, adding, renaming."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.models import User
from overt.accounts.requests import signed_in
from overt.estate import places
from overt.estate.forms import PlaceForm
from overt.estate.places import NOUNS, Noun
from overt.shared.problems import told_on


def index(request: HttpRequest) -> HttpResponse:
    _manager(request)
    counted = [(noun, noun.model._default_manager.count()) for noun in NOUNS.values()]
    return render(request, "estate/places.html", {"counted": counted})


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, with the form to add to it below."""
    user = _manager(request)
    noun = _noun(slug)
    form = PlaceForm(request.POST or None, noun=noun, adding=True)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with told_on(form):
            row = places.add_place(noun, data["name"], by=user, parent=data.get("parent"), kind=data.get("kind", ""))
            messages.success(request, f"{row} is added.")
            return redirect("places", slug)
    rows = noun.model._default_manager.order_by("name")
    if noun.belongs_to:
        rows = rows.select_related(noun.belongs_to)
    listed = [(row, getattr(row, noun.belongs_to) if noun.belongs_to else "") for row in rows]
    context = {"noun": noun, "listed": listed, "form": form}
    return render(request, "estate/place_list.html", context, status=422 if form.errors else 200)


def rename(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponse:
    user = _manager(request)
    noun = _noun(slug)
    row = get_object_or_404(noun.model, pk=place_id)
    form = PlaceForm(request.POST or None, noun=noun, adding=False, initial={"name": row.name})  # type: ignore[attr-defined]  # each of them has one
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            places.rename_place(noun, row, form.cleaned_data["name"], by=user)
            messages.success(request, "The name is changed, here and wherever it is shown.")
            return redirect("places", slug)
    context = {"title": f"Rename {row}", "form": form, "button": "Rename", "back": f"/estate/{slug}/"}
    return render(request, "web/ask.html", context, status=422 if form.errors else 200)


def _manager(request: HttpRequest) -> User:
    user = signed_in(request)
    need(user, Act.MANAGE_CAMERA, everywhere=True)
    return user


def _noun(slug: str) -> Noun:
    if slug not in NOUNS:
        raise Http404(slug)
    return NOUNS[slug]
