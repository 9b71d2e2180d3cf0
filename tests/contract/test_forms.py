"""A gap, a file and a stretch of time are written as JSON in one form, and read back; every cause has its words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from footage.contract import CAUSE_WORDS, CameraId, ClipFile, Gap, GapCause, Hold, cause_words, gaps_of_span
from footage.times import HZ

ROOT = Path(__file__).parents[2]
CAMERA = CameraId(UUID(int=7))
LOST = Gap(CAMERA, 0, 9 * HZ, GapCause.CAMERA_LOST, "no answer")
FILE = ClipFile(
    Path("data/master/a.mp4"), 0, 3 * HZ, 5, "ab", "cd", ("ef",), 75, "avc1.64001f,mp4a.40.2", 640, 360, True
)


@pytest.mark.parametrize("cause", list(GapCause))
def test_a_cause_has_words_in_exhibits_on_the_timeline_and_in_the_manual(cause: GapCause) -> None:
    assert Gap(CAMERA, 0, 1, cause).as_json()["words"] == CAUSE_WORDS[cause]
    assert f"`{cause.value}`" in (ROOT / "docs" / "footage-cli.md").read_text()


@pytest.mark.parametrize("off", [0, 1, 45, 90])
def test_a_gap_beside_a_span_is_none_of_it_whatever_its_ends_were_rounded_to(off: int) -> None:
    before, after = (Gap(CAMERA, at * HZ, (at + 5) * HZ, GapCause.CAMERA_LOST) for at in (0, 20))
    lasting = Gap(CAMERA, 20 * HZ, None, GapCause.NODE_STOPPED)
    moment = Gap(CAMERA, 9 * HZ, 9 * HZ, GapCause.CLOCK_STEP)
    assert gaps_of_span([before, moment, after, lasting], 5 * HZ - off, 20 * HZ + off) == [moment]
    wide = gaps_of_span([before, moment, after], 5 * HZ - 91, 20 * HZ + 91)
    assert [(gap.start_90k, gap.end_90k) for gap in wide if gap != moment] == [
        (5 * HZ - 91, 5 * HZ),
        (20 * HZ, 20 * HZ + 91),
    ]


def test_a_cause_of_a_later_release_is_read_by_its_name() -> None:
    assert cause_words("lens-covered") == "lens covered"


def test_a_gap_is_written_with_exact_times_readable_times_cause_and_words() -> None:
    assert LOST.as_json() == {
        "start_90k": 0,
        "end_90k": 9 * HZ,
        "start": "1970-01-01T00:00:00.000Z",
        "end": "1970-01-01T00:00:09.000Z",
        "cause": "camera-lost",
        "words": "the camera could not be reached",
        "detail": "no answer",
    }


@pytest.mark.parametrize("gap", [LOST, replace(LOST, end_90k=None, detail=""), replace(LOST, end_90k=0)])
def test_a_gap_is_read_back_as_it_was(gap: Gap) -> None:
    told = json.loads(json.dumps(gap.as_json()))
    assert Gap.from_json(told, CAMERA) == gap
    assert (told["end"] is None) is (gap.end_90k is None)


def test_a_file_is_read_back_as_it_was_but_for_the_digests_of_its_parts() -> None:
    told = json.loads(json.dumps(FILE.as_json()))
    assert ClipFile.from_json(told) == replace(FILE, chunk_sha256=())
    assert told["sound"] is True
    assert replace(FILE, codec="avc1.64001f").as_json()["sound"] is False


@pytest.mark.parametrize(
    ("start", "end", "within"),
    [
        (2, 5, (2, 5)),  # longer than the span on both sides
        (0, 20, (0, 9)),  # inside it
        (5, 20, (5, 9)),
    ],
)
def test_a_gap_is_cut_to_the_span_that_is_asked_for(start: int, end: int, within: tuple[int, int]) -> None:
    found = LOST.within(start * HZ, end * HZ)
    assert (found.start_90k, found.end_90k) == (within[0] * HZ, within[1] * HZ)
    assert (found.cause, found.detail) == (LOST.cause, LOST.detail)


def test_a_gap_that_lasts_ends_with_the_span() -> None:
    assert replace(LOST, end_90k=None).within(0, 4 * HZ).end_90k == 4 * HZ


def test_a_hold_says_until_when_or_that_it_waits_to_be_let_go() -> None:
    hold = Hold(UUID(int=1), CAMERA, 0, HZ, "marked", "a fight")
    assert (hold.as_json()["expires"], hold.as_json()["expires_90k"]) == (None, None)
    assert replace(hold, expires_90k=HZ).as_json()["expires"] == "1970-01-01T00:00:01.000Z"
