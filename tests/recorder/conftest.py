from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from recorder.making import Bench, write_film
from recorder.node import Cameras


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A recorder of one camera over a new store, fed by hand."""
    made = Bench.make(tmp_path / "store")
    yield made
    await made.close()


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film for simulated cameras: four seconds, a key frame each second."""
    return write_film(tmp_path_factory.mktemp("film") / "street.mp4")


@pytest.fixture
def cameras(street: Path) -> Iterator[Cameras]:
    """Three simulated cameras over real RTSP."""
    made = Cameras(street, 3)
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def run(own_folders: Path) -> Path:
    """A folder for sockets, whose names must be short."""
    return own_folders / "run"
