"""A right that has ended ends what is served on it within a second, and opens nothing more; doubt opens nothing new."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Collection

import httpx
import pytest
from websockets.asyncio.client import connect

from footage.gateway import standing
from footage.gateway.standing import RightEnded, Rights, RightsUnknown, Standing
from footage.gateway.tickets import Ticket
from gateway.conftest import Gateway
from gateway.recorder import LiveRecorder
from gateway.test_live import Watching, closed, refused
from playback.making import BEGIN, STEP, film

TICKET = Ticket(camera_id=None, act="live", start_90k=0, end_90k=0, expires=0, viewer="asha")  # type: ignore[arg-type]


class Scheme:
    """Who gave the tickets: what has ended is in `over` (by what a ticket was given for), and every question counts."""

    def __init__(self) -> None:
        self.over: set[str] = set()
        self.silent = False
        self.questions: list[frozenset[Ticket]] = []

    def __call__(self, tickets: Collection[Ticket]) -> Collection[Ticket]:
        self.questions.append(frozenset(tickets))
        if self.silent:
            raise OSError("the records cannot be read")
        return {ticket for ticket in tickets if ticket.under in self.over}


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def rights(scheme: Scheme) -> Rights:
    return scheme


async def test_live_pictures_end_within_a_second_and_others_go_on(
    gateway: Gateway, live: LiveRecorder, scheme: Scheme
) -> None:
    hers, his = (gateway.live_address(gateway.ticket("live", under=name)) for name in ("hers", "his"))
    async with connect(hers) as ending, connect(hers) as other_tab, connect(his) as going_on:
        await live.until_connected()
        scheme.over.add("hers")
        began = time.monotonic()
        assert await closed(ending) == (4403, "right-ended")
        assert await closed(other_tab) == (4403, "right-ended")
        assert time.monotonic() - began < 1
        live.parameters(film())
        live.pictures(film(), 0, 25)
        await Watching(going_on).until(pictures=25)
    assert await refused(hers) == (403, "right-ended")


async def test_a_renewal_for_what_has_ended_ends_the_socket_too(
    gateway: Gateway, live: LiveRecorder, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "EVERY", 60.0)  # the next question is not waited for
    monkeypatch.setattr(standing, "FRESH", 0.0)
    async with connect(gateway.live_address(gateway.ticket("live", under="hers"))) as socket:
        await live.until_connected()
        scheme.over.add("hers")
        await socket.send(json.dumps({"type": "renew", "ticket": gateway.ticket("live", under="hers", life=400)}))
        assert await closed(socket) == (4403, "right-ended")


@pytest.mark.parametrize("door", ["play", "sound", "still"])
async def test_recordings_are_refused_within_a_second(gateway: Gateway, scheme: Scheme, door: str) -> None:
    gateway.recorded.record(BEGIN, 50)
    end = BEGIN + 50 * STEP
    address = f"/footage/{door}/{gateway.ticket('review', BEGIN, end, under='a review')}?at={BEGIN}"
    assert (await gateway.http.get(address)).status_code in (200, 404)  # these films have no sound
    scheme.over.add("a review")
    began = time.monotonic()
    while (answer := await gateway.http.get(address)).status_code != 403:
        assert time.monotonic() - began < 1
    assert answer.json()["code"] == "right-ended"
    assert (await gateway.http.head(address)).status_code in (403, 405)


async def test_a_recording_on_its_way_is_cut(gateway: Gateway, scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    heavy = film(640, 360, 250, heavy=True)
    gateway.recorded.record(BEGIN, 250, film=heavy)
    address = f"/footage/play/{gateway.ticket('review', BEGIN, BEGIN + 250 * STEP, under='a review')}"
    async with gateway.http.stream("GET", address) as answer:
        parts = answer.aiter_raw(1024)
        await anext(parts)
        scheme.over.add("a review")
        await _until(lambda: len(scheme.questions) >= 2)
        with pytest.raises(httpx.RemoteProtocolError):
            async for _ in parts:
                pass


async def test_a_recording_on_its_way_is_cut_when_its_ticket_dies(gateway: Gateway) -> None:
    gateway.recorded.record(BEGIN, 250, film=film(640, 360, 250, heavy=True))
    address = f"/footage/play/{gateway.ticket('review', BEGIN, BEGIN + 250 * STEP, life=1)}"
    async with gateway.http.stream("GET", address) as answer:
        with pytest.raises(httpx.RemoteProtocolError):
            await _read_slowly(answer)


async def test_while_nobody_answers_nothing_new_opens_and_a_wall_stays_for_a_moment(
    gateway: Gateway, live: LiveRecorder, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "EVERY", 0.01)
    monkeypatch.setattr(standing, "GRACE_SECONDS", 0.5)
    address = gateway.live_address(gateway.ticket("live", under="hers"))
    async with connect(address) as held:
        await live.until_connected()
        scheme.silent = True
        began = time.monotonic()
        await _until(lambda: len(scheme.questions) > 3)
        assert await refused(gateway.live_address(gateway.ticket("live", under="another"))) == (503, "rights-unknown")
        assert await closed(held) == (4503, "rights-unknown")
        assert time.monotonic() - began > 0.25  # an answer had come shortly before
    scheme.silent = False
    async with connect(address):
        await live.until_connected()


async def test_all_that_is_held_is_one_question() -> None:
    scheme = Scheme()
    asking = Standing(scheme)
    many = [Ticket(None, "live", 0, 0, 0, str(number)) for number in range(50)]  # type: ignore[arg-type]
    await asyncio.gather(*(asking.check(ticket) for ticket in many))
    assert len(scheme.questions) <= 2
    await asking.check(many[0])
    assert len(scheme.questions) <= 2  # known well enough
    for ticket in many:
        with asking.holding(ticket) as held:
            held.check()


async def test_a_scheme_that_hangs_is_one_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "ANSWER_SECONDS", 0.05)
    asking = Standing(lambda tickets: time.sleep(0.2) or ())
    with pytest.raises(RightsUnknown):
        await asking.check(TICKET)


async def test_an_answer_is_as_old_as_its_question(monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = Scheme()
    asking = Standing(scheme)
    await asking.check(TICKET)
    scheme.over.add("")
    monkeypatch.setattr(standing, "FRESH", 0.0)
    with pytest.raises(RightEnded):
        await asking.check(TICKET)


async def test_old_answers_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "FRESH", 0.0)
    asking = Standing(Scheme())
    for number in range(5):
        await asking.check(Ticket(None, "live", 0, 0, 0, str(number)))  # type: ignore[arg-type]
    assert len(asking._good) == 1


async def test_nothing_is_asked_while_nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "EVERY", 0.001)
    scheme = Scheme()
    asking = Standing(scheme)
    with asking.holding(TICKET):
        await _until(lambda: scheme.questions)
    await _until(lambda: asking._repeating is not None and asking._repeating.done())
    count = len(scheme.questions)
    await asyncio.sleep(0.02)
    assert len(scheme.questions) == count


async def _read_slowly(answer: httpx.Response) -> None:
    async for _ in answer.aiter_raw(256 * 1024):
        await asyncio.sleep(0.3)


async def _until(found) -> None:
    async with asyncio.timeout(20):
        while not found():
            await asyncio.sleep(0.002)
