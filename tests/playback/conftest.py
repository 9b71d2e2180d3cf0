from __future__ import annotations

from pathlib import Path

import pytest

from playback.making import Recorded


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    """A camera in a store of its own, with nothing recorded yet."""
    return Recorded(tmp_path / "store")
