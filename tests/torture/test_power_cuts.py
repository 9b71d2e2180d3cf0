"""A power cut after each of the calls that a recorder makes: nothing promised is lost, and nothing false is told."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from footage.catalogue import Catalogue
from footage.catalogue.store import StoreMissing
from footage.recorder.adopt import adopt_unfinished
from footage.recorder.deletion import carry_out
from footage.verify.check import Level, check
from recorder.making import film
from recorder.truth import Round, audit
from torture.crash import Disk
from torture.meddling import Call, calls, python

ROUND = Round.of(film(told_apart=True).pictures)
CAMERA = str(UUID(int=0))
_HOLD_MARKS = ("held", "releasing", "released")


@dataclass(frozen=True)
class Promised:
    """What had been said to be so before the power went."""

    marks: Sequence[str]
    safe: dict[str, bytes]  # files whose bytes and names were flushed


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Call], Path]:
    """The calls of a short life of a store."""
    folder = tmp_path_factory.mktemp("lived")
    store, log = folder / "store", folder / "log"
    assert python("scenario.py", store, folder=store, log=log) == 0
    return calls(log, store), store


def test_without_a_power_cut_the_disk_is_as_it_was_left(lived: tuple[list[Call], Path], tmp_path: Path) -> None:
    """That the disk of these tests is one: with every call flushed, its folders are those of the real one."""
    made, store = lived
    disk = Disk()
    for call in made:
        disk.take(call)
    disk.after_power_cut(_Kept(), tmp_path / "again")
    assert _files(tmp_path / "again") == _files(store)


def test_a_power_cut_at_some_moments_loses_nothing_that_was_promised(
    lived: tuple[list[Call], Path], tmp_path: Path
) -> None:
    made, _ = lived
    assert try_moments(made, range(7, len(made), 23), 1, tmp_path) > 20


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(8))
def test_a_power_cut_at_any_moment_loses_nothing_that_was_promised(
    lived: tuple[list[Call], Path], tmp_path: Path, seed: int
) -> None:
    made, _ = lived
    assert try_moments(made, range(len(made)), seed, tmp_path) > 400


def try_moments(made: Sequence[Call], moments: range, seed: int, folder: Path) -> int:
    """Start on what is left after each of these moments; how many there were."""
    disk, tried, at = Disk(), 0, 0
    for moment in moments:
        while at <= moment:
            disk.take(made[at])
            at += 1
        store = folder / f"{seed}-{moment}"
        disk.after_power_cut(random.Random(f"{seed} {moment}"), store)
        wrong = start_on(store, promised(made[:at], disk))
        assert not wrong, (seed, moment, str(made[moment])[:200], wrong)
        tried += 1
    return tried


def promised(made: Sequence[Call], disk: Disk) -> Promised:
    segments = {call.path for call in made if call.path.endswith(".mp4")}
    safe = {path: data for path in segments if (data := disk.flushed_bytes(path)) is not None}
    return Promised([call.path for call in made if call.op == "mark"], safe)


def start_on(store: Path, before: Promised) -> list[str]:
    """Start as the recorder does, and say what is not as it was promised."""
    if "opened" not in before.marks and not (store / "volume.json").exists():
        return []  # a store that was not there yet
    wrong: list[str] = []
    try:
        with Catalogue(store) as catalogue:
            catalogue.open_for_recording()
            adopt_unfinished(catalogue)
            carry_out(catalogue)
            wrong += [f"{one.finding}: {one.path}" for one in check(catalogue, Level.HASH).problems]
            wrong += [
                f"a receipt of {one.path}, which is there"
                for one in catalogue.receipts()
                if (store / one.path).exists()
            ]
            wrong += _holds_wrong(catalogue, before.marks)
            kept = {row.path for row in catalogue.all_segments()}
            gone = {one.path for one in catalogue.receipts()}
    except StoreMissing as error:
        return [str(error)]
    for path, data in before.safe.items():
        if path in gone:
            continue
        there = store / path
        if not there.exists() or not there.read_bytes().startswith(_fragments(data)):
            wrong.append(f"{path} had {len(data)} bytes flushed and is not as it was")
        elif path not in kept and len(_fragments(data)) > 0:
            wrong.append(f"{path} has no row")
    return wrong + (audit(store, "127", ROUND, steady=False, folder=CAMERA) if kept else [])


def _holds_wrong(catalogue: Catalogue, marks: Sequence[str]) -> list[str]:
    held = {str(hold.hold_id) for hold in catalogue.holds()}
    said = {what: {mark.split()[1] for mark in marks if mark.startswith(f"{what} ")} for what in _HOLD_MARKS}
    lost = [f"the hold {one} is not in force" for one in said["held"] - said["releasing"] - held]
    return lost + [f"the hold {one} was let go and is in force" for one in said["released"] & held]


def _fragments(data: bytes) -> bytes:
    """As much of a file as ends with a fragment's check."""
    ends = [found.end() + 8 for found in re.finditer(rb"uuidovert-fragment-1", data)]
    return data[: max((end for end in ends if end <= len(data)), default=0)]


class _Kept(random.Random):
    """A power cut by which nothing is lost."""

    def choice(self, seq):  # type: ignore[no-untyped-def]
        return "whole" if "whole" in seq else max(seq)

    def randint(self, a: int, b: int) -> int:
        return b

    def random(self) -> float:
        return 0.99


def _files(store: Path) -> dict[str, bytes]:
    return {
        file.relative_to(store).as_posix(): file.read_bytes()
        for file in store.rglob("*")
        if file.is_file() and not file.name.endswith(("-shm", ".lock"))
    }
