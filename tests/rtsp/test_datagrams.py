"""A camera that offers nothing but UDP: by a switch, in order, whole, and heard from nobody but itself."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from footage.rtsp.client import StreamTarget
from footage.rtsp.control.refusals import TCP_ONLY, UDP_ONLY
from footage.rtsp.events import Codec, LossCause
from rtsp.listener import IMPATIENT, Listener, following, nals_of, until
from rtsp.packets import packets, rtp, sender_report
from rtsp.pictures import encoded
from rtsp.scripted import Answer, Request, ScriptedCamera

coded = encoded(Codec.H264, width=64, height=48, frames=30, gop=10)
Send = Callable[[bytes], None]


class UdpCamera(ScriptedCamera):
    """Refuses TCP (461), and sends from a port of its own what `send` gives it, in that order, after PLAY."""

    names_ports = True
    needs_udp = False  # wants the word UDP in the transport

    async def __aenter__(self) -> UdpCamera:
        await super().__aenter__()
        self.before = self._set_up
        self.play = self._send_all
        self.ears: list[bytes] = []
        self.rtp, self.rtcp = self._socket(), self._socket()
        self.to = 0
        self.batches = [self.packets()]
        return self

    async def __aexit__(self, *_: object) -> None:
        await super().__aexit__()
        self.rtp.close()
        self.rtcp.close()

    def _socket(self) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.bind(("127.0.0.1", 0))
        made.setblocking(False)
        return made

    def _set_up(self, request: Request) -> Answer | None:
        if request.method != "SETUP":
            return None
        asked = request.headers["transport"]
        ports = re.search(r"client_port=(\d+)-(\d+)", asked)
        if ports is None or (self.needs_udp and "/UDP" not in asked):
            return Answer(461, "Unsupported Transport")
        self.to = int(ports[1])
        assert (int(ports[1]) % 2, int(ports[2])) == (0, int(ports[1]) + 1)
        own = f";server_port={self.rtp.getsockname()[1]}-{self.rtcp.getsockname()[1]}" if self.names_ports else ""
        return Answer(headers=(f"Transport: RTP/AVP;unicast;{ports[0]}{own}", f"Session: {self.session}"))

    async def _send_all(self, connection: object) -> None:
        for batch in self.batches:
            for packet in batch:
                self.rtp.sendto(packet, ("127.0.0.1", self.to))
            await asyncio.sleep(0.02)
        await asyncio.sleep(5)


@contextlib.asynccontextmanager
async def udp(camera: UdpCamera, batches: list[list[bytes]] | None = None) -> AsyncIterator[Listener]:
    async with camera:
        if batches is not None:
            camera.batches = batches
        async with following(StreamTarget(camera.url, transport="udp"), policy=replace(IMPATIENT, silence=2)) as heard:
            yield heard


def in_packets(mtu: int = 200) -> list[bytes]:
    return packets(coded.codec, coded.pictures, mtu=mtu)


def whole(heard: Listener) -> bool:
    return [tuple(nals_of(unit)) for unit in heard.units] == [tuple(picture) for picture in coded.pictures]


async def test_a_camera_that_offers_udp_alone_says_which_switch_to_set():
    async with UdpCamera(coded) as camera, following(camera.url) as heard:
        await until(lambda: heard.losses)
    assert heard.losses[0] == (
        LossCause.UNSUPPORTED,
        UDP_ONLY,
    )


@pytest.mark.parametrize("needs_udp", [False, True])
async def test_with_the_switch_every_picture_comes_whole(needs_udp):
    camera = UdpCamera(coded)
    camera.needs_udp = needs_udp
    async with udp(camera) as heard:
        await until(lambda: len(heard.units) == 30)
        assert whole(heard)
        assert heard.lost_packets == []


async def test_packets_that_overtake_each_other_or_come_twice_change_nothing():
    sent = in_packets()
    shuffled = [packet for at in range(0, len(sent), 5) for packet in reversed(sent[at : at + 5])]
    batches = [shuffled[at : at + 40] for at in range(0, len(shuffled), 40)]
    async with udp(
        UdpCamera(coded), [[one for packet in batch for one in (packet, packet)] for batch in batches]
    ) as heard:
        await until(lambda: len(heard.units) == 30)
        assert whole(heard)
        assert heard.lost_packets == []


async def test_a_packet_that_never_comes_is_told_as_a_loss_and_the_next_key_frame_goes_on():
    sent = in_packets()
    missing = len(sent) // 3 + 3
    rest = sent[:missing] + sent[missing + 1 :]
    async with udp(UdpCamera(coded), [rest[at : at + 20] for at in range(0, len(rest), 20)]) as heard:
        await until(lambda: heard.lost_packets and heard.story[-1] == "picture" and "key" in heard.story[-10:], 8)
        await asyncio.sleep(0.3)
    assert heard.lost_packets == [1]
    assert heard.losses == [(LossCause.STOPPED, "Stopped by order.")]


async def test_numbers_run_over_their_end_among_overtaking_packets():
    sent = packets(coded.codec, coded.pictures, mtu=200, first_sequence=65_500)
    swapped = sent[:1] + [packet for at in range(1, len(sent), 2) for packet in reversed(sent[at : at + 2])]
    async with udp(UdpCamera(coded), [swapped[at : at + 40] for at in range(0, len(swapped), 40)]) as heard:
        await until(lambda: len(heard.units) == 30)
        assert whole(heard)
        assert heard.lost_packets == []


@pytest.mark.parametrize("names_ports", [True, False])
async def test_nobody_but_the_camera_is_heard(names_ports):
    """A stranger on the camera's own machine is known by its port, where the camera names its ports."""
    camera = UdpCamera(coded)
    camera.names_ports = names_ports
    foreign = rtp(coded.pictures[0][-1], sequence=7, timestamp=1, marker=True)
    async with udp(camera, [[]]) as heard:
        await until(lambda: camera.to and "PLAY" in camera.methods)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.1" if names_ports else "127.0.0.2", 0))
            for _ in range(20):
                stranger.sendto(foreign, ("127.0.0.1", camera.to))
        await asyncio.sleep(0.1)
        for packet in camera.packets():
            camera.rtp.sendto(packet, ("127.0.0.1", camera.to))
        await until(lambda: len(heard.units) == 30)
        assert whole(heard)
        assert heard.lost_packets == []


async def test_the_way_is_kept_open_and_reports_are_heard():
    camera = UdpCamera(coded, session="S;timeout=2")
    async with udp(camera) as heard:
        await until(lambda: len(heard.units) == 30)
        assert camera.rtp.recv(100)[:1] == b"\x80"
        assert camera.rtcp.recv(100)[:4] == b"\x80\xc9\x00\x01"
        camera.rtcp.sendto(sender_report(2_208_988_800 + 1_800_000_000, 0), ("127.0.0.1", camera.to + 1))
        await until(lambda: heard.reports)
        await until(lambda: camera.methods[-1] in ("GET_PARAMETER", "OPTIONS") and len(camera.methods) > 4)
        assert camera.rtcp.recv(100)[:4] == b"\x80\xc9\x00\x01", "and with each keep-alive"


async def test_noise_and_floods_cost_no_more_than_a_session():
    """Numbers all over the place fill a buffer of 64 packets and no more."""
    camera = UdpCamera(coded)
    noise = [rtp(bytes([0x41]) + bytes(500), sequence=n * 977, timestamp=n) for n in range(2000)]
    async with udp(camera, [noise[at : at + 100] for at in range(0, len(noise), 100)]) as heard:
        await until(lambda: len(heard.lost_packets) > 20 or heard.losses)
    assert heard.units == []


async def test_a_camera_that_answers_with_channels_all_the_same_is_taken_at_its_word():
    camera = ScriptedCamera(coded)
    async with camera, following(StreamTarget(camera.url, transport="udp")) as heard:
        await until(lambda: len(heard.units) == 30)


async def test_a_camera_without_udp_says_so():
    camera = ScriptedCamera(coded)
    camera.before = lambda r: Answer(461, "No") if "client_port" in r.headers.get("transport", "") else None
    async with camera, following(StreamTarget(camera.url, transport="udp")) as heard:
        await until(lambda: heard.losses)
    assert heard.losses[0] == (
        LossCause.UNSUPPORTED,
        TCP_ONLY,
    )


async def test_silence_is_noticed_without_tcp_too():
    camera = UdpCamera(coded)
    async with camera:
        target = StreamTarget(camera.url, transport="udp")
        async with following(target, policy=replace(IMPATIENT, silence=0.4)) as heard:
            await until(lambda: len(heard.units) == 30)
            await until(lambda: heard.losses)
    assert heard.losses[0][0] is LossCause.SILENT
