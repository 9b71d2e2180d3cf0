"""The threads that do the cameras' disk work: in order, and beside a loop that rests, not beside one that works."""

from __future__ import annotations

import asyncio
import threading
import time

from footage.recorder.strand import Pool
from footage.rtsp.control.lull import lull_of


async def test_disk_work_begins_when_the_loop_rests():
    lull = lull_of(asyncio.get_running_loop(), 0.2)
    assert lull
    pool, done = Pool(2, lull), threading.Event()
    lull.after_this_turn()
    await asyncio.sleep(0)  # the first one: all that was worked before counts
    lull.after_this_turn()
    pool.strand().put(done.set)
    assert not done.wait(0.1), "begun beside the loop's own work"
    began = time.monotonic()
    await asyncio.sleep(0)
    assert done.is_set(), "not done in the rest"
    assert time.monotonic() - began > 0.1
    pool.close()


async def test_disk_work_begins_at_once_where_no_rest_is_due():
    lull = lull_of(asyncio.get_running_loop(), 0.2)
    assert lull
    pool, done = Pool(2, lull), threading.Event()
    pool.strand().put(done.set)
    assert done.wait(1)
    pool.close()


async def test_what_other_threads_hand_in_waits_for_no_rest():
    lull = lull_of(asyncio.get_running_loop(), 0.2)
    assert lull
    pool, done = Pool(2, lull), threading.Event()
    lull.after_this_turn()
    thread = threading.Thread(target=pool.strand().put, args=(done.set,))
    thread.start()
    assert done.wait(1)
    thread.join()
    pool.close()


async def test_what_waits_for_a_rest_is_done_before_the_threads_end():
    lull = lull_of(asyncio.get_running_loop(), 0.2)
    assert lull
    pool, order = Pool(2, lull), []
    lull.after_this_turn()
    strand = pool.strand()
    for number in range(20):
        strand.put(lambda number=number: order.append(number))
    await asyncio.to_thread(pool.close)
    assert order == list(range(20))


def test_a_slow_job_holds_up_no_other_line():
    pool, free, done = Pool(2), threading.Event(), threading.Event()
    pool.strand().put(lambda: free.wait(5) or None)
    pool.strand().put(done.set)
    assert done.wait(1)
    free.set()
    pool.close()
