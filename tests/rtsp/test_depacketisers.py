"""However units are put into packets, and packets into receives, the same units come out; noise raises nothing."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from footage.rtsp.control.connection import RtspConnection
from footage.rtsp.description.sdp import find_video
from footage.rtsp.errors import StreamLost
from footage.rtsp.events import Codec, LossCause
from footage.rtsp.payload.h264 import H264Track
from footage.rtsp.payload.h265 import H265Track
from rtsp.listener import Listener
from rtsp.packets import aggregate, fragments, interleaved, rtp
from rtsp.pictures import encoded

TRACKS = {Codec.H264: H264Track, Codec.H265: H265Track}
CORPUS = Path(__file__).parent / "corpus"
#: A slice, a key slice and something that is neither, for each codec: the first bytes of a unit.
HEADERS = {
    Codec.H264: {"slice": b"\x41", "key": b"\x65", "other": b"\x06"},
    Codec.H265: {"slice": b"\x02\x01", "key": b"\x26\x01", "other": b"\x4e\x01"},
}
SETS = {codec: tuple(encoded(codec, width=64, height=48, frames=6, gop=3).parameter_sets()) for codec in Codec}


@st.composite
def streams(draw):
    """A codec, its pictures (each with one slice or more), and the packets one camera might make of them."""
    codec = draw(st.sampled_from(list(Codec)))
    # Emulation prevention keeps start codes out of units; where one stands in one, it parts two (see test_starts.py).
    body = st.binary(min_size=1, max_size=60).filter(lambda data: b"\x00\x00\x01" not in data)
    pictures, made = [], []
    for number in range(draw(st.integers(1, 4))):
        kinds = draw(st.lists(st.sampled_from(["slice", "other"]), max_size=3))
        kinds = [*kinds, "key" if number == 0 else draw(st.sampled_from(["slice", "key"]))]
        first = min(index for index, kind in enumerate(kinds) if kind != "other")
        starts = [b"\x80" if index == first else b"\x40" for index in range(len(kinds))]  # the first slice says so
        nals = [HEADERS[codec][kind] + start + draw(body) for kind, start in zip(kinds, starts, strict=True)]
        payloads = draw(packed(codec, nals))
        for index, payload in enumerate(payloads):
            dressed = draw(
                st.fixed_dictionaries(
                    {
                        "padding": st.integers(0, 9),
                        "sources": st.integers(0, 15),
                        "extension": st.sampled_from([None, b"", bytes(8)]),
                    }
                )
            )
            last = index == len(payloads) - 1
            made.append(
                rtp(payload, sequence=65_530 + len(made), timestamp=2**32 - 900 + number * 3600, marker=last, **dressed)
            )
        pictures.append(nals)
    return codec, pictures, made


@st.composite
def packed(draw, codec, nals):
    """The units of a picture, in order: alone, in fragments of any size, or several in one packet."""
    payloads, at = [], 0
    while at < len(nals):
        way = draw(st.sampled_from(["single", "fragments", "aggregate"]))
        if way == "aggregate":
            count = draw(st.integers(1, len(nals) - at))
            payloads += aggregate(codec, nals[at : at + count])
            at += count
            continue
        payloads += [nals[at]] if way == "single" else fragments(codec, nals[at], draw(st.integers(1, 70)))
        at += 1
    return payloads


def connected(codec: Codec) -> tuple[RtspConnection, Listener]:
    """A connection in the middle of playing, without its socket."""
    connection, heard = RtspConnection(), Listener()
    connection.listen(TRACKS[codec](heard, SETS[codec], payload_type=96), 0, 1)
    return connection, heard


def settle(connection: RtspConnection) -> None:
    """Nothing comes for a while: a first picture is told though no second one shows that its marker is true."""
    assert connection._track
    connection._track.settle()


def receive(connection: RtspConnection, data: bytes) -> None:
    """Hand over bytes as asyncio's transport does."""
    while data and not connection.ended.done():
        room = connection.get_buffer(-1)
        count = min(len(room), len(data))
        room[:count] = data[:count]
        connection.buffer_updated(count)
        data = data[count:]


@settings(max_examples=150, deadline=None)
@given(streams(), st.data())
def test_any_packets_in_any_receives_give_the_same_units(stream, data):
    codec, pictures, made = stream
    whole = b"".join(interleaved(0, packet) for packet in made)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=12)))

    async def run() -> Listener:
        connection, heard = connected(codec)
        for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            receive(connection, whole[start:end])
        settle(connection)
        assert not connection.ended.done()
        return heard

    heard = asyncio.run(run())
    assert heard.pictures() == pictures
    assert [unit.media_90k for unit in heard.units] == [3600 * number for number in range(len(pictures))]
    assert not heard.lost_packets


@settings(max_examples=150, deadline=None)
@given(streams(), st.data())
def test_a_picture_with_a_missing_packet_is_never_told(stream, data):
    """What is told is among what was sent, whole, and every run of it begins with a key frame."""
    codec, pictures, made = stream
    assume(len(made) > 1)
    gone = data.draw(st.sets(st.integers(1, len(made) - 1), min_size=1, max_size=3))

    async def run() -> Listener:
        connection, heard = connected(codec)
        receive(connection, b"".join(interleaved(0, p) for n, p in enumerate(made) if n not in gone))
        assert not connection.ended.done()
        return heard

    heard = asyncio.run(run())
    assert all(picture in pictures for picture in heard.pictures())
    story = [word for word in heard.story if word != "parameters"]
    assert story[:1] != ["picture"]
    assert ("packets-lost", "picture") not in pairwise(story)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(list(Codec)),
    st.lists(st.tuples(st.integers(0, 3), st.binary(max_size=80), st.booleans()), max_size=12),
)
@example(Codec.H264, [(0, b"\x7c\x85", True), (0, b"\x7c\x45", True)])
def test_noise_in_packets_ends_a_session_or_nothing(codec, frames):
    """Random payloads behind right and wrong headers: the connection ends with PROTOCOL or goes on; nothing is raised."""

    async def run() -> None:
        connection, _ = connected(codec)
        for number, (channel, payload, headed) in enumerate(frames):
            receive(
                connection,
                interleaved(channel, rtp(payload, sequence=number, timestamp=number // 2) if headed else payload),
            )
        check_ending(connection)

    asyncio.run(run())


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([b"", b"RTSP/1.0 200 OK\r\n", b"RTSP/1.0 200 OK\r\nContent-Length: ", b"$\x00"]),
    st.binary(max_size=400),
)
def test_noise_on_the_connection_ends_it_or_nothing(start, noise):
    async def run() -> None:
        connection, _ = connected(Codec.H264)
        receive(connection, start + noise)
        check_ending(connection)

    asyncio.run(run())


def check_ending(connection: RtspConnection) -> None:
    if connection.ended.done():
        assert connection.ended.result().cause is LossCause.PROTOCOL
    assert len(connection._buffer) <= 512 * 1024


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.sampled_from(
                [
                    "v=0",
                    "m=video 0 RTP/AVP 96",
                    "a=rtpmap:96 H264/90000",
                    "a=fmtp:96 sprop-parameter-sets=Z0I=,%%",
                    "a=control:*",
                    "m=",
                    "a=rtpmap:96 H265",
                ]
            ),
        ),
        max_size=12,
    )
)
def test_noise_in_a_description_is_a_loss_with_a_sentence(lines):
    lost = None
    try:
        find_video("\r\n".join(lines).encode("utf-8", "replace"))
    except StreamLost as caught:
        lost = caught
    assert lost is None or (lost.cause in (LossCause.PROTOCOL, LossCause.UNSUPPORTED) and lost.detail.isascii())


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.bin")), ids=lambda path: path.stem)
@pytest.mark.parametrize("codec", list(Codec))
def test_the_saved_corpus_raises_nothing(path, codec):
    """What cameras and fuzzing brought up before, as received bytes; whole and one byte at a time."""

    async def run(step: int) -> None:
        connection, _ = connected(codec)
        data = path.read_bytes()
        for at in range(0, len(data), step):
            receive(connection, data[at : at + step])
        check_ending(connection)

    asyncio.run(run(1))
    asyncio.run(run(1 << 16))


def test_the_corpus_is_there():
    assert len(list(CORPUS.glob("*.bin"))) >= 10
