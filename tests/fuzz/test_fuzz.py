"""Bounded fuzzing in the suite: the same bytes each run, drawn from good ones that are then spoiled."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.rtsp.events import Codec
from fuzz.targets import TARGETS, payloads, receive, received
from rtsp.packets import interleaved, packets
from rtsp.pictures import Coded, encoded

BOUNDED = settings(derandomize=True, database=None, deadline=None, max_examples=300)
CODED = {codec: encoded(codec, width=64, height=48, frames=12, gop=3) for codec in Codec}
#: The boxes of a segment: their sizes and counts lie just before and behind their names.
BOXES = re.compile(rb"moov|uuid|prft|moof|traf|tfhd|tfdt|trun|mdat")


@st.composite
def spoiled(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """A seed with some bytes written over, put in, taken out or cut off; now and then nothing but noise."""
    data = bytearray(draw(st.sampled_from([b"", *seeds])))
    heads = [found.start() + shift for found in BOXES.finditer(data) for shift in range(-4, 28, 4)]
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.sampled_from(heads) if heads else st.integers(0, len(data)))
        new = draw(st.sampled_from([b"", b"\xff\xff\xff\xff", b"\0\0\0\x20", b"\0\0\0\0"]) | st.binary(max_size=12))
        gone = len(new) or draw(st.integers(1, 40))
        data[at : at + draw(st.sampled_from([0, gone, gone]))] = new
    return bytes(data)


@pytest.mark.parametrize("name", [name for name in TARGETS if name not in ("received", "payloads")])
@BOUNDED
@given(st.data())
def test_a_reader_reads_or_says_that_it_cannot(name: str, data: st.DataObject) -> None:
    target, seeds = TARGETS[name]
    target(data.draw(spoiled(seeds)))


@BOUNDED
@given(st.data())
def test_payloads_of_any_bytes_tell_the_same_however_they_are_received(data: st.DataObject) -> None:
    payloads(data.draw(spoiled(TARGETS["payloads"][1])))


def wire_of(codec: Codec) -> list[bytes]:
    """A good stream as interleaved packets: four groups of three pictures."""
    return [interleaved(0, packet) for packet in packets(codec, CODED[codec].pictures, mtu=400)]


@BOUNDED
@given(st.sampled_from(list(Codec)), st.data())
def test_a_stream_tells_the_same_however_it_is_cut_and_spoiled(codec: Codec, data: st.DataObject) -> None:
    made = wire_of(codec)
    start = data.draw(st.integers(0, len(made) - 1))
    received(data.draw(spoiled((b"".join(made[start : start + 12]),))))


@BOUNDED
@given(st.sampled_from(list(Codec)), st.data())
def test_a_good_stream_is_told_whole_however_it_is_cut(codec: Codec, data: st.DataObject) -> None:
    whole = b"".join(wire_of(codec))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=40)))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    told, ending = receive(codec, pieces)
    assert ending is None
    assert [picture for picture, _, _ in told.pictures] == prefixed(CODED[codec])
    assert not told.lost
    assert not told.oddities


def prefixed(coded: Coded) -> list[bytes]:
    return [b"".join(len(nal).to_bytes(4, "big") + nal for nal in nals) for nals in coded.pictures]
