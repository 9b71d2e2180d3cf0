"""What the benchmarks count: pictures that are missing, and those of them that no gap tells of."""

from __future__ import annotations

from pathlib import Path

import pytest

from footage.bench.counting import Ledger
from footage.contract import Gap, GapCause
from footage.simcam.transcode import load_film
from recorder.making import FRAME, Bench, Film


@pytest.mark.parametrize(
    ("gap_at", "untold"), [(None, 5), ((45, 50), 0), ((0, 40), 5), ((60, None), 5), ((44, None), 0)]
)
async def test_a_picture_that_is_missing_is_told_where_a_gap_lies_there(
    bench: Bench, street: Path, gap_at: tuple[int, int | None] | None, untold: int
) -> None:
    shown = load_film(street)
    pictures = tuple(b"".join(len(nal).to_bytes(4, "big") + nal for nal in picture.nals) for picture in shown.pictures)
    bench.begin(Film(bench.film.parameters, pictures))
    first = bench.wall
    for number in range(100):
        if 45 <= number < 50:
            bench.sent += 1
            bench.pass_time(FRAME)
        else:
            bench.send(1)
    bench.lose()
    files = [bench.store / row.path for row in await bench.rows()]
    gaps = []
    if gap_at:
        end = None if gap_at[1] is None else first + gap_at[1] * FRAME
        gaps = [Gap(bench.camera.camera_id, first + gap_at[0] * FRAME, end, GapCause.CAMERA_LOST)]
    found = Ledger(shown).count(files, gaps)
    assert (found.lost, found.repeated, found.strange, found.untold) == (5, 0, 0, untold)
