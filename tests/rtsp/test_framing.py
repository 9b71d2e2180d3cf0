"""Bytes between interleaved frames, and frames that are not as long as they say, cost at most the packet they broke."""

from __future__ import annotations

import pytest

from footage.rtsp.events import Codec
from rtsp.feeding import all_of, fed, film, framed, made_of, renumbered, stamp_of
from rtsp.packets import interleaved

both_codecs = pytest.mark.parametrize("codec", list(Codec))

BETWEEN = {
    "zero bytes": bytes(3),
    "many zero bytes": bytes(500),
    "an empty line": b"\r\n",
    "noise": bytes(range(128, 160)),
    "noise with signs of a frame in it": b"\x01$\x00\x00$$\x00\xff\xff\x12$",
    "text": b"hello, world\r\n\r\n",
    "half an answer": b"RTSP/1.0 200 OK\r\nfoo\r\n\r\n",
    "a frame of nothing": b"$\x00\x00\x00",
    "a frame's head without its packet": b"$\x00\x05\x78",
    "a head that promises all there is": b"$\x00\xff\xff",
    "a frame of an unknown channel that lies": b"$\x09\x40\x00ab",
}


@both_codecs
@pytest.mark.parametrize("between", BETWEEN.values(), ids=BETWEEN)
@pytest.mark.parametrize("step", [1 << 16, 700, 1])
def test_bytes_between_frames_are_passed_over(codec, between, step):
    coded = film(codec)
    data = b"".join(
        interleaved(0, packet) + (between if number % 10 == 3 else b"") for number, packet in enumerate(made_of(coded))
    )
    told = fed(coded, data, step=step)
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost


def test_an_answer_among_noise_is_found():
    coded = film(Codec.H264)
    made = made_of(coded)
    answer = b"RTSP/1.0 200 OK\r\nCSeq: 9\r\n\r\n"
    told = fed(coded, framed(made[:9]) + bytes(7) + answer + framed(made[9:]))
    assert told.heard.pictures() == all_of(coded)


@pytest.mark.parametrize("less", [1, 40, 250])
def test_a_frame_that_the_camera_cut_short_costs_its_picture_and_not_the_next_frame(less):
    coded = film(Codec.H264)
    made = made_of(coded)
    at = [number for number, packet in enumerate(made) if stamp_of(packet) == 5 * 3600][2]
    data = framed(made[:at]) + interleaved(0, made[at])[:-less] + framed(made[at + 1 :])
    told = fed(coded, data)
    assert told.heard.pictures() == all_of(coded)[:5] + all_of(coded)[8:]
    assert told.lost == [1]


def test_a_receive_that_fills_all_the_room_is_told():
    coded = film(Codec.H264, frames=24)
    whole = fed(coded, framed(made_of(coded)), step=40_000)
    assert not any(unit.behind for unit in whole.heard.units)
    many = framed(renumbered(made_of(coded) * 6))
    told = fed(coded, many, step=1 << 20)
    assert len(many) > 1 << 17
    assert any(unit.behind for unit in told.heard.units)
    assert not told.heard.units[-1].behind
