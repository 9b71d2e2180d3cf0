"""A stream's sound: taken only where it is asked for, read frame by frame, and never at the pictures' cost."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.rtsp.client import StreamTarget, probe
from footage.rtsp.description.sound import find_sound
from footage.rtsp.events import Codec, SoundUnit
from footage.rtsp.payload.aac import AacTrack
from footage.segments.aac import sound_parameters
from footage.times import MonotonicNs, Utc90k
from rtsp.listener import IMPATIENT, Ear, following, until
from rtsp.packets import interleaved, rtp, sender_report
from rtsp.pictures import encoded
from rtsp.scripted import Answer, Connection, ScriptedCamera, whole_film

CONFIG = bytes.fromhex("1408")  # AAC-LC, 16 kHz, mono
FMTP = "streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408"


def camera_with(audio: str, **more: Any) -> ScriptedCamera:
    return ScriptedCamera(encoded(Codec.H264, width=64, height=48, frames=6, gop=3), audio=audio, **more)


def aac(coding: str = "MPEG4-GENERIC/16000/1", fmtp: str = FMTP) -> str:
    return f"m=audio 0 RTP/AVP 97\r\na=rtpmap:97 {coding}\r\na=fmtp:97 {fmtp}\r\na=control:trackID=2\r\n"


def payload(*frames: bytes) -> bytes:
    """Whole frames behind their headers (RFC 3640, 3.3.6)."""
    heads = b"".join(struct.pack("!H", len(frame) << 3) for frame in frames)
    return struct.pack("!H", 16 * len(frames)) + heads + b"".join(frames)


def piece(of: bytes, start: int, end: int) -> bytes:
    """A part of one frame: its header tells the size of the whole."""
    return struct.pack("!HH", 16, len(of) << 3) + of[start:end]


async def with_sound(connection: Connection) -> None:
    """The whole film, with a frame of sound in front of it and behind it."""
    await connection.write(interleaved(3, sender_report(2_208_988_800 + 1_800_000_000, 5000)))
    await connection.write(interleaved(2, rtp(payload(b"first"), sequence=9, timestamp=5000, marker=True)))
    await whole_film(connection)
    await connection.write(interleaved(2, rtp(payload(b"second"), sequence=10, timestamp=6024, marker=True)))


def set_up(camera: ScriptedCamera) -> list[str]:
    return [r.url.removeprefix(camera.url) for r in camera.requests if r.method == "SETUP"]


# ---- asked for, or not


@pytest.mark.clause("PROG-4.2.4", part="off … at the recorder")
@pytest.mark.parametrize("somebody_listens", [False, True])
async def test_a_camera_that_offers_sound_is_not_asked_for_it_while_it_is_off(somebody_listens: bool) -> None:
    ear = Ear()
    camera = camera_with(aac(), play=with_sound)
    async with camera, following(StreamTarget(camera.url), sound=ear if somebody_listens else None) as heard:
        await until(lambda: len(heard.units) >= 6)
    assert set_up(camera) == ["/trackID=1"]
    assert (ear.units, ear.parameters) == ([], []), "and what it sends unasked goes nowhere"


async def test_where_the_order_says_so_the_sound_is_set_up_beside_the_pictures() -> None:
    ear = Ear()
    camera = camera_with(aac(), play=with_sound)
    async with camera, following(StreamTarget(camera.url, audio=True), sound=ear) as heard:
        await until(lambda: len(heard.units) >= 6 and len(ear.units) >= 2)
    assert set_up(camera) == ["/trackID=1", "/trackID=2"]
    asked = [r.headers["transport"] for r in camera.requests if r.method == "SETUP"]
    assert asked == ["RTP/AVP/TCP;unicast;interleaved=0-1", "RTP/AVP/TCP;unicast;interleaved=2-3"]
    assert [r.headers.get("session") for r in camera.requests if r.method == "SETUP"] == [None, "8F1A"]
    (parameters,) = ear.parameters
    assert (parameters.rate, parameters.channels, parameters.frame, parameters.rfc6381) == (
        16_000,
        1,
        1024,
        "mp4a.40.2",
    )
    assert [(unit.data, unit.media) for unit in ear.units] == [(b"first", 0), (b"second", 1024)]
    assert ear.reports == [(1_800_000_000 * 90_000, 0)]
    assert ear.none == []


@pytest.mark.parametrize(
    ("audio", "why"),
    [
        ("", "The camera offers no sound."),
        ("m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=control:trackID=2\r\n", "PCMA/8000: only AAC is recorded"),
        (aac(fmtp=FMTP.replace("AAC-hbr", "AAC-lbr")), "does not come in the mode AAC-hbr"),
        (aac(fmtp=FMTP.replace("1408", "")), "does not tell its configuration"),
        (aac(fmtp=FMTP.replace("1408", "2c08")), "only AAC-LC is recorded"),
        (aac(fmtp=FMTP.replace("1408", "1430")), "one or two are recorded"),
        (aac("MPEG4-GENERIC/44100/1"), "its clock is not the one"),
        (aac() + "a=sendonly\r\n", "The camera offers no sound."),
    ],
)
async def test_sound_that_cannot_be_recorded_is_not_set_up_and_the_pictures_come(audio: str, why: str) -> None:
    ear = Ear()
    camera = camera_with(audio)
    async with camera, following(StreamTarget(camera.url, audio=True), sound=ear) as heard:
        await until(lambda: len(heard.units) >= 6)
    assert set_up(camera) == ["/trackID=1"]
    assert len(ear.none) == 1
    assert why in ear.none[0]


# ---- never at the pictures' cost


async def test_a_camera_that_refuses_its_sound_is_followed_without_it() -> None:
    ear = Ear()
    camera = camera_with(aac())
    camera.before = lambda r: Answer(461, "No") if r.method == "SETUP" and r.url.endswith("2") else None
    async with camera, following(StreamTarget(camera.url, audio=True), sound=ear) as heard:
        await until(lambda: len(heard.units) >= 6)
    assert camera.connections == 1
    assert ear.none == ["The camera did not let its sound be set up."]


async def test_a_camera_that_falls_silent_when_asked_for_its_sound_is_asked_for_its_pictures_alone() -> None:
    ear = Ear()

    async def play(connection: Connection) -> None:
        if len(set_up(connection.camera)) == 2:
            return  # both tracks were asked for, and nothing comes
        await whole_film(connection)

    camera = camera_with(aac(), play=play)
    async with camera, following(StreamTarget(camera.url, audio=True), sound=ear) as heard:
        await until(lambda: len(heard.units) >= 6)
    assert set_up(camera) == ["/trackID=1", "/trackID=2", "/trackID=1"]
    assert ear.none == ["The camera sent no pictures when it was asked for its sound as well."]


async def test_after_a_while_such_a_camera_is_asked_again() -> None:
    camera = camera_with(aac(), play=lambda connection: asyncio.sleep(0))
    policy = replace(IMPATIENT, answer=0.2, sound_again=0.2)
    async with camera, following(StreamTarget(camera.url, audio=True), policy=policy, sound=Ear()):
        await until(lambda: set_up(camera).count("/trackID=2") >= 2, 10)


async def test_rubbish_for_sound_costs_no_picture() -> None:
    ear = Ear()

    async def play(connection: Connection) -> None:
        for number, rubbish in enumerate(
            (b"", b"\x80", b"\xff" * 11, b"\x80" * 200, bytes(4000), b"\x9f\xff" + b"\xff" * 60)
        ):
            await connection.write(interleaved(2, rubbish) + interleaved(3, rubbish))
            await connection.write(interleaved(2, rtp(rubbish, sequence=number, timestamp=number * 7919)))
        await whole_film(connection)

    camera = camera_with(aac(), play=play)
    async with camera, following(StreamTarget(camera.url, audio=True), sound=ear) as heard:
        await until(lambda: len(heard.units) >= 6)
    assert (camera.connections, heard.lost_packets) == (1, [])


async def test_a_listener_that_fails_on_the_sound_loses_the_sound_alone() -> None:
    class Broken(Ear):
        def on_sound(self, unit: SoundUnit) -> None:
            raise RuntimeError("the listener failed")

    ear = Broken()
    camera = camera_with(aac(), play=with_sound)
    async with camera, following(StreamTarget(camera.url, audio=True), sound=ear) as heard:
        await until(lambda: len(heard.units) >= 6)
    assert camera.connections == 1
    assert len(ear.none) == 1


# ---- frames out of packets


def heard_in(*packets: bytes) -> list[tuple[bytes, int]]:
    """What a track tells of these packets."""
    ear = Ear()
    track = AacTrack(ear, sound_parameters(CONFIG), lambda: (Utc90k(1), MonotonicNs(1)))
    for packet in packets:
        buffer = bytearray(b"\0\0\0\0" + packet)
        track.packet(buffer, memoryview(buffer), 4, len(buffer))
    return [(unit.data, unit.media) for unit in ear.units]


FRAME = bytes(range(200)) * 3
CASES: dict[str, tuple[list[bytes], list[tuple[bytes, int]]]] = {
    "several frames in a packet": (
        [rtp(payload(b"aa", b"bbb", b"c"), sequence=1, timestamp=7)],
        [(b"aa", 0), (b"bbb", 1024), (b"c", 2048)],
    ),
    "a frame in three fragments": (
        [rtp(piece(FRAME, at, at + 200), sequence=number, timestamp=7) for number, at in enumerate((0, 200, 400))],
        [(FRAME, 0)],
    ),
    "a fragment is lost": (
        [
            rtp(piece(FRAME, 0, 200), sequence=1, timestamp=7),
            rtp(piece(FRAME, 400, 600), sequence=3, timestamp=7),
            rtp(payload(b"next"), sequence=4, timestamp=1031),
        ],
        [(b"next", 1024)],
    ),
    "a frame never ends": (
        [rtp(piece(FRAME, 0, 200), sequence=1, timestamp=7), rtp(payload(b"next"), sequence=2, timestamp=1031)],
        [(b"next", 1024)],
    ),
    "a packet comes twice": ([rtp(payload(b"a"), sequence=5, timestamp=7)] * 2, [(b"a", 0)]),
    "a packet is lost": (
        [rtp(payload(b"a"), sequence=5, timestamp=7), rtp(payload(b"b"), sequence=7, timestamp=2055)],
        [(b"a", 0), (b"b", 2048)],
    ),
    "the clock wraps": (
        [
            rtp(payload(b"a"), sequence=0xFFFF, timestamp=0xFFFF_FE00),
            rtp(payload(b"b"), sequence=0, timestamp=0x200),
        ],
        [(b"a", 0), (b"b", 1024)],
    ),
    "padding and an extension": (
        [rtp(payload(b"a"), sequence=1, timestamp=7, padding=8, sources=2, extension=b"1234")],
        [(b"a", 0)],
    ),
    "headers longer than the packet": ([rtp(b"\xff\xff" + bytes(9), sequence=1, timestamp=7)], []),
    "a frame longer than the packet, after another": (
        [rtp(struct.pack("!HHH", 32, 1 << 3, 500 << 3) + b"abc", sequence=1, timestamp=7)],
        [],
    ),
    "an empty frame": ([rtp(struct.pack("!HH", 16, 0), sequence=1, timestamp=7)], []),
    "interleaved frames": ([rtp(struct.pack("!HH", 16, 1 << 3 | 1) + b"a", sequence=1, timestamp=7)], []),
    "a header of an odd length": ([rtp(struct.pack("!HH", 12, 1 << 3) + b"a", sequence=1, timestamp=7)], []),
    "no RTP": ([b"\x40" + bytes(20), b"\x80", b""], []),
}


@pytest.mark.parametrize("name", CASES)
def test_frames_are_read_out_of_packets_as_the_camera_sent_them(name: str) -> None:
    packets, frames = CASES[name]
    assert heard_in(*packets) == frames


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.binary(max_size=80)
        | st.builds(lambda b, n: rtp(b, sequence=n, timestamp=n), st.binary(max_size=60), st.integers(0, 9))
    )
)
def test_no_packet_raises_or_makes_a_frame_larger_than_one_can_be(packets: list[bytes]) -> None:
    assert all(0 < len(data) < 1 << 13 for data, _ in heard_in(*packets))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_description_raises(noise: bytes) -> None:
    find_sound(b"v=0\r\nm=audio 0 RTP/AVP 97\r\na=rtpmap:97 mpeg4-generic/16000\r\na=fmtp:97 " + noise)
    find_sound(noise)


# ---- what a check tells


@pytest.mark.parametrize(
    ("audio", "told"),
    [
        ("", ""),
        (aac(), "AAC 16 kHz mono"),
        ("m=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n", "PCMU/8000: only AAC is recorded"),
    ],
)
async def test_a_check_tells_what_sound_is_offered_and_sets_none_up(audio: str, told: str) -> None:
    async with camera_with(audio) as camera:
        seen = await probe(StreamTarget(camera.url), 0.2, IMPATIENT)
    assert (seen.sound, seen.ok, set_up(camera)) == (told, True, ["/trackID=1"])
