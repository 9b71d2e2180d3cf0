"""What is written is read back exactly, and no file, however hostile, makes the reader do anything but refuse it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footage.contract import CameraId, GapCause
from footage.rtsp.events import Codec, VideoParameters
from footage.segments.boxes import DamagedSegment, box, ntp_time, utc_from_ntp, walk
from footage.segments.header import GapBefore, SegmentHeader
from footage.segments.reader import fragments, read_header, read_init, samples, scan
from footage.segments.writer import Sample, fragment_head, init_segment, segment_start

SPS = bytes.fromhex("6742c01eda0280bfe5c044000003000400000300c83c58ba80")
PARAMETERS = VideoParameters(Codec.H264, b"", SPS, bytes.fromhex("68ce0fc8"), 640, 360, "avc1.42c01e", 25.0)
TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
COUNT = st.integers(0, 2**53)
GAPS = st.builds(GapBefore, COUNT, st.sampled_from(list(GapCause)), TEXT)
HEADERS = st.builds(
    SegmentHeader,
    camera_id=st.uuids().map(CameraId),
    name=TEXT,
    run=COUNT,
    sequence=COUNT,
    start_90k=COUNT,
    codec=TEXT,
    width=st.integers(0, 8192),
    height=st.integers(0, 8192),
    gaps_before=st.lists(GAPS, max_size=4).map(tuple),
)
SAMPLES = st.lists(
    st.tuples(
        st.builds(Sample, st.integers(0, 2**20), st.just(0), st.booleans(), st.integers(-(2**20), 2**20)),
        st.binary(min_size=1, max_size=40),
    ),
    min_size=1,
    max_size=30,
)
HEADER = SegmentHeader(CameraId(UUID(int=7)), "127", 3, 9, 161_583_392_614_792, "avc1.42c01e", 640, 360)


def segment(pictures: int = 5) -> bytes:
    one = [Sample(3600, 4, True), *([Sample(3600, 4, False)] * (pictures - 1))]
    data = segment_start(PARAMETERS, HEADER)
    for number in range(3):
        at = number * 3600 * pictures
        data += fragment_head(number + 1, at, HEADER.start_90k + at, one) + b"\0\0\0\0" * pictures
    return data


@given(st.integers(0, 2**32 * 90_000 - 1))
def test_a_utc_time_comes_back_from_its_ntp_form_to_the_tick_also_after_2036(count: int) -> None:
    assert utc_from_ntp(ntp_time(count)) == count


@given(HEADERS, st.lists(st.tuples(st.integers(0, 2**32 * 90_000 - 1), SAMPLES), max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_segment_is_read_back_as_it_was_written(header: SegmentHeader, groups: list) -> None:
    data, written, at = segment_start(PARAMETERS, header), [], 0
    for number, (wall, rows) in enumerate(groups, 1):
        pictures = [sample._replace(size_bytes=len(body)) for sample, body in rows]
        data += fragment_head(number, at, wall, pictures) + b"".join(body for _, body in rows)
        written.append((at, wall, pictures, [body for _, body in rows]))
        at += sum(picture.duration_90k for picture in pictures)
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.mp4")
        path.write_bytes(data)
        assert read_header(path) == header
        assert read_init(path) == init_segment(PARAMETERS)
        found = fragments(path)
        assert [(one.start_media_90k, one.wall_90k, one.samples) for one in found] == [
            (media, wall, len(pictures)) for media, wall, pictures, _ in written
        ]
        for fragment, (_, _, pictures, bodies) in zip(found, written, strict=True):
            places = samples(path, fragment)
            assert [data[place.offset : place.offset + place.size_bytes] for place in places] == bodies
            assert [place.key for place in places] == [picture.key for picture in pictures]
            assert [place.shift_90k for place in places] == [picture.shift_90k for picture in pictures]


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_are_boxes_or_are_refused(data: bytes) -> None:
    try:
        found = list(walk(data, 0, len(data)))
    except DamagedSegment:
        return
    assert found == [] if not data else found[-1].end == len(data)


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_segment_is_read_as_far_as_it_is_whole_or_refused(data: st.DataObject) -> None:
    hurt = bytearray(segment())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(hurt) - 1))
        hurt[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(hurt)))
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.mp4")
        path.write_bytes(bytes(hurt[:cut]))
        try:
            found = scan(path)
        except DamagedSegment:
            return
        assert 0 < found.good_bytes <= cut
        assert all(fragment.end <= found.good_bytes for fragment in found.fragments)
        for fragment in found.fragments:
            assert all(place.offset + place.size_bytes <= fragment.end for place in samples(path, fragment))


@pytest.mark.parametrize("missing", [1, 4, 60])
def test_a_cut_off_tail_costs_its_fragment_and_no_other(tmp_path: Path, missing: int) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(segment()[:-missing])
    found = scan(path)
    assert len(found.fragments) == 2
    assert found.trouble
    with pytest.raises(DamagedSegment):
        fragments(path)


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\0\0\0\1ftyp" + b"\xff" * 8,  # a length of 2**64 - 1
        b"\0\0\0\0ftyp",  # to the end of the file, whatever that is
        b"\0\0\0\7ftyp",
        box(b"ftyp") + box(b"moov", b"x" * 2_000_000),
        box(b"ftyp") + box(b"moov") + box(b"uuid", b"overt-segment-v1", b"[" * 10_000),
        box(b"ftyp") + box(b"moov") + box(b"uuid", b"overt-segment-v1", b'{"camera": 3}'),
        box(b"ftyp") + box(b"moov") + box(b"uuid", b"another-type-xyz", b"{}"),
    ],
)
def test_what_is_no_segment_is_refused(tmp_path: Path, hostile: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(hostile)
    with pytest.raises(DamagedSegment):
        scan(path)
