"""A camera that sends, asks or costs more than it may: it rests or is paused, says so in words, and nothing grows."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from footage.rtsp.control.share import HOT_RECEIVE_BYTES, RECEIVE_BYTES, LoopShare
from footage.rtsp.events import Codec, LossCause
from rtsp.listener import IMPATIENT, following, until
from rtsp.packets import interleaved, packets
from rtsp.pictures import encoded
from rtsp.scripted import Connection, ScriptedCamera

COUNTED = replace(IMPATIENT, bytes_a_minute=2_000_000, paused=0.3)


async def as_fast_as_it_goes(connection: Connection) -> None:
    """The film over and over without a pause, its numbers and stamps running on."""
    coded, sent, at = connection.camera.coded, 0, 0
    while True:
        made = packets(coded.codec, coded.pictures, first_sequence=sent, first_timestamp=at)
        sent, at = sent + len(made), at + 3600 * len(coded.pictures)
        await connection.write(b"".join(interleaved(0, packet) for packet in made) * 1)


async def test_a_camera_past_its_bytes_a_minute_is_paused_with_a_sentence_and_followed_again():
    fast = ScriptedCamera(encoded(Codec.H264), as_fast_as_it_goes)
    async with fast as camera, following(camera.url, policy=COUNTED) as heard:
        await until(lambda: heard.losses, 10)
        cause, detail = heard.losses[0]
        assert cause is LossCause.TOO_MUCH
        assert "more than 2 MB (0.266667 Mbit/s) within a minute" in detail
        seen = len(heard.units)
        assert seen > 100
        await asyncio.sleep(0.15)
        assert (camera.connections, len(heard.units)) == (1, seen)
        await until(lambda: camera.connections == 2 and len(heard.units) > seen)


async def test_a_camera_within_its_bytes_a_minute_is_left_alone():
    slow = ScriptedCamera(encoded(Codec.H264), lambda connection: connection.paced(1.5))
    async with slow as camera, following(camera.url, policy=COUNTED) as heard:
        await until(lambda: len(heard.units) > 20)
        assert not heard.losses


@pytest.mark.parametrize(("asked", "told"), [(60, []), (61, [LossCause.PROTOCOL])])
async def test_a_camera_that_asks_without_end_is_let_go(asked: int, told: list[LossCause]):
    """Whether or not it reads the answers."""

    async def ask(connection: Connection) -> None:
        connection.reader._transport.pause_reading()
        await connection.paced(0.4)
        await connection.write(b"OPTIONS rtsp://127.0.0.1/ RTSP/1.0\r\nCSeq: 1\r\n\r\n" * asked)
        await connection.paced(0.4)

    async with ScriptedCamera(encoded(Codec.H264), ask) as camera, following(camera.url) as heard:
        await until(lambda: len(heard.units) > 5)
        await asyncio.sleep(0.8)
        assert [cause for cause, _ in heard.losses][:1] == told
    if told:
        assert heard.losses[0][1] == "The camera asks for more than 60 things a minute of the recorder."


def test_who_works_little_never_rests_and_who_works_without_end_rests_thrice_as_long():
    share = LoopShare(0.0)
    assert share.settle(1.0, 0.012, 250_000, 0) == 0.0
    assert share.most_bytes == RECEIVE_BYTES
    assert 0.029 < share.settle(1.010, 0.010, 250_000, 0) <= 0.030
    assert share.most_bytes == HOT_RECEIVE_BYTES
    assert share.settle(1.2, 0.010, 250_000, 0) == 0.0
    assert share.most_bytes == RECEIVE_BYTES


def test_many_that_flood_share_half_of_the_loop_and_a_stopped_process_has_not_worked():
    shares = [LoopShare(0.0) for _ in range(10)]
    for share in shares:
        share.settle(0.010, 0.010, 0, 0)
    rests = [share.settle(0.020, 0.010, 0, 0) for share in shares]
    assert all(0.18 < rest < 0.20 for rest in rests)
    for share in shares[1:]:
        share.close()
    assert shares[0].settle(100.0, 99.0, 0, 0) == 0.0
    assert LoopShare(0.0).settle(0.010, 30.0, 0, 0) <= 0.2
