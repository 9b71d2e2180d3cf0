"""A clip is what was recorded: every coded byte, every picture, every gap with its cause, or a clear refusal."""

from __future__ import annotations

import hashlib
import resource
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from footage.contract import (
    BadSpan,
    ClipReceipt,
    ClipRequest,
    DamagedFootage,
    DiskFull,
    FootageError,
    Gap,
    GapCause,
    NoFootage,
)
from footage.picture.stills import still
from footage.playback import clips, copying
from footage.playback.archive import Archive
from footage.playback.clips import copy_clip, cut_clip
from footage.rtsp.events import Codec
from footage.segments.boxes import child, walk
from footage.times import utc_now
from playback.making import BEGIN, FPS, HZ, STEP, Recorded, film, film_h265, film_reordered, number_of, played


def cut(recorded: Recorded, start: float, end: float, into: Path, progress=None) -> ClipReceipt:
    """Seconds are counted from BEGIN."""
    into.mkdir(exist_ok=True)
    request = ClipRequest(recorded.camera_id, BEGIN + round(start * HZ), BEGIN + round(end * HZ))
    return cut_clip(Archive(recorded.store, recorded.catalogue), request, into, progress)


@pytest.mark.clause("BASS-9.1.b", part="the native stream is exported without re-encoding")
def test_a_clip_holds_every_coded_byte_of_the_groups_that_show_the_span(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 750)
    receipt = cut(recorded, 8.5, 21.2, tmp_path / "clip")
    (file,) = receipt.files
    seen = played(file.path.read_bytes())
    assert seen.coded == [coded for coded, _ in film().pictures[200:550]]
    assert seen.numbers == list(range(200, 550))
    assert seen.times_90k == [number * STEP for number in range(350)]
    assert (file.start_90k, file.end_90k) == (BEGIN + 8 * HZ, BEGIN + 22 * HZ)
    assert (file.frames, file.begins_on_key_frame, receipt.gaps) == (350, True, ())
    assert len(receipt.sources) == 3


def test_the_hashes_are_those_of_the_file(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250, film=film(640, 360, 250, heavy=True))
    steps: list[tuple[int, int]] = []
    (file,) = cut(recorded, 0, 10, tmp_path / "clip", lambda done, total: steps.append((done, total))).files
    data = file.path.read_bytes()
    assert len(data) == file.size_bytes > 8 << 20
    assert file.sha256 == hashlib.sha256(data).hexdigest()
    assert file.sha512 == hashlib.sha512(data).hexdigest()
    chunks = [data[at : at + (4 << 20)] for at in range(0, len(data), 4 << 20)]
    assert list(file.chunk_sha256) == [hashlib.sha256(chunk).hexdigest() for chunk in chunks]
    assert steps[-1] == (len(data), len(data))
    assert steps == sorted(steps)


@pytest.mark.parametrize("source", [film, film_reordered], ids=["in order", "B pictures"])
def test_the_copy_by_the_kernel_is_the_same_file(recorded: Recorded, tmp_path: Path, source) -> None:
    recorded.record(BEGIN, len(source().pictures), film=source())
    (file,) = cut(recorded, 3, 17, tmp_path / "clip").files
    (tmp_path / "copy").mkdir()
    request = ClipRequest(recorded.camera_id, BEGIN + 3 * HZ, BEGIN + 17 * HZ)
    (copy,) = copy_clip(Archive(recorded.store, recorded.catalogue), request, tmp_path / "copy")
    exported = slice(8 + copy.read_bytes().index(b"suep") + 4, None)  # the moment of the export differs
    ours, theirs = file.path.read_bytes(), copy.read_bytes()
    assert len(ours) == len(theirs)
    assert ours[exported][32:] == theirs[exported][32:]


def test_a_clip_says_when_its_clock_starts_and_who_made_it(recorded: Recorded, tmp_path: Path) -> None:
    """ONVIF Export File Format 26.06: `suep` and `cstb` in a `meta` box of the file."""
    recorded.record(BEGIN, 750)
    (file,) = cut(recorded, 8.5, 12, tmp_path / "clip").files
    data = file.path.read_bytes()
    meta = next(one for one in walk(data, 0, len(data)) if one.kind == b"meta")
    inside = {one.kind: data[one.body : one.end] for one in walk(data, meta.body + 4, meta.end)}
    assert list(inside) == [b"hdlr", b"suep", b"cstb"]
    unit, url, mac, rest = inside[b"suep"][4:].split(b"\0", 3)
    assert (inside[b"suep"][0], unit, url, mac) == (1, b"Overt", b"", b"")
    (made,) = struct.unpack_from(">Q", rest)
    assert abs(datetime(1904, 1, 1, tzinfo=UTC) + timedelta(seconds=made) - datetime.now(UTC)) < timedelta(minutes=1)
    assert rest[8:] == b"\0" + struct.pack(">IH", 1, 1) + b"127\0\0\0\0"
    count, track, start = struct.unpack(">IIQ", inside[b"cstb"])
    assert (count, track) == (1, 1)
    began = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=start // 10)
    assert began == datetime(2026, 11, 1, 9, 0, 38, tzinfo=UTC)


def test_a_gap_keeps_its_place_and_its_cause(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250)
    gap = Gap(recorded.camera_id, BEGIN + 10 * HZ, BEGIN + 15 * HZ, GapCause.CAMERA_LOST, "closed")
    recorded.catalogue.add_gap(gap)
    recorded.record(BEGIN + 15 * HZ, 250, first=250, run=2)
    receipt = cut(recorded, 8, 18, tmp_path / "clip")
    (file,) = receipt.files
    seen = played(file.path.read_bytes())
    assert seen.numbers == [*range(200, 250), *range(250, 325)]
    assert seen.times_90k[49:51] == [49 * STEP, 7 * HZ]
    assert receipt.gaps == (gap,)


@pytest.mark.parametrize("codec", list(Codec))
@pytest.mark.parametrize("gone", [False, True], ids=["whole", "with a hole"])
def test_no_picture_is_made_of_what_is_missing_in_a_hole(
    recorded: Recorded, tmp_path: Path, codec: Codec, *, gone: bool
) -> None:
    """Pictures that lead an open group need what came before: behind a hole another file begins, and decoders too."""
    rows = recorded.record(BEGIN, 225, film=film_reordered(codec, open_groups=True), per_file=60)
    if gone:
        with recorded.catalogue.write() as connection:
            connection.execute("DELETE FROM segments WHERE sequence = 2")
    files = cut(recorded, 0, 9, tmp_path / "clip").files
    seen = [played(file.path.read_bytes()) for file in files]
    shown = [one for part in seen for one in sorted(part.numbers)]
    assert [len(part.coded) for part in seen] == [file.frames for file in files]
    if gone:
        assert [file.start_90k for file in files] == [rows[0].start_90k, rows[2].start_90k]
        assert shown == [*range(rows[0].frames), *range(150, 225)]
    else:
        assert shown == list(range(225))


def test_a_hole_that_nobody_explained_is_still_told(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250)
    recorded.record(BEGIN + 15 * HZ, 250, run=2)
    (gap,) = cut(recorded, 8, 18, tmp_path / "clip").gaps
    assert (gap.start_90k, gap.end_90k) == (BEGIN + 10 * HZ, BEGIN + 15 * HZ)


def test_before_a_camera_was_recorded_nothing_is_damaged(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250)
    recorded.record(BEGIN + 15 * HZ, 250, run=2)
    early, late = cut(recorded, -60, 18, tmp_path / "clip").gaps
    assert (early.cause, early.words) == (GapCause.NOT_YET_RECORDED, "the camera was not yet recorded")
    assert (early.start_90k, early.end_90k) == (BEGIN - 60 * HZ, BEGIN)
    assert early.detail == "Nothing is known of this camera before 2026-11-01T09:00:30.000Z."
    assert (late.cause, late.start_90k, late.end_90k) == (GapCause.DAMAGED, BEGIN + 10 * HZ, BEGIN + 15 * HZ)
    # Known of is more than what is kept: it was connected to, or its oldest footage went at its date.
    recorded.catalogue.add_gap(Gap(recorded.camera_id, BEGIN - 40 * HZ, BEGIN - 20 * HZ, GapCause.RETENTION))
    told = [(gap.cause, gap.start_90k, gap.end_90k) for gap in cut(recorded, -60, 5, tmp_path / "other").gaps]
    assert told == [
        (GapCause.NOT_YET_RECORDED, BEGIN - 60 * HZ, BEGIN - 40 * HZ),
        (GapCause.RETENTION, BEGIN - 40 * HZ, BEGIN - 20 * HZ),
        (GapCause.DAMAGED, BEGIN - 20 * HZ, BEGIN),
    ]


@pytest.mark.parametrize("off", [-45, 45])
def test_a_span_typed_in_milliseconds_has_no_gap_of_half_a_one(recorded: Recorded, tmp_path: Path, off: int) -> None:
    """A gap that ends within the rounding of the span's start, or begins within that of its end, lies outside."""
    recorded.record(BEGIN, 250)
    recorded.record(BEGIN + 15 * HZ, 250, run=2)
    recorded.record(BEGIN + 30 * HZ, 250, run=3)
    for at in (10, 25):
        gap = Gap(recorded.camera_id, BEGIN + at * HZ, BEGIN + (at + 5) * HZ, GapCause.CAMERA_LOST)
        recorded.catalogue.add_gap(gap)
    step = Gap(recorded.camera_id, BEGIN + 18 * HZ, BEGIN + 18 * HZ, GapCause.CLOCK_STEP)
    recorded.catalogue.add_gap(step)
    assert cut(recorded, 15 + off / HZ, 25 + off / HZ, tmp_path / "clip").gaps == (step,)
    wide = cut(recorded, 15 - 91 / HZ, 25 + 91 / HZ, tmp_path / "wide").gaps
    assert [gap.cause for gap in wide] == [GapCause.CAMERA_LOST, GapCause.CLOCK_STEP, GapCause.CAMERA_LOST]


def test_a_gap_that_still_lasts_ends_with_the_span(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250)
    recorded.catalogue.open_gap(recorded.camera_id, BEGIN + 10 * HZ, GapCause.CAMERA_LOST)
    (gap,) = cut(recorded, 8, 18, tmp_path / "clip").gaps
    assert (gap.start_90k, gap.end_90k) == (BEGIN + 10 * HZ, BEGIN + 18 * HZ)


def test_changed_parameter_sets_begin_another_file(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250)
    recorded.record(BEGIN + 10 * HZ, 250, run=2, film=film(640, 360, 250))
    first, second = cut(recorded, 5, 15, tmp_path / "clip").files
    assert (first.width, second.width) == (320, 640)
    assert played(first.path.read_bytes()).numbers == list(range(125, 250))
    assert played(second.path.read_bytes()).numbers == list(range(125))
    assert first.end_90k == second.start_90k


def test_h265_is_cut_and_shown_the_same_way(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250, film=film_h265())
    (file,) = cut(recorded, 3.5, 8, tmp_path / "clip").files
    seen = played(file.path.read_bytes())
    assert file.codec.startswith("hvc1.")
    assert seen.coded == [coded for coded, _ in film_h265().pictures[75:200]]
    assert seen.numbers == list(range(75, 200))
    shown = still(Archive(recorded.store, recorded.catalogue), recorded.camera_id, BEGIN + 90 * STEP)
    assert number_of(shown.jpeg) == 90


def test_b_pictures_keep_their_bytes_and_are_shown_when_they_were(recorded: Recorded, tmp_path: Path) -> None:
    source = film_reordered()
    recorded.record(BEGIN, 225, film=source)
    (file,) = cut(recorded, 0, 9, tmp_path / "clip").files
    seen = played(file.path.read_bytes())
    assert seen.coded == [coded for coded, _ in source.pictures]
    assert seen.times_90k == [place * STEP for place in source.shown]
    assert seen.numbers == list(range(225))
    for number in (0, 1, 2, 31, 76, 224):
        shown = still(Archive(recorded.store, recorded.catalogue), recorded.camera_id, BEGIN + number * STEP)
        assert (number_of(shown.jpeg), shown.at_90k) == (number, BEGIN + number * STEP)


@pytest.mark.parametrize("block", [5, 7, 11, 13, 17])
def test_heads_that_grow_lose_nothing_wherever_a_block_ends(
    recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    """A picture that is sent in order has no shift of its own; beside B pictures it gets one, and a longer table."""
    source = film_reordered()
    recorded.record(BEGIN, 4, film=source)
    for number in range(4):
        recorded.record(BEGIN + (4 + number) * HZ, 1, film=source, run=2 + number)
    monkeypatch.setattr(copying, "_BLOCK", block)
    (file,) = cut(recorded, 0, 25, tmp_path / "clip").files
    seen = played(file.path.read_bytes())
    assert seen.coded == [*(coded for coded, _ in source.pictures[:4]), *[source.pictures[0][0]] * 4]
    assert seen.times_90k[4:] == [(4 + number) * HZ for number in range(4)]
    assert file.sha256 == hashlib.sha256(file.path.read_bytes()).hexdigest()


@pytest.mark.parametrize("source", [film, film_reordered], ids=["in order", "B pictures"])
def test_no_file_is_longer_than_a_stick_can_hold(
    recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source
) -> None:
    """FAT32 ends at 4 GiB; the limit is drawn down to a few groups. Parts are whole clips, and nothing is between."""
    recorded.record(BEGIN, 225, film=source())
    (whole,) = cut(recorded, 0, 9, tmp_path / "whole").files
    monkeypatch.setattr(clips, "MOST_BYTES", whole.size_bytes // 2)
    monkeypatch.setattr(clips, "_HEAD_BYTES", 2_000)
    receipt = cut(recorded, 0, 9, tmp_path / "parts")
    assert len(receipt.files) > 1
    assert all(file.size_bytes <= whole.size_bytes // 2 for file in receipt.files)
    assert [file.start_90k for file in receipt.files[1:]] == [file.end_90k for file in receipt.files[:-1]]
    seen = [played(file.path.read_bytes()) for file in receipt.files]
    assert [number for part in seen for number in part.numbers] == list(range(225))
    assert b"".join(one for part in seen for one in part.coded) == b"".join(one for one, _ in source().pictures[:225])
    assert (receipt.gaps, all(file.begins_on_key_frame for file in receipt.files)) == ((), True)


def test_the_head_says_how_long_it_is_and_of_when(recorded: Recorded, tmp_path: Path) -> None:
    """ISO/IEC 14496-12, 8.2.2, 8.3.2, 8.4.2 and 8.8.2: `mvhd`, `tkhd`, `mdhd`, `mehd`; seconds since 1904."""
    recorded.record(BEGIN, 750)
    (file,) = cut(recorded, 8.5, 21.2, tmp_path / "clip").files
    data = file.path.read_bytes()
    moov = next(one for one in walk(data, 0, len(data)) if one.kind == b"moov")
    made, length = file.start_90k // HZ + 2_082_844_800, file.end_90k - file.start_90k
    mvhd, trak, mvex = walk(data, moov.body, moov.end)
    tkhd, mdia = walk(data, trak.body, trak.end)
    for head, at in ((mvhd, 16), (tkhd, 20), (child(data, mdia, b"mdhd"), 16)):
        assert struct.unpack_from(">I", data, head.body + 4) == (made,)
        assert struct.unpack_from(">I", data, head.body + at) == (length,)
    assert struct.unpack_from(">I", data, child(data, mvex, b"mehd").body + 4) == (length,)


def test_each_reference_of_the_index_begins_at_a_moof(recorded: Recorded, tmp_path: Path) -> None:
    """VLC looks for one exactly there, and cannot be moved through a file where there is none."""
    recorded.record(BEGIN, 750)
    (file,) = cut(recorded, 3, 17, tmp_path / "clip").files
    data = file.path.read_bytes()
    sidx = next(one for one in walk(data, 0, len(data)) if one.kind == b"sidx")
    first, count = struct.unpack_from(">Q", data, sidx.body + 20)[0], struct.unpack_from(">H", data, sidx.body + 30)[0]
    at = sidx.end + first
    for number in range(count):
        assert data[at + 4 : at + 8] == b"moof"
        at += struct.unpack_from(">I", data, sidx.body + 32 + 12 * number)[0]
    assert (at, count) == (len(data), 14)


def test_an_hour_recorded_twice_by_a_clock_set_back_is_two_files(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 500)
    recorded.record(BEGIN + 5 * HZ, 500, run=2)
    first, second = cut(recorded, 0, 30, tmp_path / "clip").files
    assert (first.start_90k, second.start_90k) == (BEGIN, BEGIN + 5 * HZ)
    assert played(second.path.read_bytes()).numbers == list(range(500))


def test_a_group_longer_than_a_fragment_is_taken_from_its_key_frame(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250, film=film(320, 180, 250, gop=125), per_fragment=50)
    (file,) = cut(recorded, 8, 9, tmp_path / "clip").files
    assert file.start_90k == BEGIN + 5 * HZ
    assert played(file.path.read_bytes()).numbers == list(range(125, 225))


def test_the_camera_clock_is_stated_as_last_measured(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250)
    assert cut(recorded, 0, 5, tmp_path / "clip").clock_offset_ms is None
    recorded.catalogue.add_clock_offset(recorded.camera_id, BEGIN - HZ, 412.0)
    recorded.catalogue.add_clock_offset(recorded.camera_id, BEGIN + 20 * HZ, -9.0)
    assert cut(recorded, 0, 5, tmp_path / "clip").clock_offset_ms == 412.0


@pytest.mark.parametrize(
    ("start", "end", "error", "words"),
    [
        (9, 3, BadSpan, "before it starts"),
        (3, 3, BadSpan, "before it starts"),
        (0, 25 * 3600, BadSpan, "longer than 24 hours"),
        (100, 200, NoFootage, "Nothing was recorded"),
    ],
)
def test_a_span_that_cannot_be_cut_is_refused(
    recorded: Recorded, tmp_path: Path, start: int, end: int, error: type[FootageError], words: str
) -> None:
    recorded.record(BEGIN, 250)
    assert cut(recorded, 0, 5, tmp_path / "good").files
    with pytest.raises(error, match=words):
        cut(recorded, start, end, tmp_path / "clip")
    assert list((tmp_path / "clip").iterdir()) == []


def test_the_future_is_refused(recorded: Recorded, tmp_path: Path) -> None:
    now = utc_now()
    with pytest.raises(BadSpan, match="in the future"):
        cut(recorded, (now - BEGIN) / HZ - 60, (now - BEGIN) / HZ + 60, tmp_path / "clip")


def test_no_footage_says_why_where_the_journal_knows(recorded: Recorded, tmp_path: Path) -> None:
    recorded.catalogue.add_gap(Gap(recorded.camera_id, BEGIN, BEGIN + 60 * HZ, GapCause.MAINTENANCE, "lens cleaned"))
    with pytest.raises(NoFootage, match="maintenance lens cleaned"):
        cut(recorded, 10, 20, tmp_path / "clip")


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _spoil_a_head(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"moof", b"moop", 2))


@pytest.mark.clause("BASS-9.1.b", part="Segments are hashed when written")
@pytest.mark.parametrize("harm", [_flip, _shorten, _spoil_a_head, Path.unlink])
def test_damage_is_named_with_its_time_and_nothing_is_left(recorded: Recorded, tmp_path: Path, harm) -> None:
    _, second, _ = recorded.record(BEGIN, 750)
    harm(recorded.store / second.path)
    with pytest.raises(DamagedFootage, match=r"09:00:40\.000Z to 2026-11-01T09:00:50\.000Z") as caught:
        cut(recorded, 2, 28, tmp_path / "clip")
    assert second.path in str(caught.value)
    assert list((tmp_path / "clip").iterdir()) == []
    assert cut(recorded, 2, 8, tmp_path / "beside").files


@contextmanager
def _room_for(most_bytes: int) -> Iterator[None]:
    """The kernel refuses to let a file grow past this, as it would on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_and_the_half_written_file_removed(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 750)
    with _room_for(20_000), pytest.raises(DiskFull, match="no room"):
        cut(recorded, 0, 30, tmp_path / "clip")
    assert list((tmp_path / "clip").iterdir()) == []
    assert cut(recorded, 0, 30, tmp_path / "clip").files[0].frames == 750


def test_the_second_of_two_files_failing_takes_the_first_with_it(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250)
    (row,) = recorded.record(BEGIN + 10 * HZ, 250, run=2, film=film(640, 360, 250))
    _flip(recorded.store / row.path)
    with pytest.raises(DamagedFootage):
        cut(recorded, 0, 20, tmp_path / "clip")
    assert list((tmp_path / "clip").iterdir()) == []


def test_a_file_that_the_recorder_still_writes_is_left_alone(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 500, per_file=250, leave_open=True)
    receipt = cut(recorded, 0, 20, tmp_path / "clip")
    assert receipt.files[0].frames == 10 * FPS
    (gap,) = receipt.gaps
    assert (gap.cause, gap.start_90k, gap.end_90k) == (GapCause.NOT_CLOSED, BEGIN + 10 * HZ, BEGIN + 20 * HZ)
    with pytest.raises(NoFootage, match="still being written"):
        cut(recorded, 12, 18, tmp_path / "clip")
