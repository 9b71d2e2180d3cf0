"""Partners, towns, sites, desks and camera groups: added and renamed, each with its entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from overt.logbook.recording import Actor, log
from overt.places.errors import BadPlace
from overt.places.log_actions import PLACE_ADDED, PLACE_RENAMED, PlaceAdded, PlaceRenamed
from overt.places.models import CameraGroup, Desk, Partner, Site, Town
from overt.shared.locking import LockQuerySet


@dataclass(frozen=True, slots=True)
class Noun:
    """One of the lists: its table, what it is called, and what each row belongs to."""

    slug: str
    model: type[models.Model]
    one: str
    many: str
    explained: str
    belongs_to: str = ""  # the field of the row it belongs to


NOUNS: Mapping[str, Noun] = {
    noun.slug: noun
    for noun in (
        Noun("partners", Partner, "partner", "Partners", "Member bodies whose cameras or consent count."),
        Noun("towns", Town, "town", "Towns", "Where cameras stand, as the scheme speaks of it.", "partner"),
        Noun("sites", Site, "site", "Sites", "Control rooms, cabinets and relays.", "partner"),
        Noun("desks", Desk, "desk", "Desks", "Places in a control room where one operator works.", "site"),
        Noun("groups", CameraGroup, "camera group", "Camera groups", "Cameras granted, shown or reported together."),
    )
}


@transaction.atomic
def add_place(noun: Noun, name: str, *, by: Actor | None, parent: models.Model | None = None, kind: str = "") -> Any:
    """A new row of one of the lists. Raises BadPlace for a name that is empty, too long or taken."""
    values: dict[str, Any] = {"name": name.strip()}
    if noun.belongs_to:
        if parent is None:
            raise BadPlace(f"Say which {noun.belongs_to} the {noun.one} belongs to.")
        values[noun.belongs_to] = parent
    if kind and noun.model is Site:
        values["kind"] = kind
    _check_name(noun, values["name"], parent)
    row = noun.model._default_manager.create(**values)
    log(PLACE_ADDED, row, by=by, facts=PlaceAdded(noun.slug, values["name"]))
    return row


@transaction.atomic
def rename_place(noun: Noun, row: Any, name: str, *, by: Actor) -> None:
    """Another name for the same row. Raises BadPlace, ChangedMeanwhile."""
    row = LockQuerySet(noun.model).lock(row.pk)
    name, before = name.strip(), row.name
    if name == before:
        return
    _check_name(noun, name, getattr(row, noun.belongs_to) if noun.belongs_to else None, row)
    row.name = name
    row.save(update_fields=["name"])
    log(PLACE_RENAMED, row, by=by, facts=PlaceRenamed(noun.slug, name, before))


def _check_name(noun: Noun, name: str, parent: models.Model | None, row: models.Model | None = None) -> None:
    longest = int(getattr(noun.model._meta.get_field("name"), "max_length", None) or 80)
    if not name or len(name) > longest or not name.isprintable() or not name[0].isalnum():
        raise BadPlace(f"A {noun.one}'s name begins with a letter or digit and has at most {longest} characters.")
    same = noun.model._default_manager.filter(name__iexact=name)
    if noun.model is Desk and parent is not None:
        same = same.filter(site=parent)
    if row is not None:
        same = same.exclude(pk=row.pk)
    if same.exists():
        raise BadPlace(f"There is already a {noun.one} of that name.")
