"""What may be thrown at the readers of camera bytes and of segments: one function each, which raises where one fails.

The suite throws bounded, drawn bytes at them (test_fuzz.py); `make fuzz` lets libFuzzer look for new ways through them
(hunt.py). Needs nothing but the engine, so that the hunt can live in an environment of its own.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from footage.rtsp.control.addresses import Here
from footage.rtsp.control.auth import Challenge, Credentials, challenges, strongest
from footage.rtsp.control.connection import RtspConnection
from footage.rtsp.control.messages import MAX_BODY_BYTES, body_bytes, may_begin_message, parse_head
from footage.rtsp.description.sdp import find_video
from footage.rtsp.description.sound import find_sound
from footage.rtsp.errors import ProtocolError, StreamLost
from footage.rtsp.events import AccessUnit, Codec, LossCause, Oddity, VideoParameters
from footage.rtsp.payload.h264 import H264Track
from footage.rtsp.payload.h265 import H265Track
from footage.rtsp.rtp.rtcp import sender_reports
from footage.segments.bits import BadParameterSet
from footage.segments.boxes import DamagedSegment
from footage.segments.codecs import decoder_configuration, parameters_from, parse_h264_sps, parse_h265_sps
from footage.segments.header import SegmentHeader
from footage.segments.reader import samples, scan
from footage.segments.writer import Sample, fragment_head, segment_start

TRACKS = {Codec.H264: H264Track, Codec.H265: H265Track}
#: Real parameter sets of a picture of 64 x 48.
SETS = {
    Codec.H264: ("6742c00ada11e840000003004000000ca3c489a8", "68ce0fc8"),
    Codec.H265: (
        "40010c01ffff01600000030090000003000003001eba0240",
        "42010101600000030090000003000003001ea02083165ba4a4c2e68080000003008000000c84",
        "4401c0718112",
    ),
}
MOST_BUFFER_BYTES = 512 * 1024
BASE = "rtsp://192.0.2.7/stream1"


def parameter_sets(codec: Codec) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(text) for text in SETS[codec])


@dataclass
class Told:
    """A StreamSink that keeps what it is told."""

    pictures: list[tuple[bytes, int, bool]] = field(default_factory=list)
    parameters: list[VideoParameters] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)

    def on_parameters(self, parameters: VideoParameters) -> None:
        self.parameters.append(parameters)

    def on_access_unit(self, unit: AccessUnit) -> None:
        data = b"".join(unit.parts)
        assert len(data) == unit.size_bytes
        self.pictures.append((data, unit.media_90k, unit.key))

    def on_packets_lost(self, packets: int, wall: int) -> None:
        self.lost.append(packets)

    def on_oddity(self, oddity: Oddity, wall: int) -> None:
        self.oddities.append(oddity)

    def on_sender_report(self, camera: int, wall: int, media_90k: int) -> None:
        pass

    def on_quiet(self, detail: str, wall: int) -> None:
        pass

    def on_lost(self, cause: LossCause, detail: str, wall: int) -> None:
        pass


def receive(codec: Codec, pieces: list[bytes]) -> tuple[Told, StreamLost | None]:
    """Hand bytes to a connection that is playing, in receives of just these pieces; what it told, and its end if any.

    Raises AssertionError where more is kept than the bounds allow, or where the reader failed of itself.
    """

    async def run() -> tuple[Told, StreamLost | None]:
        told, connection = Told(), RtspConnection()
        connection.listen(TRACKS[codec](told, parameter_sets(codec)), 0, 1)
        for piece in pieces:
            _hand_over(connection, piece)
        ending = connection.ended.result() if connection.ended.done() else None
        assert ending is None or ending.cause is LossCause.PROTOCOL, ending
        assert len(connection.get_buffer(-1)) >= 1 << 16
        assert len(connection._buffer) <= MOST_BUFFER_BYTES
        return told, ending

    return asyncio.run(run())


def _hand_over(connection: RtspConnection, data: bytes) -> None:
    while data:
        room = connection.get_buffer(-1)
        count = min(len(room), len(data))
        room[:count] = data[:count]
        connection.buffer_updated(count)
        data = data[count:]


def received(data: bytes) -> None:
    """Bytes of a connection: nothing but an end comes of them, and whole or in pieces they tell the same.

    Not so once a frame's length has lied: then what else had come by that time decides where the next one begins.
    """
    for codec in Codec:
        whole, whole_end = receive(codec, [data])
        step = 1 + zlib.crc32(data) % 61
        cut, cut_end = receive(codec, [data[at : at + step] for at in range(0, len(data), step)])
        if Oddity.BETWEEN_FRAMES in whole.oddities + cut.oddities:
            continue
        assert cut.pictures == whole.pictures, "another cut of the same bytes tells other pictures"
        assert (cut_end is None) is (whole_end is None), "another cut of the same bytes ends otherwise"


def payloads(data: bytes) -> None:
    """Payloads behind good RTP headers: a byte of length, a byte of flags, the payload, over and over."""
    at, number, wire = 0, 0, b""
    while at + 2 <= len(data):
        size, flags = data[at], data[at + 1]
        body = data[at + 2 : at + 2 + size]
        head = bytes([0x80, 0x60 | flags & 0x80]) + number.to_bytes(2, "big")
        packet = head + ((flags & 0x7F) * 3600).to_bytes(4, "big") + b"fuzz" + body
        wire += b"$\0" + len(packet).to_bytes(2, "big") + packet
        at, number = at + 2 + size, number + 1
    received(wire)


def report(data: bytes) -> None:
    with suppress(ProtocolError):
        sender_reports(data, 1.8e9)


def description(data: bytes) -> None:
    """Whatever it says, nothing is asked for at another place than the one that was asked."""
    find_sound(data)
    lost, found = None, None
    try:
        found = find_video(data)
    except StreamLost as caught:
        lost = caught
    if found:
        TRACKS[found.codec](Told(), found.parameter_sets)
        for asked in (BASE, "rtsp://192.0.2.7"):
            with suppress(ProtocolError):
                for address in Here(asked).addresses(asked, found.session_control, found.control):
                    for url in (address.url, address.aggregate):
                        assert re.fullmatch(r"rtsp://192\.0\.2\.7(?:[/?#][!-~]*)?", url), url
    assert lost is None or lost.cause in (LossCause.PROTOCOL, LossCause.UNSUPPORTED)
    assert lost is None or lost.detail.isprintable()


def head(data: bytes) -> None:
    may_begin_message(data[:40])
    with suppress(ProtocolError):
        message = parse_head(data)
        assert not (message.status and message.method)
        assert 0 <= body_bytes(message) <= MAX_BODY_BYTES
        assert message.cseq is None or message.cseq >= 0


def challenge(data: bytes) -> None:
    """As it comes: the rest of an answer's head, behind the name of the header."""
    with suppress(ProtocolError):
        message = parse_head(b"RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: " + data)
        _sign_in(strongest(challenges(message.headers.get("www-authenticate", ()))))


def _sign_in(best: Challenge | None) -> None:
    if best:
        said = Credentials(best, "asha", "towpath").header("PLAY", BASE)
        assert not any(character < " " for character in said.replace("\t", " "))
        assert "towpath" not in said


def parameter_set(data: bytes) -> None:
    for read in (parse_h264_sps, parse_h265_sps):
        with suppress(BadParameterSet):
            facts = read(data)
            assert 0 < facts.width <= 1 << 16
            assert 0 < facts.height <= 1 << 16
            assert 0 <= facts.fps < 1000
    for codec in Codec:
        vps, sps, pps = (b"", *parameter_sets(codec))[-3:]
        with suppress(BadParameterSet):
            decoder_configuration(parameters_from(codec, vps, data, pps))
        with suppress(BadParameterSet):
            decoder_configuration(parameters_from(codec, vps, sps, data))


def segment(data: bytes) -> None:
    """A file on the disk: what is found whole of it lies in it, in order, and adds up."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        path = Path(folder) / "segment.mp4"
        path.write_bytes(data)
        with suppress(DamagedSegment):
            found = scan(path)
            assert found.good_bytes <= len(data) == found.size_bytes
            at = found.fragments[0].offset if found.fragments else found.good_bytes
            for fragment in found.fragments:
                assert fragment.offset == at
                at = fragment.end
                places = samples(path, fragment)
                assert len(places) == fragment.samples
                assert all(fragment.offset < place.offset + place.size_bytes <= fragment.end for place in places)
            assert at == found.good_bytes


def good_segment() -> bytes:
    """A small segment as the recorder writes it, to begin from."""
    parameters = parameters_from(Codec.H264, b"", *parameter_sets(Codec.H264))
    header = SegmentHeader(UUID(int=7), "127", 1, 1, 161_640_000_000_000, parameters.rfc6381, 64, 48)
    made = segment_start(parameters, header)
    for number in range(3):
        rows = [Sample(3600, 20 + row, row == 0, 3600 * (number == 1)) for row in range(4)]
        head = fragment_head(number + 1, number * 14_400, header.start_90k + number * 14_400, rows)
        made += head + bytes(sum(row.size_bytes for row in rows))
    return made


TARGETS: dict[str, tuple[Callable[[bytes], None], tuple[bytes, ...]]] = {
    "received": (received, ()),
    "payloads": (payloads, (b"\x05\x81\x65\x88abc\x04\x82\x41\x9a12", b"\x04\0\x78\0\x02\x65\x04\x81\x7c\x85ab")),
    "report": (report, (bytes.fromhex("80c80006000000010000000200000003000000040000000500000006"),)),
    "description": (
        description,
        (
            b"v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:rtsp://198.51.100.4:8554/t",
            b"v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:rtsp://asha@",
            b"v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:t",
        ),
    ),
    "head": (head, (b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: 12",)),
    "challenge": (challenge, (b'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256, Basic realm="b"',)),
    "parameter_set": (parameter_set, tuple(bytes.fromhex(text) for texts in SETS.values() for text in texts)),
    "segment": (segment, (good_segment(),)),
}
