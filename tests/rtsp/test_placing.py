"""A picture's place comes from its stamp and its arrival together. Played without a network: stamps and clocks by hand."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.rtsp.events import AccessUnit, Codec, Oddity, VideoParameters
from footage.rtsp.timing.placing import Placing
from footage.times import HZ, MonotonicNs, Utc90k
from rtsp.listener import Listener

FRAME = 3600
SENT_IN_ORDER = VideoParameters(Codec.H264, b"", b"\x67", b"\x68", 640, 360, "avc1.42c01e", 25.0, reorders=False)
REORDERED = replace(SENT_IN_ORDER, reorders=True)
#: The first bits of a slice: the picture's first macroblock, its type, and its parameter set.
_P, _B = b"\0\0\0\3\x41\xe0\0", b"\0\0\0\3\x01\xa8\0"
MONOTONIC = 7_000 * HZ


@dataclass(frozen=True)
class Shot:
    """One picture: when it was taken, how it is stamped, when it arrives; all in 1/90000 s from the first one."""

    taken: int
    stamp: int
    arrives: int
    behind: bool = False
    b: bool = False  # predicted from both sides


def place(shots: Sequence[Shot], parameters: VideoParameters = SENT_IN_ORDER) -> tuple[list[int], Listener]:
    """Where the pictures are put, counted on the true clock, and what was told besides."""
    listener = Listener()
    placing = Placing(listener)
    placing.on_parameters(parameters)
    for shot in shots:
        wall, monotonic = Utc90k(shot.arrives), MonotonicNs((MONOTONIC + shot.arrives) * 100_000 // 9 + 9)
        placing.on_access_unit(
            AccessUnit(
                [_B if shot.b else _P], len(_P), shot.stamp - shots[0].stamp, False, wall, monotonic, behind=shot.behind
            )
        )
    placing.release()
    placed = [unit.media_90k for unit in listener.units]
    # The recorder says when a run began by the least delay of its first second.
    first = [unit for unit in listener.units if unit.monotonic - listener.units[0].monotonic <= 10**9]
    offset = min(unit.wall - unit.media_90k for unit in first)
    return [at + offset for at in placed], listener


def errors(placed: Sequence[int], shots: Sequence[Shot]) -> list[float]:
    return [(at - shot.taken) / HZ for at, shot in zip(placed, shots, strict=True)]


def rises(placed: Sequence[int]) -> bool:
    return all(later > before for before, later in pairwise(placed))


def regular(count: int = 500, frame: int = FRAME) -> list[Shot]:
    return [Shot(n * frame, n * frame, n * frame) for n in range(count)]


def stamped(stamp: Callable[[int], int], count: int = 500, frame: int = FRAME) -> list[Shot]:
    return [Shot(n * frame, stamp(n), n * frame) for n in range(count)]


def jittered(shots: Sequence[Shot], most: int, seed: int = 1) -> list[Shot]:
    """Each picture up to `most` late, none before one that was sent earlier."""
    chance, last, out = random.Random(seed), -(1 << 60), []
    for shot in shots:
        last = max(last, shot.arrives + chance.randrange(most + 1))
        out.append(replace(shot, arrives=last))
    return out


def test_a_regular_camera_is_placed_by_its_stamps_to_the_tick() -> None:
    shots = jittered(regular(), HZ // 12)
    placed, listener = place(shots)
    assert {at - shot.stamp for at, shot in zip(placed, shots, strict=True)} == {placed[0]}
    assert (listener.oddities, listener.stamp_rates) == ([], [])


def reordered(begins: int = 0, frame: int = FRAME) -> list[Shot]:
    """Two B pictures between each two others, from the picture `begins` on."""
    shots, n = [Shot(0, 0, 3 * frame)], 1
    while n < 500:
        group = [n + 2, n, n + 1] if n >= begins else [n, n + 1, n + 2]
        shots += [
            Shot(at * frame, at * frame, (n + place + 3) * frame, b=n >= begins and place > 0)
            for place, at in enumerate(group)
        ]
        n += 3
    return shots


@pytest.mark.parametrize(("begins", "frame"), [(0, FRAME), (100, FRAME), (0, 5 * FRAME)])
def test_pictures_sent_in_another_order_keep_their_stamps(begins: int, frame: int) -> None:
    shots = reordered(begins, frame)
    placed, listener = place(jittered(shots, HZ // 20), REORDERED)
    assert [at - placed[0] for at in placed] == [shot.stamp for shot in shots]
    assert listener.oddities == []


def test_a_stray_stamp_among_reordered_pictures_is_placed_by_its_neighbours() -> None:
    shots = [
        replace(shot, stamp=shot.stamp - 9_800 * HZ) if n % 60 == 31 else shot for n, shot in enumerate(reordered())
    ]
    placed, listener = place(jittered(shots, HZ // 50), REORDERED)
    assert max(map(abs, errors(placed, shots))) < 0.25
    assert set(listener.oddities) == {Oddity.STRAY_STAMP}


@pytest.mark.parametrize("jump", [11 * HZ, -2 * HZ, -HZ // 2])
def test_a_jump_is_no_reordering_where_the_set_does_not_tell_the_order(jump: int) -> None:
    shots = jittered(stamped(lambda n: n * FRAME + (jump if n >= 188 else 0)), HZ // 50)
    placed, listener = place(shots, REORDERED)
    assert max(map(abs, errors(placed, shots))) < 0.15
    assert rises(placed)
    assert listener.oddities == [Oddity.STAMP_STEP]


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.1, 0.5, 0.84, 0.97, 1.03, 1.19, 2.0, 3.0, 5.0, 11.0, 30.0])
@pytest.mark.parametrize("frame", [FRAME, 10 * FRAME])
def test_stamps_that_run_slow_or_fast_are_scaled_to_true_time(rate: float, frame: int) -> None:
    shots = jittered(stamped(lambda n: round(n * frame * rate), 1500, frame), HZ // 50)
    placed, listener = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.5
    assert rises(placed)
    steps = [later - before for before, later in pairwise(placed[600:])]
    assert max(steps) < 2 * frame + HZ // 20
    if not 0.95 < rate < 1.05:
        assert listener.stamp_rates[-1] == pytest.approx(rate, rel=0.05) or listener.stamp_rates[-1] in (0.0, 1.0)


@pytest.mark.parametrize("jump", [9_800 * HZ, 11 * HZ, 2 * HZ, HZ // 2, -HZ // 2, -2 * HZ, -39 * 60 * HZ])
def test_stamps_that_jump_and_go_on_cost_no_time(jump: int) -> None:
    shots = jittered(stamped(lambda n: n * FRAME + (jump if n >= 188 else 0)), HZ // 50)
    placed, listener = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.15
    assert rises(placed)
    assert listener.oddities == [Oddity.STAMP_STEP]


@pytest.mark.parametrize("jump", [0, 39 * 60 * HZ, -39 * 60 * HZ])
@pytest.mark.parametrize("together", [2, 10])
def test_pictures_that_come_together_are_spread_and_stay_so_after_a_jump(jump: int, together: int) -> None:
    shots = stamped(lambda n: n * FRAME + (jump if n >= 187 else 0))
    shots = [replace(shot, arrives=(n // together + 1) * together * FRAME) for n, shot in enumerate(shots)]
    placed, _ = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.5
    assert min(later - before for before, later in pairwise(placed)) >= HZ // 1000


@pytest.mark.parametrize("away", [-9_800 * HZ, -HZ, HZ // 2, 31 * HZ])
def test_one_stray_stamp_is_placed_by_its_neighbours(away: int) -> None:
    shots = jittered(stamped(lambda n: n * FRAME + (away if n % 50 == 13 else 0)), HZ // 50)
    placed, listener = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.1
    assert rises(placed)
    assert listener.oddities == [Oddity.STRAY_STAMP] * 10
    assert listener.stamp_rates == []


def test_two_pictures_with_one_stamp_get_a_time_each() -> None:
    shots = jittered(stamped(lambda n: (n - (n % 20 == 7)) * FRAME), HZ // 50)
    placed, listener = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.1
    assert rises(placed)
    assert listener.oddities == [Oddity.REPEATED_STAMP] * 25


@pytest.mark.parametrize("many", [3, 25, 500])
def test_many_pictures_with_one_stamp_are_placed_by_their_arrival(many: int) -> None:
    shots = jittered(stamped(lambda n: n // many * many * FRAME), HZ // 50)
    placed, _ = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.5
    assert rises(placed)


def test_key_pictures_with_random_stamps_do_not_invent_days() -> None:
    chance = random.Random(3)
    shots = stamped(lambda n: chance.randrange(1 << 31) if n % 25 == 0 else n * FRAME)
    placed, _ = place(jittered(shots, HZ // 50))
    assert max(map(abs, errors(placed, shots))) < 0.5
    assert rises(placed)


def test_stamps_at_random_are_not_used_at_all() -> None:
    chance = random.Random(3)
    shots = jittered(stamped(lambda n: chance.randrange(1 << 31)), HZ // 50)
    placed, listener = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.5
    assert rises(placed)
    assert listener.stamp_rates == [0.0]


@pytest.mark.parametrize("stored", [25, 75, 250])
def test_stored_pictures_that_come_at_once_are_old(stored: int) -> None:
    shots = [Shot(n * FRAME, n * FRAME, max(n, stored) * FRAME + n // 10) for n in range(500)]
    placed, listener = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.1
    assert listener.oddities == []


@pytest.mark.parametrize("late", [HZ // 5, 24_090, 3 * HZ, -3 * HZ, 900 * HZ, -900 * HZ])
def test_a_wrong_stamp_on_the_first_picture_moves_no_other(late: int) -> None:
    shots = jittered(stamped(lambda n: n * FRAME + (late if n == 0 else 0)), HZ // 50)
    placed, _ = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.5
    assert max(map(abs, errors(placed, shots)[1:])) < 0.1
    assert rises(placed)


@pytest.mark.parametrize("pause", [0.5, 2, 8])
def test_a_network_that_stood_still_moves_nothing(pause: float) -> None:
    still = range(round(4 * HZ), round((4 + pause) * HZ))
    shots = [
        replace(shot, arrives=still.stop + n // 5) if shot.arrives in still else shot
        for n, shot in enumerate(regular())
    ]
    placed, listener = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.01
    assert listener.oddities == []


def test_what_we_read_late_stands_when_it_came() -> None:
    """Overloaded, we read each picture later than the one before, and know that more was waiting."""
    shots = [Shot(n * FRAME, n * FRAME, n * FRAME * 6 // 5, behind=n > 25) for n in range(500)]
    placed, listener = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.3
    assert listener.oddities == []


def test_a_camera_that_paused_without_counting_is_placed_after_its_pause() -> None:
    shots = [
        Shot(n * FRAME + (2 * HZ if n >= 100 else 0), n * FRAME, n * FRAME + (2 * HZ if n >= 100 else 0))
        for n in range(300)
    ]
    placed, listener = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.1
    assert listener.oddities == [Oddity.STAMP_STEP]


@pytest.mark.parametrize("seconds", [5, 10])
def test_a_picture_in_many_seconds_is_regular(seconds: int) -> None:
    placed, listener = place(jittered(regular(100, seconds * HZ), HZ // 10))
    assert len(set(map(int, placed))) == 100
    assert listener.oddities == []


def test_a_rate_that_changes_by_day_and_night_is_regular() -> None:
    times = [
        *range(0, 150 * FRAME, FRAME),
        *range(150 * FRAME, 150 * FRAME + 40 * HZ, 4 * HZ),
        *range(60 * HZ, 70 * HZ, FRAME),
    ]
    shots = jittered([Shot(at, at, at) for at in times], HZ // 50)
    placed, listener = place(shots)
    assert max(map(abs, errors(placed, shots))) < 0.05
    assert listener.oddities == []


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 399), st.integers(-(1 << 40), 1 << 40), st.booleans()), max_size=12),
    st.integers(0, HZ // 10),
    st.integers(0, 1 << 30),
)
def test_whatever_the_stamps_say_nothing_lies_far_from_its_arrival(
    changes: list[tuple[int, int, bool]], jitter: int, seed: int
) -> None:
    """Strays and steps of any size, anywhere, alone or together."""
    stray = {at: by for at, by, stays in changes if not stays}
    steps = [(at, by) for at, by, stays in changes if stays]
    shots = stamped(lambda n: n * FRAME + stray.get(n, 0) + sum(by for at, by in steps if n >= at), 400)
    placed, _ = place(jittered(shots, jitter, seed))
    assert len(placed) == 400
    assert rises(placed)
    assert max(map(abs, errors(placed, shots))) < 0.7
