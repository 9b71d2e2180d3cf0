"""The watch over the footage disk: what it takes for lost, whom it tells, and when it is done."""

from __future__ import annotations

import asyncio
import shutil
import threading
from pathlib import Path

import pytest

from footage.catalogue import Catalogue
from footage.catalogue.volume import Volume
from footage.node import disk_watch
from footage.node.disk_watch import DiskWatch


@pytest.fixture
def volume(tmp_path: Path) -> Volume:
    with Catalogue(tmp_path / "store") as made:
        return made.volume


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_watch, "_EVERY_SECONDS", 0.01)


async def until_told(told: list[str], words: str) -> None:
    async with asyncio.timeout(20):
        while not (told and words in told[-1]):
            await asyncio.sleep(0.01)


async def test_another_store_in_its_place_is_none_that_came_back(volume: Volume, tmp_path: Path) -> None:
    told: list[str] = []
    watch = DiskWatch(volume, told.append)
    running = asyncio.ensure_future(watch.run())
    store, aside = tmp_path / "store", tmp_path / "aside"
    store.rename(aside)
    await until_told(told, "is gone")
    Catalogue(store).close()
    await until_told(told, "another store")
    assert not running.done()
    shutil.rmtree(store)
    aside.rename(store)
    async with asyncio.timeout(20):
        await running


async def test_a_disk_that_does_not_answer_is_told_and_not_asked_twice_at_once(
    volume: Volume, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_watch, "_PATIENCE_SECONDS", 0.2)
    answers, asked, told = threading.Event(), [], []

    def check() -> None:
        asked.append(1)
        answers.wait(30)

    monkeypatch.setattr(volume, "check", check)
    running = asyncio.ensure_future(DiskWatch(volume, told.append).run())
    try:
        await until_told(told, "has not answered for 0.2 seconds")
        assert len(asked) == 1
    finally:
        answers.set()
    async with asyncio.timeout(20):
        await running
