"""Partners, towns, sites, desks and camera groups: added and renamed by name, each with its entry."""

from __future__ import annotations

from uuid import UUID

import pytest

from overt.access.models import Grant
from overt.accounts.models import User
from overt.logbook.models import Entry
from overt.places.errors import BadPlace
from overt.places.models import Site
from overt.places.services import NOUNS, add_place, rename_place
from world import World


def entries(action: str) -> list[Entry]:
    return list(Entry.objects.filter(action=action).order_by("number"))


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        ("partners", "places.partner"),
        ("towns", "places.town"),
        ("sites", "places.site"),
        ("desks", "places.desk"),
        ("groups", "places.cameragroup"),
    ],
)
def test_a_place_is_added_and_renamed_with_an_entry_each(world: World, slug: str, kind: str) -> None:
    noun = NOUNS[slug]
    parent = {"partner": world.marketon, "site": world.control_room, "": None}[noun.belongs_to]
    row = add_place(noun, " Hill End ", by=world.elin, parent=parent)
    rename_place(noun, row, "Hill Top", by=world.elin)
    rename_place(noun, row, "Hill Top", by=world.elin)
    row.refresh_from_db()
    assert row.name == "Hill Top"
    [added], [renamed] = entries("estate.place.added"), entries("estate.place.renamed")
    assert [(one.subject_kind, UUID(one.subject_id)) for one in (added, renamed)] == [(kind, row.pk)] * 2
    assert added.facts == {"what": slug, "name": "Hill End"}
    assert renamed.facts == {"what": slug, "name": "Hill Top", "before": "Hill End"}
    assert {one.value for one in added.personal.filter(field="actor_name")} == {world.elin.full_name}


@pytest.mark.parametrize("name", ["", "   ", "-x", "=1+1", "a\nb", "x" * 81, "desk 1", "DESK 1"])
def test_a_name_that_is_no_name_or_taken_adds_nothing_and_renames_nothing(world: World, name: str) -> None:
    desks, room = NOUNS["desks"], world.control_room
    free = add_place(desks, "Desk 9", by=world.elin, parent=room)
    written = Entry.objects.count()
    with pytest.raises(BadPlace):
        add_place(desks, name, by=world.elin, parent=room)
    with pytest.raises(BadPlace):
        rename_place(desks, free, name, by=world.elin)
    assert room.desks.count() == 3
    assert Entry.objects.count() == written


def test_a_desk_s_name_is_taken_at_its_own_site_alone(world: World) -> None:
    other = Site.objects.create(name="Riverside lodge", partner=world.riverside_homes)
    assert add_place(NOUNS["desks"], "Desk 1", by=world.elin, parent=other).site == other


def test_what_belongs_to_something_is_not_added_without_it(world: World) -> None:
    with pytest.raises(BadPlace, match="which partner"):
        add_place(NOUNS["towns"], "Hilltop", by=world.elin)
    assert add_place(NOUNS["towns"], "Hilltop", by=world.elin, parent=world.marketon).partner == world.marketon


def test_a_grant_reaches_a_place_and_shows_its_new_name(world: World) -> None:
    asha: User = world.asha
    rename_place(NOUNS["partners"], world.marketon, "Marketon Council", by=world.elin)
    assert Grant.objects.get(user=asha).over == "Marketon Council"
