"""The lull after a turn: one waking serves several cameras, and nothing is lost or kept waiting for it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from footage.rtsp.events import Codec
from footage.rtsp.lull import lull_of
from rtsp.listener import IMPATIENT, following, until
from rtsp.pictures import encoded
from rtsp.scripted import ScriptedCamera


async def turns(seconds: float, lull: float) -> int:
    """How often a loop turned that read something in every turn."""
    found = lull_of(asyncio.get_running_loop(), lull)
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        if found and not found.due:
            found.after_this_turn()
        count += 1
        await asyncio.sleep(0)
    return count


async def test_a_loop_that_reads_little_turns_as_often_as_the_lull_lets_it():
    assert await turns(0.2, 0.01) < 60
    assert await turns(0.2, 0.0) > 1000


async def test_a_loop_that_works_as_long_as_the_lull_has_none():
    found = lull_of(asyncio.get_running_loop(), 0.02)
    assert found
    found.after_this_turn()
    await asyncio.sleep(0)  # the first one: nothing was worked before
    busy = time.thread_time() + 0.03
    while time.thread_time() < busy:
        pass
    found.after_this_turn()
    began = time.monotonic()
    await asyncio.sleep(0)
    assert time.monotonic() - began < 0.015
    assert not found.due


async def test_all_connections_of_a_loop_share_one_lull_and_no_seconds_are_none():
    loop = asyncio.get_running_loop()
    assert lull_of(loop, 0.01) is lull_of(loop, 0.01)
    assert lull_of(loop, 0.0) is None


async def test_every_picture_is_told_beside_a_lull():
    slow = ScriptedCamera(encoded(Codec.H264), lambda connection: connection.paced(1.0))
    async with slow as camera, following(camera.url, policy=replace(IMPATIENT, lull=0.01)) as heard:
        await until(lambda: len(heard.units) >= 20)
        assert not heard.lost_packets
        assert not heard.losses
