"""An entry is never changed: what is right is an entry of its own, and each points to the other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from overt.inspection.corrections import correct
from overt.inspection.errors import BadCorrection
from overt.logbook.append import bytes_of
from overt.logbook.export import export
from overt.logbook.models import Entry
from overt.logbook.recording import record
from overt.logbook.verify import verify
from overt.shared.reasons import ReasonMissing
from world import World

ClientAs = Callable[..., Client]
RIGHT = {"text": "Three men, not two", "reason": "Miscounted on the night", "request": "RR-12"}


@pytest.fixture
def wrong(world: World) -> Entry:
    with transaction.atomic():
        return record(
            "watch.entry.written", world.camera("127"), by=world.asha, personal={"text": "Two men by the bench"}
        )


def corrected(client: Client, entry: Entry, **changes: str) -> Entry:
    answer = client.post(f"{entry.get_absolute_url()}correct/", RIGHT | changes)
    assert answer.status_code == 302, answer.content.decode()
    return Entry.objects.filter(action="logbook.entry.corrected").latest("number")


@pytest.mark.clause(
    "HERTS-16.6",
    part="Corrections are made by a linked amendment giving author, time and reason, the original staying readable",
)
def test_a_correction_has_author_time_and_reason_and_the_original_stays(
    world: World, wrong: Entry, client_as: ClientAs
) -> None:
    before = bytes_of(wrong)
    made = corrected(client_as(world.dev), wrong)
    said = dict(made.personal.values_list("field", "value"))
    assert said["actor_name"] == "Dev Chandra"
    assert (said["reason"], said["correction"]) == ("Miscounted on the night", "Three men, not two")
    assert made.recorded_at > wrong.recorded_at
    assert made.facts["corrects"] == wrong.number
    assert bytes_of(Entry.objects.get(number=wrong.number)) == before
    assert verify().sound


@pytest.mark.clause("HERTS-16.6", part="a linked amendment giving author … the original staying readable")
def test_the_two_point_to_each_other_and_both_are_readable(world: World, wrong: Entry, client_as: ClientAs) -> None:
    dev = client_as(world.dev)
    assert "Corrected" not in dev.get(wrong.get_absolute_url()).content.decode()
    made = corrected(dev, wrong)
    old, new = (dev.get(one.get_absolute_url()).content.decode() for one in (wrong, made))
    for words in ("Two men by the bench", "Three men, not two", f"entry {made.number}", "Dev Chandra", "Miscounted"):
        assert words in old
    assert f'href="{wrong.get_absolute_url()}"' in new
    assert "Three men, not two" in new
    for page in ("/logbook/", "/logbook/print/"):
        told = dev.get(page).content.decode()
        assert f"corrects entry {wrong.number}" in told
        assert f"corrected by entry {made.number}" in told
    answer = dev.get(f"/api/v1/logbook/entries/{wrong.number}").json()
    assert (answer["corrected_by"], answer["corrects"]) == ([made.number], None)
    assert dev.get(f"/api/v1/logbook/entries/{made.number}").json()["corrects"] == wrong.number


@pytest.mark.clause("HERTS-16.6", part="a rectification request can be answered from the same trail")
def test_a_request_for_rectification_is_answered_from_the_trail(
    world: World, wrong: Entry, client_as: ClientAs
) -> None:
    dev = client_as(world.dev)
    first = corrected(dev, wrong)
    second = corrected(dev, first, text="Three men and a boy")
    found = dev.get("/api/v1/logbook/entries?action=logbook.entry.corrected").json()["entries"]
    assert [(one["number"], one["corrects"], one["facts"]["request"]) for one in found] == [
        (second.number, first.number, "RR-12"),
        (first.number, wrong.number, "RR-12"),
    ]
    page = dev.get("/logbook/?action=logbook.entry.corrected").content.decode()
    assert f">{first.number}</a>" in page


@pytest.mark.clause("HERTS-16.6", part="giving … reason")
@pytest.mark.parametrize("missing", ["text", "reason"])
def test_without_what_is_right_or_why_nothing_is_written(
    world: World, wrong: Entry, client_as: ClientAs, missing: str
) -> None:
    answer = client_as(world.dev).post(f"{wrong.get_absolute_url()}correct/", RIGHT | {missing: " "})
    assert answer.status_code == 422
    said = {"text": "Three men, not two", "reason": "Miscounted on the night"} | {missing: " "}
    with pytest.raises((BadCorrection, ReasonMissing)):  # nor by any other door than the page
        correct(wrong, by=world.dev, **said)
    assert not Entry.objects.filter(action="logbook.entry.corrected").exists()


@pytest.mark.parametrize("name", ["asha", "cerys", "kit", "iris"])
def test_who_only_reads_corrects_nothing(world: World, wrong: Entry, client_as: ClientAs, name: str) -> None:
    answer = client_as(world.people[name]).post(f"{wrong.get_absolute_url()}correct/", RIGHT)
    assert answer.status_code in {403, 404}
    assert not Entry.objects.filter(action="logbook.entry.corrected").exists()


@pytest.mark.clause("HERTS-16.6", part="a linked amendment")
def test_an_inspectors_copy_tells_of_it_too(world: World, wrong: Entry, client_as: ClientAs, tmp_path: Path) -> None:
    made = corrected(client_as(world.dev), wrong)
    export(tmp_path / "out")
    script = tmp_path / "out" / "inspect_offline.py"
    ran = subprocess.run([sys.executable, "-I", script, tmp_path / "out"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert f"Entry {wrong.number} is corrected by entry {made.number}." in ran.stdout
