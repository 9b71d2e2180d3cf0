"""The arithmetic of parts, against the standard's own examples and against all small numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footage.gateway.ranges import Part, Unsatisfiable, not_modified, range_applies, wanted_part

TOTAL = 10_000


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [  # RFC 9110, 14.1.2
        ("bytes=0-499", 0, 500),
        ("bytes=500-999", 500, 1000),
        ("bytes=-500", 9500, 10_000),
        ("bytes=9500-", 9500, 10_000),
        ("bytes=0-0", 0, 1),
        ("bytes=-20000", 0, 10_000),
        ("bytes=9999-20000", 9999, 10_000),
        ("BYTES= 1 - 2 ", 1, 3),
    ],
)
def test_a_part_is_what_the_standard_says(header: str, start: int, end: int) -> None:
    assert wanted_part(header, TOTAL) == Part(start, end, TOTAL)


@pytest.mark.parametrize(
    "header",
    [None, "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-3", "bytes=0-1,3-4", "lines=0-1", "bytes=--1"],
)
def test_what_is_no_single_range_is_ignored(header: str | None) -> None:
    assert wanted_part(header, TOTAL) is None


@pytest.mark.parametrize("header", ["bytes=10000-", "bytes=10000-10001", "bytes=-0", "bytes=99999999999999999-"])
def test_a_range_past_the_end_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        wanted_part(header, TOTAL)


@given(total=st.integers(1, 60), first=st.integers(0, 70), length=st.integers(1, 70))
def test_a_part_holds_just_the_bytes_that_are_there(total: int, first: int, length: int) -> None:
    whole = bytes(range(total))
    expected = whole[first : first + length]
    try:
        part = wanted_part(f"bytes={first}-{first + length - 1}", total)
    except Unsatisfiable:
        assert expected == b""
    else:
        assert part is not None
        assert whole[part.start : part.end] == expected
        assert part.content_range == f"bytes {first}-{first + len(expected) - 1}/{total}"


@given(total=st.integers(1, 60), length=st.integers(1, 70))
def test_a_tail_is_the_last_bytes(total: int, length: int) -> None:
    part = wanted_part(f"bytes=-{length}", total)
    assert part is not None
    assert bytes(range(total))[part.start : part.end] == bytes(range(total))[-length:]


@given(st.text(max_size=40))
def test_no_header_breaks_it(header: str) -> None:
    for text in (header, "bytes=" + header):
        try:
            part = wanted_part(text, TOTAL)
        except Unsatisfiable:
            continue
        assert part is None or 0 <= part.start < part.end <= TOTAL


def test_a_tag_is_matched_weakly_for_reading_and_strongly_for_parts() -> None:
    assert not_modified('"a", W/"b"', '"b"')
    assert not_modified("*", '"b"')
    assert not not_modified('"a"', '"b"')
    assert not not_modified(None, '"b"')
    assert range_applies(None, '"b"')
    assert range_applies('"b"', '"b"')
    assert not range_applies('W/"b"', '"b"')
    assert not range_applies("Sun, 22 Nov 2026 02:14:07 GMT", '"b"')
