"""What a power cut leaves of the file that was being written: only what was really written becomes footage."""

from __future__ import annotations

from pathlib import Path

import pytest

from footage.catalogue import Catalogue
from footage.contract import GapCause
from footage.recorder.adopt import adopt_unfinished
from footage.segments.check import CHECK_BOX_BYTES
from footage.segments.reader import Fragment, scan
from recorder.making import SECOND, START, Bench, decoded, film
from recorder.node import footage_json
from recorder.truth import Round, audit

ROUND = Round.of(film(told_apart=True).pictures)


async def cut_off(bench: Bench, seconds: float = 5.5) -> Path:
    """The file that was being written when everything stopped."""
    bench.begin(film(told_apart=True))
    bench.seconds(seconds)
    await bench.settle()
    (opened,) = bench.catalogue.open_files()
    return bench.store / opened.path


def zeroed(data: bytes, start: int, end: int) -> bytes:
    return data[:start] + bytes(end - start) + data[end:]


def damaged(data: bytes, part: Fragment, kind: str) -> bytes:
    """The file with one fragment as a disk may leave it that had not written all of it."""
    media = part.mdat_offset + 8
    return {
        "the media": zeroed(data, media, part.end),
        "a sector of the media": zeroed(data, media + 100, media + 612),
        "the last sector": zeroed(data, part.whole_end - 512, part.whole_end),
        "the check": zeroed(data, part.end, part.whole_end),
        "all of it": zeroed(data, part.offset, part.whole_end),
        "the times": zeroed(data, part.offset + 16, part.offset + 24),
        "its end": data[: part.whole_end - 3],
        "its check": data[: part.end],
        "what lay there before": data[: part.offset] + data[: part.size] + data[part.offset + part.size :],
    }[kind]


@pytest.mark.parametrize("last", [True, False], ids=["the last", "one before"])
@pytest.mark.parametrize(
    "kind",
    [
        "the media",
        "a sector of the media",
        "the last sector",
        "the check",
        "all of it",
        "the times",
        "its end",
        "its check",
        "what lay there before",
    ],
)
async def test_what_was_not_written_is_no_footage_and_is_kept(bench: Bench, kind: str, last: bool) -> None:
    path = await cut_off(bench)
    whole = path.read_bytes()
    parts = scan(path).fragments
    part = parts[-1] if last else parts[-2]
    path.write_bytes(damaged(whole, part, kind))
    with Catalogue(bench.store) as after:
        (row,) = adopt_unfinished(after)
        assert (row.end_90k, row.size_bytes) == (part.wall_90k, part.offset)
        (gap,) = after.gaps(bench.camera.camera_id, 0, 1 << 52)
        assert (gap.start_90k, gap.cause) == (part.wall_90k, GapCause.NODE_STOPPED)
    assert path.read_bytes() == whole[: part.offset]
    (tail,) = (bench.store / "set-aside").iterdir()
    assert tail.read_bytes() == damaged(whole, part, kind)[part.offset :]
    assert footage_json("check", "--store", bench.store, "--level", "hash")["ok"]
    assert audit(bench.store, "127", ROUND, folder=str(bench.camera.camera_id)) == []


async def test_a_file_whose_only_fragment_was_not_written_is_set_aside(bench: Bench) -> None:
    path = await cut_off(bench, 1.5)
    data = path.read_bytes()
    (part,) = scan(path).fragments
    path.write_bytes(zeroed(data, part.mdat_offset + 8, part.end))
    with Catalogue(bench.store) as after:
        assert adopt_unfinished(after) == []
        assert after.spans(bench.camera.camera_id, 0, 1 << 52) == []
    assert not path.exists()
    assert [file.stat().st_size for file in (bench.store / "set-aside").iterdir()] == [len(data)]


async def test_a_reindex_takes_no_more_than_a_start_does(bench: Bench) -> None:
    path = await cut_off(bench)
    part = scan(path).fragments[-1]
    path.write_bytes(zeroed(path.read_bytes(), part.mdat_offset + 8, part.end))
    bench.catalogue.close()
    for file in bench.store.glob("catalogue.sqlite3*"):
        file.unlink()
    rebuilt = footage_json("reindex", "--store", bench.store)
    assert rebuilt["damaged"] == [path.relative_to(bench.store).as_posix()]
    with Catalogue(bench.store, readonly=True) as again:
        (span,) = again.spans(bench.camera.camera_id, 0, 1 << 52)
    assert span.end_90k == part.wall_90k


async def test_players_pass_over_the_checks_and_a_file_of_before_is_taken_as_it_is(bench: Bench) -> None:
    path = await cut_off(bench)
    assert decoded(path) == 125
    data, found = path.read_bytes(), scan(path)
    assert all(len(part.check) == 8 for part in found.fragments)
    assert path.stat().st_size == found.fragments[-1].end + CHECK_BOX_BYTES
    plain = data[: found.fragments[0].offset] + b"".join(data[part.offset : part.end] for part in found.fragments)
    # The header of an earlier release does not speak of checks, and is as much shorter.
    at = plain.index(b'"checked":true,')
    plain = plain[:at] + plain[at + 15 :]
    start = plain.index(b"uuidovert-segment-v1") - 4
    size = int.from_bytes(plain[start : start + 4], "big") - 15
    path.write_bytes(plain[:start] + size.to_bytes(4, "big") + plain[start + 4 :])
    assert not any(part.check for part in scan(path).fragments)
    with Catalogue(bench.store) as after:
        (row,) = adopt_unfinished(after)
    assert (row.frames, row.end_90k) == (125, START + 5 * SECOND)
    assert decoded(path) == 125
