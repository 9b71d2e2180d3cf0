"""What is odd between good packets is passed over and told; the good ones around it are told whole. Garbage without end
still ends a session.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.rtsp.events import Codec
from fuzz.targets import MOST_BUFFER_BYTES, receive
from fuzz.test_fuzz import BOUNDED, CODED, prefixed
from rtsp.packets import interleaved, packets, payloads, rtp

GROUP = 3
FEW = settings(BOUNDED, max_examples=20)


def stranger(codec: Codec, *, payload_type: int = 96, source: bytes = b"else") -> bytes:
    """A packet of another stream on the same channel, with numbers of its own."""
    packet = bytearray(rtp(CODED[codec].pictures[1][-1][:40], sequence=40_000, timestamp=77, marker=True))
    packet[1] = 0x80 | payload_type
    packet[8:12] = source
    return bytes(packet)


#: Whole interleaved frames, or bytes between them, that belong to no picture and take no number of one.
ODD = {
    "an empty frame": lambda codec: interleaved(0, b""),
    "half a header": lambda codec: interleaved(0, b"\x80\x60\x00"),
    "another version": lambda codec: interleaved(0, b"\x40" + stranger(codec)[1:]),
    "an extension longer than its packet": lambda codec: interleaved(
        0, b"\x90" + stranger(codec)[1:12] + b"\0\0\xff\xff"
    ),
    "another payload type": lambda codec: interleaved(0, stranger(codec, payload_type=107)),
    "another source": lambda codec: interleaved(0, stranger(codec)),
    "half a report": lambda codec: interleaved(1, b"\x80\xc8\x00\x06\0\0"),
    "an empty report": lambda codec: interleaved(1, b""),
    "a report that lies about its length": lambda codec: interleaved(1, b"\x80\xc8\xff\xff" + bytes(24)),
    "zeros between frames": lambda codec: bytes(7),
    "noise between frames": lambda codec: bytes(range(128, 200)),
}
#: The same that nobody need be told of.
QUIET = {
    "a channel that nobody asked for": lambda codec: interleaved(9, b"anything"),
    "empty lines": lambda codec: b"\r\n\r\n",
    "a request of the camera's": lambda codec: b"OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n",
    "an answer that nobody waits for": lambda codec: b"RTSP/1.0 200 OK\r\nCSeq: 990\r\nContent-Length: 3\r\n\r\nabc",
}


def frames(codec: Codec) -> list[bytes]:
    return [interleaved(0, packet) for packet in packets(codec, CODED[codec].pictures, mtu=400)]


def number_of(frame: bytes) -> int:
    """Which picture a packet is of."""
    return int.from_bytes(frame[8:12], "big") // 3600


@pytest.mark.parametrize("codec", list(Codec))
@pytest.mark.parametrize("odd", [*ODD, *QUIET])
@FEW
@given(data=st.data())
def test_it_is_passed_over_wherever_it_stands(codec: Codec, odd: str, data: st.DataObject) -> None:
    good, made = frames(codec), (ODD | QUIET)[odd](codec)
    places = data.draw(st.lists(st.integers(1, len(good) - 1), min_size=1, max_size=4, unique=True))
    wire = b"".join(made * (number in places) + frame for number, frame in enumerate(good))
    step = data.draw(st.sampled_from([len(wire), 1400, 37]))
    told, ending = receive(codec, [wire[at : at + step] for at in range(0, len(wire), step)])
    assert ending is None, ending
    assert [picture for picture, _, _ in told.pictures] == prefixed(CODED[codec])
    assert not told.lost
    assert bool(told.oddities) is (odd in ODD)


@pytest.mark.parametrize("codec", list(Codec))
@FEW
@given(data=st.data())
def test_units_of_no_known_kind_are_passed_over_where_they_stand(codec: Codec, data: st.DataObject) -> None:
    """They take a number of the stream's own, so that nothing is missing around them."""
    heads = [b"\x60", b"\x7e", b"\x7f"] if codec is Codec.H264 else [b"\x66\x01", b"\x7e\x01"]
    unknown = data.draw(st.sampled_from(heads)) + data.draw(st.binary(min_size=1, max_size=20))
    where = data.draw(st.integers(0, len(CODED[codec].pictures) - 1))
    wire, sequence = b"", 0
    for number, nals in enumerate(CODED[codec].pictures):
        made = [unknown] * (number == where) + payloads(codec, nals, 400)
        for index, payload in enumerate(made):
            packet = rtp(payload, sequence=sequence, timestamp=number * 3600, marker=index == len(made) - 1)
            wire, sequence = wire + interleaved(0, packet), sequence + 1
    told, ending = receive(codec, [wire])
    assert ending is None, ending
    assert [picture for picture, _, _ in told.pictures] == prefixed(CODED[codec])
    assert told.oddities
    assert not told.lost


@pytest.mark.parametrize("codec", list(Codec))
@BOUNDED
@given(data=st.data())
def test_a_spoiled_packet_costs_its_own_group_at_most(codec: Codec, data: st.DataObject) -> None:
    """Any byte of it but its number. Where it was a group's last, the next may have begun with it, and goes as well."""
    good, whole = frames(codec), prefixed(CODED[codec])
    spoiled = data.draw(st.integers(1, len(good) - 1))  # the first may say what kind of stream it is
    frame = bytearray(good[spoiled])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(4, len(frame) - 1).filter(lambda at: at not in (6, 7)))
        frame[at] = data.draw(st.integers(0, 255))
    told, ending = receive(codec, [b"".join([*good[:spoiled], bytes(frame), *good[spoiled + 1 :]])])
    assert ending is None, ending
    kept = [picture for picture, _, _ in told.pictures]
    first, last = (number_of(good[at]) // GROUP for at in (spoiled, min(spoiled + 1, len(good) - 1)))
    assert kept[: first * GROUP] == whole[: first * GROUP]
    after = whole[(last + 1) * GROUP :]
    if after:
        # A picture spoiled so that no slice is left in it is no picture; what is left goes before the next one.
        assert kept[-len(after)].endswith(after[0])
        assert kept[len(kept) - len(after) + 1 :] == after[1:]


@pytest.mark.parametrize(
    "garbage",
    [bytes(range(128, 256)), b"$\0\0\x04abcd", b"$\0\0\0", b"$\x01\0\x02ab", b"OPTIONS * RTSP/1.0\r\n", b"\0" * 64],
    ids=["noise", "short packets", "empty packets", "broken reports", "half a request", "zeros"],
)
@pytest.mark.parametrize("codec", list(Codec))
def test_garbage_without_end_ends_a_session(codec: Codec, garbage: bytes) -> None:
    good = b"".join(frames(codec))
    told, ending = receive(codec, [good] + [garbage * 256] * (4 * MOST_BUFFER_BYTES // len(garbage) // 256))
    assert ending is not None
    assert [picture for picture, _, _ in told.pictures] == prefixed(CODED[codec])
