"""Pictures that are sent in another order than they are shown in: every one has a decode time of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.contract import GapCause
from footage.recorder.gather import FRAGMENT_90K, Gathered, Gatherer
from footage.rtsp.events import AccessUnit, Codec
from footage.segments.reader import fragments, samples
from footage.times import MonotonicNs, Utc90k
from playback.making import film_reordered
from recorder.making import Bench

STEP = 3_600


def gathered(shown: Sequence[int], keys: Sequence[int] = (0,), *, last: bool = True) -> list[Gathered]:
    """Pictures by the ticks at which they are shown, in the order sent; cut as the recorder cuts."""
    gatherer, found = Gatherer(), []
    for number, at in enumerate(shown):
        unit = AccessUnit([b"x"], 1, at, number in keys, Utc90k(at), MonotonicNs(0))
        if gatherer.full_before(unit):
            found += gatherer.cut(unit.media_90k)
        gatherer.add(unit)
    return [*found, *gatherer.cut(None)] if last else found


def reordered(pictures: int, begins: int = 0) -> list[int]:
    """I, then two B pictures behind each P that is shown after them."""
    order = [0]
    for anchor in range(3, pictures, 3):
        order += [anchor, anchor - 2, anchor - 1]
    return [(begins + one) * STEP for one in order]


def decode_times(found: Sequence[Gathered]) -> list[int]:
    times = []
    for one in found:
        at = one.start_90k
        for sample in one.samples:
            times.append(at)
            at += sample.duration_90k
    return times


def shown_at(found: Sequence[Gathered]) -> list[int]:
    samples = [sample for one in found for sample in one.samples]
    return [at + sample.shift_90k for at, sample in zip(decode_times(found), samples, strict=True)]


def test_decode_times_do_not_stand_still_where_a_group_is_cut() -> None:
    shown = reordered(91)
    found = gathered(shown)
    assert len(found) == 4
    times = decode_times(found)
    assert [after - at for at, after in pairwise(times)] == [STEP] * (len(times) - 1)
    assert shown_at(found) == shown


def test_nor_before_a_key_picture_that_others_are_shown_before() -> None:
    shown = [*reordered(25), 27 * STEP, 25 * STEP, 26 * STEP, 30 * STEP, 28 * STEP, 29 * STEP]
    first, second = found = gathered(shown, keys=(0, 25))
    assert (first.end_90k, second.start_90k) == (25 * STEP, 25 * STEP)
    assert [after - at for at, after in pairwise(decode_times(found))] == [STEP] * 30
    assert shown_at(found) == shown


def test_a_picture_that_nothing_is_shown_before_is_decoded_where_the_last_fragment_ended() -> None:
    """No hole of a few ticks between two fragments: what is unbroken is one span."""
    shown = [*reordered(25), 25 * STEP + 2_000, 26 * STEP + 2_000]
    first, second = found = gathered(shown, keys=(0, 25))
    assert first.end_90k == second.start_90k == 25 * STEP
    assert shown_at(found) == shown


def test_a_hole_stays_one() -> None:
    gatherer, found = Gatherer(), []
    for at in reordered(31):
        unit = AccessUnit([b"x"], 1, at, at == 0, Utc90k(at), MonotonicNs(0))
        if gatherer.full_before(unit):
            found += gatherer.cut(unit.media_90k)
        gatherer.add(unit)
    found += gatherer.cut(None)  # packets were lost
    gatherer.add(AccessUnit([b"x"], 1, 60 * STEP, True, Utc90k(0), MonotonicNs(0)))
    (after,) = gatherer.cut(61 * STEP)
    assert (found[-1].end_90k, after.start_90k) == (31 * STEP, 60 * STEP)


def test_without_b_pictures_the_last_one_lasts_until_the_next() -> None:
    found = gathered([0, 10_000, 20_000, FRAGMENT_90K + 5_000, FRAGMENT_90K + 9_000])
    assert [one.end_90k for one in found] == [FRAGMENT_90K + 5_000, FRAGMENT_90K + 13_000]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_the_order_times_rise_fragments_join_and_each_is_shown_when_it_was(data: st.DataObject) -> None:
    shown, latest = [0], 0
    for _ in range(data.draw(st.integers(5, 80))):
        between = data.draw(st.integers(0, 3))
        steps = data.draw(st.lists(st.integers(90, 30_000), min_size=between + 1, max_size=between + 1))
        times = [latest + sum(steps[: at + 1]) for at in range(between + 1)]
        shown += [times[-1], *times[:-1]]
        latest = times[-1]
    found = gathered(shown)
    times = decode_times(found)
    assert all(after > at for at, after in pairwise(times))
    assert all(after.start_90k >= one.end_90k for one, after in pairwise(found))
    assert shown_at(found) == shown
    assert all(sample.duration_90k > 0 for one in found for sample in one.samples)


@pytest.mark.parametrize("pictures", [1, 2])
def test_the_last_of_few_lasts_as_long_as_the_usual_one(pictures: int) -> None:
    (only,) = gathered([0, STEP][:pictures])
    assert only.end_90k == pictures * STEP


def open_groups(codec: Codec, bench: Bench) -> list[AccessUnit]:
    """Three groups as a camera sends them; the second and third begin with pictures shown before their key picture."""
    source, units = film_reordered(codec, open_groups=True), []
    for (coded, key), place in zip(source.pictures, source.shown, strict=True):
        at = place * STEP
        moment = (Utc90k(bench.wall + at), MonotonicNs(bench.monotonic + at * 100_000 // 9))
        units.append(AccessUnit([coded], len(coded), at, key, *moment, recovery=key and bool(units)))
    return units


@pytest.mark.parametrize("codec", list(Codec))
@pytest.mark.parametrize("hole", ["packets lost", "let go for the disk"])
async def test_after_a_hole_nothing_is_recorded_that_needs_what_is_missing(
    bench: Bench, codec: Codec, hole: str
) -> None:
    units = open_groups(codec, bench)
    second, third = [number for number, unit in enumerate(units) if unit.key][1:]
    bench.recorder.on_parameters(film_reordered(codec, open_groups=True).parameters)
    for number, unit in enumerate(units):
        if number == second + 20:
            if hole == "packets lost":
                bench.recorder.on_packets_lost(1, unit.wall)
            else:
                bench.recorder.shed("the disk is nearly full")
                bench.recorder.unshed()
        if number < second + 20 or number >= third:  # the session tells nothing until a place to begin
            bench.recorder.on_access_unit(unit)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    recorded = []
    for path in (bench.store / row.path for row in rows):
        data = path.read_bytes()
        places = (one for fragment in fragments(path) for one in samples(path, fragment))
        recorded += [data[one.offset : one.offset + one.size_bytes] for one in places]
    coded, leading = [b"".join(unit.parts) for unit in units], range(third + 1, third + 3)
    assert all(units[number].media_90k < units[third].media_90k for number in leading)
    after = [one for number, one in enumerate(coded) if number >= third and number not in leading]
    assert recorded[-len(after) :] == after
    assert recorded[:second] == coded[:second]
    kept = recorded[second : -len(after)]
    assert kept == coded[second : second + len(kept)]
    assert len(kept) == (20 if hole == "packets lost" else 0) or kept == coded[second : second + 20]
