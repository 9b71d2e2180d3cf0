"""Footage in a real store, cut by the real node: what every test of evidence stands on."""

from __future__ import annotations

from pathlib import Path

import pytest

from footage.contract import CameraId
from playback.making import BEGIN, STEP, Recorded
from world import World


@pytest.fixture
def footage(world: World, own_folders: Path) -> dict[str, Recorded]:
    """Camera 127 has eight seconds from BEGIN, in two files; camera 129 has five, and five more after a gap of ten."""
    made = {}
    for number in ("127", "129", "201"):
        made[number] = Recorded(own_folders / "footage", camera_id=CameraId(world.camera(number).pk))
    made["127"].record(BEGIN, 200, per_file=100)
    made["129"].record(BEGIN, 125)
    made["129"].record(BEGIN + 375 * STEP, 125, run=2)
    made["201"].record(BEGIN, 50)
    return made
