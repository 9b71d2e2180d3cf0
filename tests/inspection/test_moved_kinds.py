"""Entries stay as they were written when a model moves to another room, or an act does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from overt.breaches.models import CodeBreach
from overt.inspection.queries import as_read
from overt.logbook.actions import known_action
from overt.logbook.append import append
from overt.logbook.models import Entry
from overt.logbook.subjects import kinds_as_written
from overt.places.services import NOUNS, add_place
from overt.rooms import rooms
from world import World

ClientAs = Callable[..., Client]
#: Acts by which entries of installations name what is today done in another room. They never change.
NAMES = [
    "accounts.first_person.made", "accounts.password.reset", "accounts.person.added", "accounts.person.left",
    "accounts.person.returned", "accounts.person.suspended", "estate.place.added", "estate.place.renamed",
    "logbook.breach.added", "logbook.breach.answered", "logbook.breach.raised", "logbook.breach.reported",
    "logbook.breaches.listed", "logbook.checked", "logbook.entry.corrected", "logbook.entry.opened", "logbook.printed",
    "logbook.searched",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_act_keeps_its_name_whichever_room_does_it(name: str) -> None:
    assert known_action(name) is not None


def written_before(action: str, kind: str, key: object, facts: str) -> Entry:
    """An entry as an installation has it from before its subject's model moved."""
    with transaction.atomic():
        return append(action=action, subject=(kind, str(key)), camera="", facts=facts, commitments="{}")


def test_what_moved_is_told_by_its_name_and_leads_to_its_page(world: World) -> None:
    partner = world.marketon
    facts = '{"name":"Borough of Marketon","what":"partners"}'
    now = timezone.now()
    breach = CodeBreach.objects.create(kind="reported", words="A door stood open", detected_at=now, reported_at=now)
    old = [
        written_before("estate.place.added", "estate.partner", partner.pk, facts),
        written_before("logbook.breach.reported", "logbook.codebreach", breach.pk, '{"delay_seconds":0}'),
        written_before("estate.place.added", "estate.nothing", partner.pk, facts),
    ]
    told = as_read(Entry.objects.filter(number__in=[one.number for one in old]).order_by("number"))
    assert [str(one.subject) for one in told[:2]] == ["partner Borough of Marketon", f"Breach {breach.pk}"]
    assert told[1].subject.href == breach.get_absolute_url()
    assert told[2].subject.name == str(partner.pk), "a kind that nobody knows is its key"
    assert [one.words for one in told] == ["Place or group added", "Breach reported", "Place or group added"]


def test_either_name_finds_entries_from_before_and_after(world: World, client_as: ClientAs) -> None:
    old = written_before("estate.place.added", "estate.town", world.towns["Harbour"].pk, '{"name":"x","what":"towns"}')
    add_place(NOUNS["towns"], "Hilltop", by=world.elin, parent=world.marketon)
    new = Entry.objects.get(subject_kind="places.town").number
    browser = client_as(world.farah)
    for kind in ("estate.town", "places.town"):
        found = browser.get("/api/v1/logbook/entries", {"subject_kind": kind}).json()["entries"]
        assert [one["number"] for one in found] == [new, old.number], kind
    assert browser.get("/api/v1/logbook/entries", {"subject_kind": "estate.site"}).json()["entries"] == []


def test_a_kind_that_did_not_move_is_itself_alone() -> None:
    assert kinds_as_written("estate.camera") == ["estate.camera"]
    moved = [pair for room in rooms() for pair in room.kinds_before]
    assert len({before for before, _ in moved}) == len(moved) == 6
