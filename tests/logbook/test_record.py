"""Writing into the logbook: numbers, what is kept, what is only committed to, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection, transaction

from overt.accounts.models import User
from overt.logbook import merkle
from overt.logbook.append import bytes_of
from overt.logbook.errors import BadEntry, NotInTransaction, UnknownAction
from overt.logbook.models import Entry, Head, Personal
from overt.logbook.recording import record
from overt.logbook.verify import verify

SEALED = "test.thing.sealed"
Write = Callable[..., list[Entry]]


@pytest.mark.clause("HERTS-16.1", part="numbered in sequence and stamped by the server")
@pytest.mark.clause("BASS-10.0", part="Log entries have gapless numbers")
def test_entries_are_numbered_without_gaps_and_stamped_by_the_server(write: Write) -> None:
    before = datetime.now(UTC)
    made = write(5)
    assert [entry.number for entry in made] == [1, 2, 3, 4, 5]
    stamps = [entry.recorded_at for entry in Entry.objects.all()]
    assert stamps == sorted(stamps)
    assert before - timedelta(seconds=1) < stamps[0] <= stamps[-1] < datetime.now(UTC) + timedelta(seconds=1)


def test_an_act_that_is_undone_takes_its_entry_with_it_and_leaves_no_gap(write: Write, asha: User) -> None:
    write(2)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert record(SEALED, by=asha, reason="undone").number / 0
    assert [entry.number for entry in write(1)] == [3]
    assert list(Entry.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert verify().sound


def test_what_was_returned_is_what_is_stored_and_hashed(write: Write) -> None:
    [entry] = write(1, facts={"b": [1, None, True], "a": {"name": 'Zoë "the" Ω \\ \n'}})
    stored = Entry.objects.get(number=entry.number)
    assert bytes_of(stored) == bytes_of(entry)
    assert stored.facts == {"a": {"name": 'Zoë "the" Ω \\ \n'}, "b": [1, None, True]}
    found = json.loads(bytes_of(stored))
    assert json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == bytes_of(stored)
    assert sorted(found) == ["action", "at", "camera", "commitments", "facts", "number", "subject"]
    assert stored.leaf_hash == merkle.leaf_hash(bytes_of(stored)).hex()


def test_nothing_personal_stands_in_the_entry_itself(write: Write, asha: User) -> None:
    [entry] = write(1, reason="Mrs Jones was followed", personal={"person": "Mrs Jones"})
    text = bytes_of(entry).decode()
    for word in ("Asha", str(asha.pk), "Jones", "followed"):
        assert word not in text
    rows = {row.field: row for row in Personal.objects.filter(entry=entry)}
    assert {field: row.value for field, row in rows.items()} == {
        "actor": str(asha.pk),
        "actor_name": "Asha Patel",
        "reason": "Mrs Jones was followed",
        "person": "Mrs Jones",
    }
    for field, row in rows.items():
        quoted = json.dumps(row.value, ensure_ascii=False).encode()
        assert entry.commitments[field] == sha256(bytes.fromhex(row.salt or "") + quoted).hexdigest()


def test_the_same_value_is_never_committed_to_twice_alike(write: Write) -> None:
    first, second = write(2, reason="the same")
    assert first.commitments["reason"] != second.commitments["reason"]


def test_a_person_as_the_subject_is_personal_content(asha: User) -> None:
    with transaction.atomic():
        entry = record(SEALED, asha, by=None)
    assert (entry.subject_kind, entry.subject_id) == ("accounts.user", "")
    assert Personal.objects.get(entry=entry, field="subject").value == str(asha.pk)
    assert str(asha.pk) not in bytes_of(entry).decode()


def test_an_entry_is_filed_under_its_camera(world, asha_of_world: User) -> None:  # type: ignore[no-untyped-def]
    camera = world.camera("127")
    with transaction.atomic():
        by_subject = record(SEALED, camera, by=asha_of_world)
        by_key = record(SEALED, by=asha_of_world, cameras=[str(camera.pk)])
        neither = record(SEALED, by=asha_of_world)
    assert by_subject.camera == by_key.camera == str(camera.pk)
    assert neither.camera == ""


@pytest.fixture
def asha_of_world(world) -> User:  # type: ignore[no-untyped-def]
    return world.asha


def test_text_that_a_database_cannot_hold_is_kept_readable(write: Write) -> None:
    [entry] = write(1, reason="a\0b\ud800c\n\u2028", facts={"k\ud800": "v\0\ud800"})
    assert Personal.objects.get(entry=entry, field="reason").value == "a\ufffdb\ufffdc\n\u2028"
    assert verify().sound


def test_an_unregistered_action_is_refused(asha: User) -> None:
    with pytest.raises(UnknownAction) as caught, transaction.atomic():
        record("test.nobody.registered", by=asha)
    assert caught.value.code == "unknown-action"
    assert not Entry.objects.exists()


@pytest.mark.parametrize("facts", [{"x": 1.5}, {"x": {"y": [0.1]}}, {"x": object()}, {1: "x"}])
def test_facts_without_a_canonical_form_are_refused(asha: User, facts: dict) -> None:  # type: ignore[type-arg]
    with pytest.raises(BadEntry), transaction.atomic():
        record(SEALED, by=asha, facts=facts)
    assert not Entry.objects.exists()


def test_personal_content_cannot_pretend_to_be_the_actor(asha: User) -> None:
    with pytest.raises(BadEntry), transaction.atomic():
        record(SEALED, by=asha, personal={"actor_name": "Somebody Else"})


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NotInTransaction) as caught:
        record(SEALED, by=None)
    assert caught.value.code == "not-in-transaction"


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite's test database is in memory: see below")
@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_get_one_number_each_on_postgresql() -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(20):
                with transaction.atomic():
                    record(SEALED, by=None, reason="at once")
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert list(Entry.objects.values_list("number", flat=True)) == list(range(1, 81))
    assert Head.objects.get().size == 80
    assert verify().sound


WRITERS = """
import os, django
django.setup()
from django.core.management import call_command
from django.db import connection, transaction
call_command("migrate", "logbook", verbosity=0, skip_checks=True)
connection.close()
from overt.logbook.actions import action
from overt.logbook.recording import record
from overt.logbook.verify import verify
action("test.thing.sealed", "Thing sealed")
children = []
for _ in range(3):
    child = os.fork()
    if child == 0:
        for _ in range(20):
            with transaction.atomic():
                record("test.thing.sealed", by=None, reason="at once")
        os._exit(0)
    children.append(child)
assert all(os.waitpid(child, 0)[1] == 0 for child in children)
report = verify()
print(report.sound, report.size, report.entries)
"""


def test_processes_writing_at_the_same_time_get_one_number_each_on_sqlite(tmp_path: Path) -> None:
    environment = {**os.environ, "OVERT_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "overt.settings"}
    environment.pop("OVERT_DATABASE", None)
    ran = subprocess.run(
        [sys.executable, "-c", WRITERS], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["True", "60", "60"]
