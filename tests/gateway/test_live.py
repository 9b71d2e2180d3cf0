"""Live pictures: every picture byte-exact to every viewer, one connection to the recorder, and nobody disturbs another."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from contextlib import suppress
from uuid import uuid4

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from gateway.conftest import Gateway
from gateway.recorder import LiveRecorder
from playback.making import STEP, film, played

HEADER = struct.Struct(">BBHIq")


class Watching:
    """What one viewer has received so far."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.texts: list[dict[str, object]] = []
        self.init = b""
        self.fragments: list[tuple[int, int, int, bytes]] = []  # flags, sequence, utc, mp4

    async def until(self, pictures: int = 0, texts: int = 0) -> Watching:
        async with asyncio.timeout(20):
            while len(self.fragments) < pictures or len(self.texts) < texts:
                self._take(await self.connection.recv())
        return self

    def _take(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self.texts.append(json.loads(message))
            return
        kind, flags, _, sequence, utc = HEADER.unpack_from(message)
        if kind == 0:
            self.init = message[HEADER.size :]
        else:
            self.fragments.append((flags, sequence, utc, message[HEADER.size :]))

    @property
    def mp4(self) -> bytes:
        return self.init + b"".join(fragment[3] for fragment in self.fragments)


async def closed(connection: ClientConnection) -> tuple[int, str]:
    async with asyncio.timeout(20):
        with suppress(ConnectionClosedError):
            async for _ in connection:
                pass
        await connection.wait_closed()
    return connection.close_code or 0, connection.close_reason or ""


async def refused(address: str) -> tuple[int, str]:
    """The status and the code, if there is one, with which a socket was refused before its handshake."""
    with pytest.raises(InvalidStatus) as found:
        await connect(address)
    response = found.value.response
    return response.status_code, json.loads(response.body)["code"] if response.body else ""


async def test_a_viewer_gets_every_picture_as_it_was_coded(gateway: Gateway, live: LiveRecorder) -> None:
    async with connect(gateway.live_address(gateway.ticket("live"))) as socket:
        await live.until_connected()
        live.parameters(film())
        live.state("recording")
        live.pictures(film(), 0, 60, begin_90k=10**14)
        seen = await Watching(socket).until(pictures=60)
    assert seen.texts[0]["type"] == "parameters"
    assert (seen.texts[0]["codec"], seen.texts[0]["width"]) == (film().parameters.rfc6381, 320)
    assert (seen.texts[1]["type"], seen.texts[1]["condition"]) == ("state", "recording")
    assert [one[2] for one in seen.fragments] == [10**14 + number * STEP for number in range(60)]
    assert [number for number, one in enumerate(seen.fragments) if one[0] & 1] == [0, 25, 50]
    what = played(seen.mp4)
    assert what.coded == [coded for coded, _ in film().pictures[:60]]
    assert what.numbers == list(range(60))
    assert what.times_90k == [number * STEP for number in range(60)]


async def test_many_viewers_share_one_connection_that_closes_with_the_last(
    gateway: Gateway, live: LiveRecorder
) -> None:
    address = gateway.live_address(gateway.ticket("live"))
    async with connect(address) as first:
        await live.until_connected()
        live.parameters(film())
        live.pictures(film(), 0, 30)
        await Watching(first).until(pictures=30)
        async with connect(address) as second:
            seen = await Watching(second).until(pictures=5)  # from the last key frame on, without waiting for the next
            assert played(seen.mp4).numbers == list(range(25, 30))
            live.pictures(film(), 30, 40)
            assert played((await seen.until(pictures=15)).mp4).numbers == list(range(25, 40))
        assert live.connected == 1
    await live.until_connected(0)


def not_reading(port: int, address: str) -> socket.socket:
    """A viewer's connection that takes next to nothing of what it is sent."""
    idle = socket.create_connection(("127.0.0.1", port))
    idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    path = address.split(str(port))[1]
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    idle.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{key}\r\n".encode())
    return idle


async def test_a_viewer_who_takes_nothing_for_long_is_let_go(
    gateway: Gateway, live: LiveRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footage.gateway.live.STUCK_SECONDS", 0.3)
    big = film(640, 360, 250, heavy=True)
    with not_reading(gateway.port, gateway.live_address(gateway.ticket("live"))):
        await live.until_connected()
        live.parameters(big)
        await live.many_pictures(big, 3000)
        await live.until_connected(0)


async def test_a_viewer_who_does_not_read_disturbs_nobody(gateway: Gateway, live: LiveRecorder) -> None:
    address = gateway.live_address(gateway.ticket("live"))
    big = film(640, 360, 250, heavy=True)
    idle = not_reading(gateway.port, address)
    await live.until_connected()
    live.parameters(big)
    async with connect(address, max_size=None) as quick:
        seen = Watching(quick)
        for second in range(40):
            first = second * 25 % 250
            live.pictures(big, first, first + 25)
            await seen.until(pictures=second * 25 + 25)  # each second arrives before the next is sent
    assert played(seen.mp4, decode=False).coded == [coded for coded, _ in big.pictures] * 4
    idle.close()


async def test_a_slow_viewer_goes_on_from_a_later_key_frame(gateway: Gateway, live: LiveRecorder) -> None:
    big = film(640, 360, 250, heavy=True)
    async with connect(gateway.live_address(gateway.ticket("live")), max_size=None, max_queue=1) as slow:
        await live.until_connected()
        live.parameters(big)
        sent = 3000  # far more than may wait, while nothing is read
        await live.many_pictures(big, sent)
        live.state("lost")
        seen = Watching(slow)
        async with asyncio.timeout(20):
            while not (seen.texts and seen.texts[-1].get("condition") == "lost"):
                seen._take(await slow.recv())
        assert 0 < len(seen.fragments) < sent
        jumps = [b for a, b in zip(seen.fragments, seen.fragments[1:], strict=False) if b[1] > a[1] + 1]
        assert jumps
        assert all(flags & 1 for flags, *_ in jumps)


async def test_the_recorder_going_away_is_said_and_its_return_picked_up(gateway: Gateway, live: LiveRecorder) -> None:
    async with connect(gateway.live_address(gateway.ticket("live"))) as socket:
        await live.until_connected()
        live.parameters(film())
        live.pictures(film(), 0, 25)
        seen = await Watching(socket).until(pictures=25)
        await live.stop()
        await seen.until(texts=2)
        assert seen.texts[1]["condition"] == "stopped"
        await live.start()
        await live.until_connected()
        live.parameters(film())
        live.state("recording")
        live.pictures(film(), 0, 25)
        await seen.until(pictures=50, texts=3)
    assert [text.get("condition") for text in seen.texts] == [None, "stopped", "recording"]
    times = played(seen.mp4).times_90k
    assert times == [number * STEP for number in range(50)]  # the clock inside never goes back


async def test_without_a_recorder_a_viewer_is_told_so(gateway: Gateway) -> None:
    async with connect(gateway.live_address(gateway.ticket("live"))) as socket:
        seen = await Watching(socket).until(texts=1)
    assert (seen.texts[0]["type"], seen.texts[0]["condition"]) == ("state", "stopped")


async def test_a_camera_that_is_recorded_no_more_is_told_apart_from_a_dead_recorder(
    gateway: Gateway, live: LiveRecorder
) -> None:
    async with connect(gateway.live_address(gateway.ticket("live"))) as socket:
        await live.until_connected()
        live.state("recording")
        await live.start_without_the_camera()
        seen = await Watching(socket).until(texts=3)
    assert [text["condition"] for text in seen.texts] == ["recording", "stopped", "stopped"]
    assert "does not record this camera" in str(seen.texts[-1]["detail"])


async def test_changed_parameters_reach_the_viewer_before_their_pictures(gateway: Gateway, live: LiveRecorder) -> None:
    async with connect(gateway.live_address(gateway.ticket("live"))) as socket:
        await live.until_connected()
        live.parameters(film())
        live.pictures(film(), 0, 25)
        live.parameters(film(640, 360, 250))
        live.pictures(film(640, 360, 250), 0, 25)
        seen = await Watching(socket).until(pictures=50)
    assert [text["width"] for text in seen.texts] == [320, 640]
    assert played(seen.init + b"".join(one[3] for one in seen.fragments[25:])).numbers == list(range(25))


async def test_a_socket_dies_with_its_ticket(gateway: Gateway, live: LiveRecorder) -> None:
    async with connect(gateway.live_address(gateway.ticket("live", life=2))) as socket:
        assert await closed(socket) == (4401, "expired-ticket")
    await live.until_connected(0)


async def test_a_renewed_socket_lives_on(gateway: Gateway, live: LiveRecorder) -> None:
    async with connect(gateway.live_address(gateway.ticket("live", life=2))) as socket:
        await socket.send(json.dumps({"type": "renew", "ticket": gateway.ticket("live")}))
        await asyncio.sleep(2.2)
        live.parameters(film())
        live.pictures(film(), 0, 25)
        assert len((await Watching(socket).until(pictures=25)).fragments) == 25


@pytest.mark.parametrize("ticket", [{"life": -1}, {"life": 3600}, {"key": b"another"}, {"act": "review"}])
async def test_a_ticket_that_is_not_good_gets_no_socket(
    gateway: Gateway, live: LiveRecorder, ticket: dict[str, object]
) -> None:
    assert await refused(gateway.live_address(gateway.ticket(**{"act": "live", **ticket}))) == (403, "")
    assert live.connected == 0


@pytest.mark.parametrize("text", ["x", "a.b", "." * 200, "e30.c2lnbmVk", "%C3%A9", "x" * 5000])
async def test_what_is_no_ticket_at_all_gets_no_socket(
    gateway: Gateway, live: LiveRecorder, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await refused(gateway.live_address(text)) == (403, "")
    assert live.connected == 0
    assert not caplog.records  # what strangers send fills no disk


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("not json", 1008),
        ('{"type":"renew"}', 1008),
        ("[" * 3000, 1008),
        (b"\0\1", 1008),
        ("x" * 5000, 1009),
        ('{"type":"renew","ticket":"a.b"}', 4403),
    ],
)
async def test_nonsense_from_a_viewer_ends_the_socket(
    gateway: Gateway, live: LiveRecorder, message: str | bytes, code: int
) -> None:
    async with connect(gateway.live_address(gateway.ticket("live"))) as socket:
        await socket.send(message)
        assert (await closed(socket))[0] == code


async def test_a_renewal_for_another_camera_or_person_ends_the_socket(gateway: Gateway, live: LiveRecorder) -> None:
    for other in ({"camera_id": uuid4()}, {"viewer": "bryn"}, {"under": "another look"}):
        async with connect(gateway.live_address(gateway.ticket("live"))) as socket:
            await socket.send(json.dumps({"type": "renew", "ticket": gateway.ticket("live", **other)}))
            assert await closed(socket) == (4403, "outside-ticket")


async def test_a_page_of_another_site_cannot_open_a_socket(gateway: Gateway, live: LiveRecorder) -> None:
    address = gateway.live_address(gateway.ticket("live"))
    with pytest.raises(InvalidStatus) as refused:
        await connect(address, origin="https://elsewhere.example")
    assert refused.value.response.status_code == 403
    async with connect(address, origin=f"http://127.0.0.1:{gateway.port}"):
        await live.until_connected()


async def test_nobody_holds_more_sockets_than_a_wall_has_tiles(
    gateway: Gateway, live: LiveRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footage.gateway.live.MOST_SOCKETS", 3)
    address = gateway.live_address(gateway.ticket("live"))
    held = [await connect(address) for _ in range(3)]
    await live.until_connected()
    assert await refused(address) == (429, "too-many-sockets")
    async with connect(gateway.live_address(gateway.ticket("live", viewer="bryn"))) as bryn:
        live.state("recording")
        await Watching(bryn).until(texts=1)
    for one in held:
        await one.close()
