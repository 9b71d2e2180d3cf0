"""The code in the corner is read back as it was written, also from pictures that were coded and decoded."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footage.simcam.caption import caption_row
from footage.simcam.code import Code, Kind, read_code
from footage.simcam.scenes import films
from footage.simcam.scenes.places import PLACES

codes = st.builds(Code, st.sampled_from(Kind), st.integers(0, 1023), st.integers(0, 2**32 - 1))


@given(codes, st.integers(0, 40))
def test_a_code_is_read_back_through_noise_from_luma_and_colour(code: Code, noise: int) -> None:
    luma = np.full((64, 640), 90, np.uint8)
    luma[:16] = caption_row(640, "CAM 1", code)
    spoilt = np.clip(luma + np.random.default_rng(1).normal(0, noise / 2, luma.shape), 0, 255).astype(np.uint8)
    assert read_code(luma) == code
    assert read_code(spoilt) == code
    assert read_code(np.repeat(spoilt[..., None], 3, 2)) == code


def test_a_picture_without_a_code_has_none() -> None:
    assert read_code(np.full((64, 640), 90, np.uint8)) is None
    assert read_code(np.random.default_rng(2).integers(0, 255, (64, 640), np.uint8)) is None
    assert read_code(np.zeros((8, 8), np.uint8)) is None


def test_a_time_code_is_a_time_near_now() -> None:
    now = 1_795_000_000.250
    code = Code(Kind.TIME, 5, round(now * 1000) % 2**32)
    assert code.sent_at_s(near_s=now + 4) == pytest.approx(now, abs=0.001)


def test_a_drawn_scene_numbers_its_frames_and_closes_its_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = PLACES["quarry-lane"]()
    start, end, later = (films.draw_frame(scene, seconds).astype(int) for seconds in (0.0, 20.0, 3.0))
    assert np.abs(start - later).max() > 60  # something moves
    assert np.abs(start - end).max() <= 2  # and comes back to where it was
    monkeypatch.setattr(films, "FRAMES", 30)
    films.encode(scene, tmp_path / "lane.mp4")
    with av.open(str(tmp_path / "lane.mp4")) as container:
        read = [read_code(frame.to_ndarray(format="gray")) for frame in container.decode(video=0)]
    assert read == [Code(Kind.FRAME, 902, number) for number in range(30)]
