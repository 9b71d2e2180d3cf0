"""What is recorded stays as it is recorded: no door changes it, and what is changed or lost beside the doors is told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from starlette.testclient import TestClient

from access.test_every_route import send
from carried.test_everything_written_down import somebody_who_may
from every_route import ROUTES
from footage.contract import CameraId
from footage.gateway.app import create_app
from footage.gateway.tickets import Ticket, TicketAct, sign
from footage.times import utc_now
from overt.breaches.models import CodeBreach
from overt.breaches.services import answer_breach
from overt.logbook.models import Entry
from overt.shared.keys import ticket_key
from overt.up.worker import rounds
from overt.watch.integrity.services import check_a_little
from overt.watch.models import DamagedSegment, FootageRound
from overt.watch.notices import notices_for
from playback.making import BEGIN, HZ, Recorded
from world import World

ClientAs = Callable[..., Client]
DAY = timedelta(days=1, seconds=1)


def films() -> list[Path]:
    return sorted(Path(settings.FOOTAGE_STORE).rglob("*.mp4"))


def content() -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in films()}


def go_round(now=None) -> FootageRound:  # type: ignore[no-untyped-def]
    """As the worker does, until the round is whole."""
    for _ in range(20):
        found = check_a_little(now or timezone.now(), budget_bytes=1)
        assert found is not None
        if found.finished_at:
            return found
    raise AssertionError("the round does not end")


def change_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def take_away(path: Path) -> None:
    path.unlink()


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


CHANGING = [key for key in ROUTES if not key.startswith("GET ")]


@pytest.mark.clause(
    "BASS-9.1.c", part="Recording stores accept no edits, deletion is possible only by the retention job"
)
@pytest.mark.parametrize("key", CHANGING, ids=[key.replace(" ", "-") for key in CHANGING])
def test_no_door_of_the_product_changes_a_recording(
    key: str, world: World, footage: Recorded, client_as: ClientAs
) -> None:
    before = content()
    assert len(before) == 2
    person = somebody_who_may(key, world)
    send(client_as(person), key, world, person, "127")
    assert content() == before


@pytest.fixture
def gateway(world: World, footage: Recorded) -> Iterator[tuple[TestClient, str]]:
    camera = CameraId(world.camera("127").pk)
    expires = utc_now() // HZ + 300
    ticket = Ticket(camera, TicketAct.REVIEW, BEGIN, BEGIN + 60 * HZ, expires, str(world.elin.pk))
    app = create_app(settings.FOOTAGE_STORE, settings.RUN, ticket_key())
    with TestClient(app) as client:
        yield client, f"/play/{sign(ticket, ticket_key())}"


@pytest.mark.clause("BASS-9.1.c", part="Recording stores accept no edits")
@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE"])
def test_the_door_of_video_bytes_takes_none(gateway: tuple[TestClient, str], method: str) -> None:
    client, address = gateway
    before = content()
    assert client.get(address).status_code in {200, 206}
    assert client.request(method, address, content=b"other pictures").status_code == 405
    assert content() == before


def test_nothing_is_told_of_recordings_that_are_as_they_were(world: World, footage: Recorded) -> None:
    done = go_round()
    assert (done.segments, done.damaged, done.percent) == (2, 0, 100)
    assert not CodeBreach.objects.exists()
    assert Entry.objects.get(action="watch.footage.checked").facts["segments"] == 2
    assert notices_for(world.elin, timezone.now()) == []


@pytest.mark.clause("BASS-9.1.c", part="tampering or loss is detected and raised as an alert")
@pytest.mark.parametrize(
    ("harm", "finding"),
    [
        (change_a_byte, "hash-differs"),
        (cut_short, "size-differs"),
        (take_away, "missing"),
        (replace_by_folder, "size-differs"),
    ],
)
def test_what_was_changed_or_lost_is_an_alert(
    world: World, footage: Recorded, client_as: ClientAs, harm: Callable[[Path], None], finding: str
) -> None:
    harm(films()[1])
    assert go_round().damaged == 1
    breach = CodeBreach.objects.get(kind="footage")
    assert "Camera 127" in breach.findings[0]
    entry = Entry.objects.get(action="watch.footage.damaged")
    assert (entry.facts["finding"], entry.camera) == (finding, str(world.camera("127").pk))
    [notice] = notices_for(world.elin, timezone.now())
    assert (notice.tone, notice.href) == ("now", breach.get_absolute_url())
    figures = Client().get("/metrics").content.decode()
    assert "overt_footage_damaged 1.0" in figures
    assert 'overt_breaches_open{kind="footage"} 1.0' in figures
    assert "Camera 127" in client_as(world.elin).get(breach.get_absolute_url()).content.decode()


@pytest.mark.clause("BASS-9.1.c", part="raised as an alert")
def test_one_damage_is_told_once_and_more_of_it_joins_what_is_open(world: World, footage: Recorded) -> None:
    now = timezone.now()
    first, second = films()
    change_a_byte(first)
    go_round(now)
    take_away(second)
    go_round(now + DAY)
    breach = CodeBreach.objects.get()
    assert len(breach.findings) == DamagedSegment.objects.count() == 2
    answer_breach(breach, by=world.elin, words="The disk is replaced")
    assert go_round(now + 2 * DAY).damaged == 2
    assert CodeBreach.objects.filter(answered_at=None).count() == 0
    first.unlink()
    go_round(now + 3 * DAY)
    assert CodeBreach.objects.filter(answered_at=None).count() == 1


@pytest.mark.clause("BASS-9.1.c", part="tampering or loss is detected")
def test_the_round_goes_on_where_it_was_and_begins_anew_after_a_day(world: World, footage: Recorded) -> None:
    now = timezone.now()
    half = check_a_little(now, budget_bytes=1)
    assert half is not None
    assert (half.segments, half.finished_at) == (1, None)
    assert 0 < half.percent < 100, "and how far it is shown"
    change_a_byte(films()[0])  # already read: it is found the next time round
    assert go_round(now).damaged == 0
    assert check_a_little(now + timedelta(hours=23)) is None
    assert go_round(now + DAY).damaged == 1


def test_what_retention_took_is_no_loss(world: World, footage: Recorded) -> None:
    assert footage.catalogue.mark_oldest(utc_now(), 1, limit=1) == 1
    films()[0].unlink()
    assert go_round().damaged == 0
    assert not CodeBreach.objects.exists()


@pytest.mark.clause("BASS-9.1.c", part="tampering or loss is detected and raised as an alert")
def test_the_worker_does_it_by_itself(world: World, footage: Recorded) -> None:
    change_a_byte(films()[0])
    [every_and_do] = [(every, do) for name, every, do in rounds() if "hashes" in name]
    every, do = every_and_do
    assert every <= timedelta(minutes=1)
    do()
    assert CodeBreach.objects.filter(kind="footage").count() == 1
