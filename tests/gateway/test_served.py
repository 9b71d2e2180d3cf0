"""What was served is told, to the byte and by what it was given for; and no more can be fetched than can be looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import pytest
from websockets.asyncio.client import connect

from footage.gateway import served
from footage.gateway.served import Pace, Report, Served, Tally, TooMuch
from footage.gateway.tickets import Ticket
from footage.times import HZ
from gateway.conftest import Gateway
from gateway.recorder import LiveRecorder
from gateway.test_live import Watching
from playback.making import BEGIN, FPS, STEP, film

TICKET = Ticket(UUID(int=7), "review", 0, 10**18, 0, "asha", "a review")


class Book:
    """Where it is told; `deaf` takes nothing."""

    def __init__(self) -> None:
        self.told: list[Served] = []
        self.deaf = False

    def __call__(self, rows: Sequence[Served]) -> None:
        if self.deaf:
            raise OSError("the records cannot be written")
        self.told += rows


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setattr(served, "EVERY", 0.01)
    monkeypatch.setattr(served, "REST_SECONDS", 0.2)
    return Book()


@pytest.fixture
def report(book: Book) -> Report:
    return book


async def _told(book: Book, count: int = 1) -> list[Served]:
    async with asyncio.timeout(20):
        while len(book.told) < count:
            await asyncio.sleep(0.01)
    return book.told


async def test_the_bytes_of_many_requests_are_one_sum(gateway: Gateway, book: Book) -> None:
    gateway.recorded.record(BEGIN, 150)
    end = BEGIN + 150 * STEP
    address = f"/footage/play/{gateway.ticket('review', BEGIN, end, under='a review')}"
    whole = await gateway.http.get(f"{address}?start={BEGIN + FPS * STEP}&end={BEGIN + 3 * FPS * STEP}")
    part = await gateway.http.get(address, headers={"Range": "bytes=0-99"})
    await gateway.http.head(address)
    size = len(whole.content) + len(part.content)
    assert (len(part.content), size) == (100, size)
    (row,) = await _told(book)
    assert row == Served("asha", "a review", gateway.recorded.camera_id, "review", BEGIN, BEGIN + 3 * FPS * STEP, size)


async def test_a_still_is_told(gateway: Gateway, book: Book) -> None:
    gateway.recorded.record(BEGIN, 50)
    ticket = gateway.ticket("review", BEGIN, BEGIN + 50 * STEP, under="a review")
    jpeg = (await gateway.http.get(f"/footage/still/{ticket}?at={BEGIN}")).content
    (row,) = await _told(book)
    assert (row.start_90k, row.bytes) == (BEGIN, len(jpeg))


async def test_live_pictures_are_told_to_the_byte(gateway: Gateway, live: LiveRecorder, book: Book) -> None:
    async with connect(gateway.live_address(gateway.ticket("live", under="a look"))) as socket:
        await live.until_connected()
        live.parameters(film())
        live.pictures(film(), 0, 30)
        seen = await Watching(socket).until(pictures=30)
    (row,) = await _told(book)
    assert row.bytes == sum(16 + len(mp4) for *_, mp4 in seen.fragments)
    assert (row.act, row.under) == ("live", "a look")
    assert row.end_90k - row.start_90k < 20 * HZ


async def test_what_was_refused_is_not_told(gateway: Gateway, book: Book) -> None:
    gateway.recorded.record(BEGIN, 50)
    ticket = gateway.ticket("review", BEGIN, BEGIN + 50 * STEP)
    assert (await gateway.http.get(f"/footage/play/{ticket}?start={BEGIN - HZ}")).status_code == 403
    assert (await gateway.http.get(f"/footage/play/{ticket}", headers={"Range": "bytes=99999999-"})).status_code == 416
    await asyncio.sleep(0.3)
    assert book.told == []


async def test_looks_are_told_apart_and_one_that_goes_on_is_told_in_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "LONGEST_SECONDS", 0.0)
    book = Book()
    tally = Tally(book)
    tally.add(TICKET, 5, 9, 10)
    tally.add(Ticket(UUID(int=8), "review", 0, 1, 0, "asha", "a review"), 5, 9, 1)
    tally.add(Ticket(UUID(int=7), "review", 0, 1, 0, "asha", "another"), 5, 9, 2)
    tally.add(TICKET, 3, 4, 10)
    await tally.tell()
    assert sorted((row.under, row.camera_id.int, row.start_90k, row.end_90k, row.bytes) for row in book.told) == [
        ("a review", 7, 3, 9, 20),
        ("a review", 8, 5, 9, 1),
        ("another", 7, 5, 9, 2),
    ]
    await tally.tell(everything=True)
    assert len(book.told) == 3  # once


async def test_what_rests_not_yet_is_told_at_a_stop() -> None:
    book = Book()
    tally = Tally(book)
    tally.add(TICKET, 5, 9, 10)
    await tally.tell()
    assert book.told == []
    await tally.tell(everything=True)
    assert [row.bytes for row in book.told] == [10]


async def test_what_could_not_be_told_is_kept_and_told_with_what_came_meanwhile() -> None:
    book = Book()
    tally = Tally(book)
    tally.add(TICKET, 5, 9, 10)
    book.deaf = True
    await tally.tell(everything=True)
    tally.add(TICKET, 9, 12, 4)
    book.deaf = False
    await tally.tell(everything=True)
    assert [(row.start_90k, row.end_90k, row.bytes) for row in book.told] == [(5, 12, 14)]


def test_a_day_is_not_fetched_and_a_player_at_its_fastest_is_never_stopped() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    with pytest.raises(TooMuch):
        pace.spend(TICKET, "pictures", 24 * 3600 * HZ)
    for _ in range(24 * 3600 // 60):  # sixteen times as fast as it was recorded, a minute at a time
        pace.spend(TICKET, "pictures", 60 * HZ)
        now[0] += 60 / 16
    taken = 0
    with suppress(TooMuch):
        while taken < 24 * 60:  # as fast as it comes
            pace.spend(TICKET, "pictures", 60 * HZ)
            taken += 1
    assert taken * 60 <= served.AHEAD_SECONDS
    pace.spend(Ticket(UUID(int=8), "review", 0, 1, 0, "asha"), "pictures", 60 * HZ)  # another camera
    pace.spend(TICKET, "sound", 60 * HZ)
    with pytest.raises(TooMuch):  # another ticket of the same viewer is no way round
        pace.spend(Ticket(UUID(int=7), "review", 0, 1, 9, "asha", "another review"), "pictures", 60 * HZ)
    now[0] += 60
    pace.spend(TICKET, "pictures", 60 * HZ)


async def test_the_gateway_says_that_it_is_too_much(
    gateway: Gateway, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "AHEAD_SECONDS", 3.0)
    gateway.recorded.record(BEGIN, 150)
    ticket = gateway.ticket("review", BEGIN, BEGIN + 150 * STEP)
    answer = await gateway.http.get(f"/footage/play/{ticket}")
    assert (answer.status_code, answer.json()["code"]) == (429, "too-much")
    within = await gateway.http.get(f"/footage/play/{ticket}?start={BEGIN}&end={BEGIN + FPS * STEP}")
    assert within.status_code == 200
