"""A few seconds of footage in the installation's store, so that what is done with recordings can be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from footage.contract import CameraId
from playback.making import BEGIN, Recorded
from world import World


@pytest.fixture
def footage(world: World, own_folders: Path) -> Recorded:
    """Camera 127 has eight seconds from BEGIN, in two files."""
    made = Recorded(own_folders / "footage", camera_id=CameraId(world.camera("127").pk))
    made.record(BEGIN, 200, per_file=100)
    return made
