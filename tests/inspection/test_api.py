"""The logbook for scripts."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from overt.logbook import merkle
from overt.logbook.checkpoints import read_checkpoint
from overt.logbook.models import Entry
from overt.logbook.recording import record
from overt.logbook.services import erase
from world import World

SEALED = "test.thing.sealed"
ClientAs = Callable[[object], Client]


def act(world: World, camera: str | None = None) -> Entry:
    with transaction.atomic():
        return record(SEALED, world.camera(camera) if camera else None, by=world.asha, reason="why", facts={"n": 1})


def test_entries_are_read_page_by_page_and_the_search_is_one_entry(world: World, client_as: ClientAs) -> None:
    for _ in range(5):
        act(world, "127")
    act(world, "128")
    dev = client_as(world.dev)
    first = dev.get("/api/v1/logbook/entries?camera=127&limit=2").json()
    second = dev.get(f"/api/v1/logbook/entries?camera=127&limit=2&cursor={first['next']}").json()
    third = dev.get(f"/api/v1/logbook/entries?camera=127&limit=2&cursor={second['next']}").json()
    pages = [[entry["number"] for entry in page["entries"]] for page in (first, second, third)]
    assert pages == [[5, 4], [3, 2], [1]]
    assert third["next"] is None
    assert Entry.objects.filter(action="logbook.searched").count() == 1


def test_an_entry_carries_its_content_and_what_was_erased(world: World, client_as: ClientAs) -> None:
    entry = act(world, "127")
    erase(entry.number, by=world.hari, reason="asked", fields=["reason"])
    got = client_as(world.dev).get("/api/v1/logbook/entries/1").json()
    assert (got["action"], got["words"], got["facts"]) == (SEALED, "Thing sealed", {"n": 1})
    assert got["subject"] == {"kind": "estate.camera", "id": str(world.camera("127").pk)}
    assert got["camera"] == "127 High Street North"
    assert got["personal"] == {"actor": str(world.asha.pk), "actor_name": "Asha Patel", "reason": None}
    assert set(got["commitments"]) == {"actor", "actor_name", "reason"}
    assert list(got["erased"]) == ["reason"]


def test_a_proof_checks_out(world: World, client_as: ClientAs) -> None:
    for _ in range(300):
        act(world)
    dev = client_as(world.dev)
    got = dev.get("/api/v1/logbook/proof?entry=123").json()
    path = [b64decode(part) for part in got["path"]]
    leaf = merkle.leaf_hash(got["canonical"].encode())
    stated = read_checkpoint(got["checkpoint"]["note"])
    assert b64decode(got["leaf_hash"]) == leaf
    assert merkle.is_included(leaf, got["index"], stated.size, path, stated.root)
    text = dev.get("/api/v1/logbook/proof?entry=123&form=text")
    assert text["Content-Type"].startswith("text/plain")
    assert text.content.decode() == got["tlog_proof"]


def test_consistency_checks_out_from_any_checkpoint(world: World, client_as: ClientAs) -> None:
    act(world)
    dev = client_as(world.dev)
    kept = dev.get("/api/v1/logbook/checkpoint").json()
    assert dev.get("/api/v1/logbook/checkpoint?form=text").content.decode() == kept["note"]
    for _ in range(6):
        act(world)
    got = dev.get(f"/api/v1/logbook/consistency?from={kept['size']}").json()
    path = [b64decode(part) for part in got["path"]]
    old, new = read_checkpoint(kept["note"]), read_checkpoint(got["checkpoint"]["note"])
    assert (got["from"], got["to"]) == (old.size, new.size) == (1, 7)
    assert merkle.is_consistent(old.size, new.size, old.root, new.root, path)


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("entries?cursor=made-up", 409, "bad-cursor"),
        ("entries?from=yesterday", 422, "bad-time"),
        ("entries?limit=0", 422, "bad-input"),
        ("entries/99", 404, "no-such-entry"),
        ("proof", 422, "bad-input"),
        ("proof?entry=99", 404, "no-such-entry"),
        ("proof?entry=0", 422, "bad-input"),
        ("consistency?from=99", 409, "bad-size"),
        ("consistency?from=-1", 422, "bad-input"),
        ("checkpoint?form=xml", 422, "bad-input"),
    ],
)
def test_bad_input_is_a_problem_document(
    world: World, client_as: ClientAs, address: str, status: int, code: str
) -> None:
    act(world)
    answer = client_as(world.dev).get(f"/api/v1/logbook/{address}")
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["code"] == code


@pytest.mark.parametrize("address", ["entries", "entries/1", "checkpoint", "proof?entry=1", "consistency?from=0"])
def test_the_same_door_stands_before_the_api(world: World, client_as: ClientAs, address: str) -> None:
    act(world)
    assert client_as(world.cerys).get(f"/api/v1/logbook/{address}").status_code == 200
    assert client_as(world.asha).get(f"/api/v1/logbook/{address}").status_code == 403
    assert client_as(None).get(f"/api/v1/logbook/{address}").status_code == 401
