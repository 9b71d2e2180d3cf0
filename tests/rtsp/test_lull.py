"""The lull after a turn: one waking serves several cameras, and nothing is lost or kept waiting for it."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import ExitStack
from dataclasses import replace

from footage.rtsp.control.lull import ended_by, lull_of
from footage.rtsp.events import Codec
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


async def usual_wait(lull_seconds: float, *, served: bool) -> float:
    """How long a byte on a local connection waits, in the middle, while cameras are read without end."""
    found = lull_of(asyncio.get_running_loop(), lull_seconds)
    assert found
    theirs, ours = socket.socketpair()
    with theirs, ours, ExitStack() as stack:
        if served:
            stack.enter_context(ended_by(found, ours.fileno()))
        sent: list[float] = []
        answers: list[float] = []

        def answer() -> None:
            ours.recv(1)
            answers.append(time.monotonic() - sent.pop())

        asyncio.get_running_loop().add_reader(ours, answer)
        for _ in range(6):
            asker = threading.Timer(0.03, lambda: (sent.append(time.monotonic()), theirs.send(b"?")))
            asker.start()
            while asker.is_alive() or sent:
                if not found.due:
                    found.after_this_turn()
                await asyncio.sleep(0)
        asyncio.get_running_loop().remove_reader(ours)
    assert len(answers) == 6
    return sorted(answers)[3]


async def test_whoever_asks_the_node_something_does_not_wait_for_the_end_of_a_lull():
    assert await usual_wait(0.4, served=True) < 0.1
    assert await usual_wait(0.4, served=False) > 0.2


async def test_a_lull_is_short_while_somebody_watches():
    assert await turns(0.5, 0.1) < 10
    found = lull_of(asyncio.get_running_loop(), 0.1)
    assert found
    with found.watched():
        assert await turns(0.5, 0.1) > 12
    assert await turns(0.5, 0.1) < 10


async def test_a_connection_that_is_closed_leaves_the_lull_as_it_was():
    found = lull_of(asyncio.get_running_loop(), 0.05)
    assert found
    theirs, ours = socket.socketpair()
    number = ours.fileno()
    with found.ended_by(number):
        theirs.close()
        ours.close()
    assert await turns(0.5, 0.05) < 15
