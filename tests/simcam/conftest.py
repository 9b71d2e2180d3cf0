from __future__ import annotations

from pathlib import Path

import pytest

from footage.simcam.pattern import write_pattern


@pytest.fixture(scope="session")
def short_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One second of H.264, 320x240, 25 pictures a second, one group."""
    return write_pattern(tmp_path_factory.mktemp("simcam") / "short.mp4", seconds=1.0)


@pytest.fixture(scope="session")
def short_h265(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pattern(tmp_path_factory.mktemp("simcam") / "short265.mp4", seconds=1.0, codec="h265")
