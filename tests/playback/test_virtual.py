"""A file that is not there reads as one that is: any bytes of it, in any order, and its tag names its bytes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.contract import BadSpan, DamagedFootage, NoFootage
from footage.playback.archive import Archive
from footage.playback.index import IndexCache
from footage.playback.spans import check_span
from footage.playback.virtual import VirtualFile
from playback.making import BEGIN, HZ, STEP, Recorded, film, played


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    """Three files, a gap of five seconds, two files more."""
    made = Recorded(tmp_path_factory.mktemp("day") / "store")
    made.record(BEGIN, 600)
    made.record(BEGIN + 29 * HZ, 400, run=2, first=250)
    yield made
    made.catalogue.close()


def virtual(made: Recorded, start: float, end: float, base: int | None = None) -> VirtualFile:
    archive = Archive(made.store, made.catalogue)
    (stretch,) = archive.stretches(made.camera_id, BEGIN + round(start * HZ), BEGIN + round(end * HZ))
    return VirtualFile(stretch, stretch.start_90k if base is None else base)


def whole(file: VirtualFile) -> bytes:
    return b"".join(file.read(0, file.size_bytes))


def test_its_size_is_known_before_it_is_read(day: Recorded) -> None:
    for start, end in ((0, 1), (3.3, 3.4), (0, 60), (22, 31)):
        file = virtual(day, start, end)
        assert len(whole(file)) == file.size_bytes


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_part_is_that_part_of_the_whole(day: Recorded, data: st.DataObject) -> None:
    file = virtual(day, 5, 40)
    everything = whole(file)
    start = data.draw(st.integers(0, file.size_bytes - 1))
    end = data.draw(st.integers(start, file.size_bytes))
    assert b"".join(file.read(start, end)) == everything[start:end]


@settings(max_examples=80, deadline=None)
@given(start=st.integers(0, 45 * 90_000), length=st.integers(1, 20 * 90_000))
def test_a_span_shows_just_the_groups_that_touch_it(day: Recorded, start: int, length: int) -> None:
    archive = Archive(day.store, day.catalogue)
    groups = [second for second in range(45) if not 24 <= second < 29]
    expected = [s for s in groups if s * HZ < start + length and (s + 1) * HZ > start]
    try:
        (stretch,) = archive.stretches(day.camera_id, BEGIN + start, BEGIN + start + length)
    except NoFootage:
        assert expected == []
    else:
        assert [piece.fragment.wall_90k - BEGIN for piece in stretch.pieces] == [second * HZ for second in expected]


def test_times_count_from_the_base_and_jump_over_the_gap(day: Recorded) -> None:
    seen = played(whole(virtual(day, 23, 30, base=BEGIN)))
    assert seen.times_90k == [at * STEP for at in (*range(575, 600), *range(725, 750))]
    assert seen.coded == [coded for coded, _ in (*film().pictures[575:600], *film().pictures[250:275])]


def test_a_base_after_the_start_is_refused(day: Recorded) -> None:
    with pytest.raises(ValueError, match="negative"):
        virtual(day, 5, 6, base=BEGIN + 6 * HZ)


def test_the_tag_is_of_the_bytes(day: Recorded) -> None:
    tags = {virtual(day, start, end).etag for start, end in ((0, 5), (0, 6), (1, 5), (22, 31))}
    assert len(tags) == 4
    assert virtual(day, 0, 5).etag == virtual(day, 0.2, 4.9).etag  # the same groups
    assert virtual(day, 0, 5).etag != virtual(day, 0, 5, base=BEGIN - 1).etag


def test_another_program_reads_its_length_and_seeks_in_it(day: Recorded, tmp_path: Path) -> None:
    """ffprobe as an independent judge: the length counts the gap, and every picture is found."""
    path = tmp_path / "span.mp4"
    path.write_bytes(whole(virtual(day, 20, 35)))
    ask = ["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames:format=duration"]
    try:
        told = subprocess.run([*ask, "-of", "csv=p=0", str(path)], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("no ffprobe here")
    assert told.stderr == ""
    assert told.stdout.split() == [str(25 * 10), "15.000000"]


def test_a_segment_that_shrinks_while_it_is_read_is_damage(recorded: Recorded) -> None:
    (row,) = recorded.record(BEGIN, 250)
    file = virtual(recorded, 0, 10)
    path = recorded.store / row.path
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DamagedFootage):
        whole(file)


def test_the_memory_for_indexes_is_bounded_and_a_changed_file_is_read_anew(recorded: Recorded) -> None:
    rows = recorded.record(BEGIN, 750, per_file=125)  # five fragments each
    cache = IndexCache(most_fragments=12)
    for row in rows:
        assert len(cache.index(recorded.store / row.path).fragments) == 5
        assert cache.fragments_held <= 12
    path = recorded.store / rows[0].path
    path.write_bytes(path.read_bytes()[:-10])
    assert len(cache.index(path).fragments) == 4
    assert cache.index(path) is cache.index(path)


@pytest.mark.parametrize(
    ("start", "end", "now", "words"),
    [
        (10, 10, 100, "before it starts"),
        (10, 9, 100, "before it starts"),
        (-5, 9, 100, "before 1970"),
        (10, 101, 100, "in the future"),
        (200, 300, 100, "in the future"),
        (0, 24 * 3600 + 1, 10**6, "longer than 24 hours"),
    ],
)
def test_a_span_that_makes_no_sense_is_told_why(start: int, end: int, now: int, words: str) -> None:
    check_span(0, 24 * 3600 * HZ, 10**6 * HZ)
    with pytest.raises(BadSpan, match=words):
        check_span(start * HZ, end * HZ, now * HZ)
