"""The order in which things reach the disk, read from the calls that were made: what a test of results cannot see.

Each promise rests on one thing being on the disk before another: a name in the journal before the file, a file and its
folder before its row, a reason before a deletion, the deletion before its receipt, a hold on the volume before it is in
the journal. A flush that is left out changes no result until the power goes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

import pytest

from footage.catalogue import Catalogue
from footage.recorder.adopt import adopt_unfinished
from footage.recorder.deletion import carry_out
from footage.verify.check import Level, check
from torture.meddling import Call, calls, python
from torture.scenario import HELD

WAL, JOURNAL = "catalogue.sqlite3-wal", "catalogue.sqlite3"


class Log:
    """The calls of one life of a store, to be searched."""

    def __init__(self, made: Sequence[Call], store: Path) -> None:
        self.calls = [call for call in made if not call.error]
        self.store = store

    def first(self, what: Callable[[Call], bool], after: int = -1) -> int:
        """The number of the first call that is so, after another. Fails where there is none."""
        found = next((call.number for call in self.calls if call.number > after and what(call)), None)
        assert found is not None
        return found

    def last(self, what: Callable[[Call], bool]) -> int:
        return max(call.number for call in self.calls if what(call))

    def flushed(self, path: str, after: int) -> int:
        """When a file or folder was flushed after a call."""
        return self.first(lambda call: call.op == "flush" and call.path == path, after)

    def in_journal(self, data: bytes, after: int = -1) -> int:
        """When something was first written to the journal's log."""
        return self.first(lambda call: call.op == "write" and call.path == WAL and data in call.data, after)

    def safe_in_journal(self, data: bytes, after: int = -1) -> int:
        return self.flushed(WAL, self.in_journal(data, after))

    def segments(self) -> list[str]:
        return sorted({call.path for call in self.calls if call.op == "create" and call.path.endswith(".mp4")})


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    folder = tmp_path_factory.mktemp("lived")
    assert python("scenario.py", folder / "store", folder=folder / "store", log=folder / "log") == 0
    return Log(calls(folder / "log", folder / "store"), folder / "store")


def is_(op: str, path: str) -> Callable[[Call], bool]:
    return lambda call: call.op == op and call.path == path


def test_a_file_is_named_in_the_journal_before_it_is_made(log: Log) -> None:
    for path in log.segments():
        assert log.safe_in_journal(PurePosixPath(path).name.encode()) < log.first(is_("create", path))


def test_each_write_to_a_file_is_flushed_before_anything_else_is_done_with_it(log: Log) -> None:
    for path in log.segments():
        ops = [call.op for call in log.calls if call.path == path and call.op in ("write", "flush")]
        assert ops[0] == "write"
        assert all(after == "flush" for op, after in zip(ops, [*ops[1:], "end"], strict=True) if op == "write")


def test_a_files_name_and_those_of_new_folders_are_flushed_with_its_first_fragment(log: Log) -> None:
    for path in log.segments():
        second = [call.number for call in log.calls if is_("write", path)(call)][1:2] or [len(log.calls)]
        assert log.flushed(str(PurePosixPath(path).parent), log.first(is_("create", path))) < second[0]
    first = log.segments()[0]
    for folder in PurePosixPath(first).parents[:-1]:
        above = "" if str(folder.parent) == "." else str(folder.parent)
        assert log.flushed(above, log.first(is_("mkdir", str(folder)))) < log.first(is_("write", first))


def test_a_row_is_written_when_its_file_and_its_folder_are_on_the_disk(log: Log) -> None:
    with Catalogue(log.store, readonly=True) as catalogue:
        digests = {one.path: one.sha256 for one in (*catalogue.all_segments(), *catalogue.receipts())}
    assert set(digests) == set(log.segments())
    for path, digest in digests.items():
        row = log.in_journal(bytes.fromhex(digest))
        written = log.last(is_("write", path))
        whole = log.flushed(path, log.flushed(path, written))  # of the last fragment, then of the file
        assert log.flushed(str(PurePosixPath(path).parent), whole) < row


def test_a_deletion_has_its_reason_first_then_the_folder_then_the_receipt(log: Log) -> None:
    (path,) = [call.path for call in log.calls if call.op == "unlink" and call.path.endswith(".mp4")]
    begun = log.first(lambda call: call.op == "mark" and call.path.startswith("released"))
    gone = log.first(is_("unlink", path))
    folder = log.flushed(str(PurePosixPath(path).parent), gone)
    assert log.safe_in_journal(b"disk-full", begun) < gone < folder < log.in_journal(b"disk-full", gone)


def test_a_hold_is_on_the_volume_before_it_is_in_the_journal_and_leaves_it_after(log: Log) -> None:
    put = log.in_journal(str(HELD).encode())
    held = log.first(
        lambda call: call.op == "write" and call.path.startswith(".holds.json") and str(HELD).encode() in call.data
    )
    beside = log.calls[[call.number for call in log.calls].index(held)].path
    flushed = log.flushed(beside, held)
    moved = log.first(lambda call: call.op == "rename" and call.to == "holds.json", held)
    assert held < flushed < moved < log.flushed("", moved) < put
    released = log.first(lambda call: call.op == "mark" and call.path.startswith("releasing"))
    told = log.flushed(WAL, released)
    assert told < log.first(lambda call: call.op == "rename" and call.to == "holds.json", released)


def test_the_journal_counts_before_the_volume(log: Log) -> None:
    for moved in [call for call in log.calls if call.op == "rename" and call.to == "volume.json"][1:]:
        before = [call for call in log.calls if call.number < moved.number]
        told = [call for call in before if call.op == "write" and call.path == moved.path][-1]
        count, written = json.loads(told.data)["open_sequence"], told.number
        counted = log.safe_in_journal(f"open_sequence{count}".encode())
        assert counted < written < log.flushed(moved.path, written) < moved.number < log.flushed("", moved.number)


def test_a_file_that_cannot_be_unlinked_gets_no_receipt_and_is_tried_again(tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert python("scenario.py", store, folder=store, rules="unlink .mp4 1 1 errno 16") == 0
    with Catalogue(store) as catalogue:
        assert catalogue.receipts() == []
        (doomed,) = catalogue.doomed()
        assert (store / doomed.segment.path).exists()
        assert carry_out(catalogue) == 1
        assert [receipt.path for receipt in catalogue.receipts()] == [doomed.segment.path]


@pytest.mark.parametrize("rule", ["flush .mp4 2 1 errno 5", "write .mp4 2 1 errno 5", "write .mp4 2 1 short 1000"])
def test_a_fragment_that_could_not_be_written_whole_is_written_again_or_is_no_footage(
    tmp_path: Path, rule: str
) -> None:
    store = tmp_path / "store"
    assert python("scenario.py", store, folder=store, rules=rule) == 0
    with Catalogue(store) as catalogue:
        adopt_unfinished(catalogue)
        assert check(catalogue, Level.HASH).problems == ()
