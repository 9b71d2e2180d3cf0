"""A journal that is empty, old, newer, locked or half there: no start accepts it in silence, and no hold ends by it.

Each state meets each way of starting. What is refused is refused again, and says what to do; what it says works, and
then what was held is held, and outlives a disk that is full.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.fernet import Fernet

from footage.catalogue import Catalogue, usual_path
from footage.catalogue.journal import SCHEMA_VERSION
from footage.contract import CameraId, CameraSource, FootageError, Hold, SegmentClosed
from footage.local import LocalNode
from footage.recorder import housekeeping
from footage.recorder.adopt import digest_of, segment_of
from footage.recorder.housekeeping import Housekeeper
from footage.recorder.pressure import Room
from footage.segments.header import SegmentHeader
from footage.segments.reader import scan
from footage.segments.writer import Sample, fragment_head, segment_start
from footage.times import utc_now
from recorder.making import film
from recorder.node import Done, footage, footage_json

MINUTE = 60 * 90_000
TOWN = CameraId(UUID(int=127))
KEY = Fernet.generate_key()
JOURNAL = "catalogue.sqlite3"
SOMEBODY_ELSES = "exhibit:of another store"


@dataclass
class Kept:
    """A store that was recorded into, stopped in good order, with footage that is held."""

    store: Path
    copy: Path  # the journal as it was while the recorder ran, before the hold was put
    older: Path  # and as it was before the last start
    hold: Hold
    held: Path
    others: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @property
    def journal(self) -> Path:
        return self.store / JOURNAL


def start(store: Path) -> Done:
    """A recorder that starts, finds no camera, and stops in good order."""
    return footage("record", "--store", store, "--for", 0.2, "none=rtsp://127.0.0.1:9/none")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    store = tmp_path / "store"
    hold = Hold(uuid4(), TOWN, 0, 1 << 52, "exhibit:JD-7", "theft")
    with Catalogue(store) as catalogue:
        catalogue.set_cameras([CameraSource(TOWN, "127", "rtsp://one/")])
        row = recorded(catalogue)
    assert start(store).returncode == 0
    older = copied(store, tmp_path / "older")
    with Catalogue(store) as catalogue:
        catalogue.open_for_recording()
        copy = copied(store, tmp_path / "copy", catalogue)
        catalogue.put_hold(hold)
        catalogue.count_on()  # as in each round of the recorder
    made = Kept(store, copy, older, hold, store / row.path)
    with made.others:
        yield made


def recorded(catalogue: Catalogue) -> SegmentClosed:
    begun = int(utc_now()) - 5 * MINUTE
    path = usual_path(TOWN, begun)
    file = catalogue.store / path
    file.parent.mkdir(parents=True)
    shown = film()
    header = SegmentHeader(TOWN, "127", 1, 1, begun, shown.parameters.rfc6381, 160, 96)
    samples = [Sample(3600, len(picture), number == 0) for number, picture in enumerate(shown.pictures)]
    head = segment_start(shown.parameters, header) + fragment_head(1, 0, begun, samples)
    file.write_bytes(head + b"".join(shown.pictures))
    row = segment_of(path, scan(file), digest_of(file))
    catalogue.add_segment(row)
    return row


def copied(store: Path, into: Path, catalogue: Catalogue | None = None) -> Path:
    """The journal as a backup has it."""
    into.mkdir()
    with (
        contextlib.closing(sqlite3.connect(store / JOURNAL)) as source,
        contextlib.closing(sqlite3.connect(into / JOURNAL)) as target,
    ):
        source.backup(target)
    return into / JOURNAL


# The states


def put_in_place(kept: Kept, journal: Path | None) -> None:
    for tail in ("", "-wal", "-shm"):
        (kept.store / f"{JOURNAL}{tail}").unlink(missing_ok=True)
    if journal is not None:
        shutil.copy(journal, kept.journal)


def absent(kept: Kept) -> None:
    put_in_place(kept, None)


def empty(kept: Kept) -> None:
    put_in_place(kept, None)
    kept.journal.touch()


def half(kept: Kept) -> None:
    os.truncate(kept.journal, kept.journal.stat().st_size // 2 // 4096 * 4096)


def one_page(kept: Kept) -> None:
    os.truncate(kept.journal, 4096)


def a_page_of_zeros(kept: Kept) -> None:
    with contextlib.closing(sqlite3.connect(kept.journal)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'segments'").fetchone()
    with kept.journal.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))


def other_bytes(kept: Kept) -> None:
    kept.journal.write_bytes(b"no database at all" * 1000)


def without_a_table(kept: Kept) -> None:
    with contextlib.closing(sqlite3.connect(kept.journal)) as connection:
        connection.execute("DROP TABLE holds")


def new_and_empty(kept: Kept) -> None:
    """Tables, and nothing in them: what a program that helps itself would make."""
    other = kept.store.parent / "other"
    Catalogue(other).close()
    with Catalogue(other) as catalogue, catalogue.write() as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'store_uuid'", (uuid_of(kept.store),))
    put_in_place(kept, other / JOURNAL)


def of_another_store(kept: Kept) -> None:
    other = kept.store.parent / "other"
    assert start(other).returncode == 0
    with Catalogue(other) as catalogue:
        catalogue.put_hold(Hold(uuid4(), TOWN, 0, 9, SOMEBODY_ELSES, "not ours"))
    put_in_place(kept, other / JOURNAL)


def from_before_the_hold(kept: Kept) -> None:
    put_in_place(kept, kept.copy)


def from_before_the_start(kept: Kept) -> None:
    put_in_place(kept, kept.older)


def newer(kept: Kept) -> None:
    with contextlib.closing(sqlite3.connect(kept.journal)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def locked(kept: Kept) -> None:
    connection = sqlite3.connect(kept.journal, isolation_level=None)
    kept.others.callback(connection.close)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")


def uuid_of(store: Path) -> str:
    return str(json.loads((store / "volume.json").read_text())["store_uuid"])


State = Callable[[Kept], None]
#: What a start says of each, and a reindex mends.
MENDED = [
    absent,
    empty,
    half,
    one_page,
    a_page_of_zeros,
    other_bytes,
    without_a_table,
    new_and_empty,
    of_another_store,
    from_before_the_hold,
    from_before_the_start,
]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footage.catalogue.journal._BUSY_SECONDS", 0.2)


@pytest.mark.parametrize("state", MENDED)
def test_it_is_refused_as_often_as_it_is_tried_and_a_reindex_mends_it_with_what_was_held(
    kept: Kept, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    state(kept)
    before = found(kept.store)
    for _ in range(2):
        done = start(kept.store)
        assert (done.returncode, "footage reindex" in done.stderr) == (2, True), done.stderr
    assert found(kept.store) == before
    footage("reindex", "--store", kept.store)
    assert start(kept.store).returncode == 0
    owners = {hold.hold_id: hold.owner for hold in holds(kept.store)}
    assert owners[kept.hold.hold_id] == "exhibit:JD-7"
    assert SOMEBODY_ELSES not in owners.values()
    press(kept.store, monkeypatch)
    assert kept.held.exists()


@pytest.mark.parametrize("state", [one for one in MENDED if one not in (half, a_page_of_zeros, without_a_table)])
def test_the_scheme_does_not_make_a_new_one_of_it(kept: Kept, state: State, tmp_path: Path) -> None:
    """The web process may be the first to open a store."""
    state(kept)
    before = found(kept.store)
    node = LocalNode(kept.store, tmp_path / "run")
    if state in (from_before_the_hold, from_before_the_start, new_and_empty):
        node.put_hold(kept.hold)  # an order is taken, and outlives the reindex that the recorder asks for
        assert start(kept.store).returncode == 2
    else:
        with pytest.raises(FootageError, match=r"reindex|belongs to"):
            node.put_hold(kept.hold)
        assert found(kept.store) == before


def test_a_newer_one_is_not_touched_by_a_start_and_not_by_a_reindex(kept: Kept) -> None:
    newer(kept)
    before = found(kept.store)
    for words in (("record", "--for", 0.2, "a=rtsp://127.0.0.1:9/"), ("reindex",), ("spans", "127"), ("check",)):
        done = footage(words[0], "--store", kept.store, *words[1:])
        assert (done.returncode, "this program knows up to" in done.stderr) == (2, True), done.stderr
        assert found(kept.store) == before


@pytest.mark.usefixtures("impatient")
def test_one_that_another_program_has_locked_is_refused_and_is_well_when_it_lets_go(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked(kept)
    before = found(kept.store)
    for _ in range(3):
        done = start(kept.store)
        assert (done.returncode, "locked" in done.stderr) == (2, True), done.stderr
    done = footage("reindex", "--store", kept.store)
    assert (done.returncode, "in use" in done.stderr) == (2, True), done.stderr
    assert found(kept.store) == before
    kept.others.close()
    assert start(kept.store).returncode == 0
    assert holds(kept.store) == [kept.hold]
    press(kept.store, monkeypatch)
    assert kept.held.exists()


@pytest.mark.usefixtures("impatient")
def test_one_that_is_locked_while_the_start_counts_is_no_copy_the_next_time(kept: Kept) -> None:
    """Two starts against a locked journal counted two openings on the volume, and then nothing started any more."""
    with contextlib.closing(sqlite3.connect(kept.journal, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # it can be read, and not be written
        for _ in range(3):
            assert start(kept.store).returncode == 2
    assert start(kept.store).returncode == 0


def test_the_volume_from_an_old_copy_is_refused_too(kept: Kept) -> None:
    (volume := kept.store / "volume.json").write_text(
        json.dumps({**json.loads(volume.read_text()), "open_sequence": 1})
    )
    done = start(kept.store)
    assert (done.returncode, "comes from a copy" in done.stderr) == (2, True)
    assert footage("reindex", "--store", kept.store).returncode in (0, 1)
    assert start(kept.store).returncode == 0


def test_a_store_where_nothing_was_ever_recorded_begins_as_often_as_it_likes(tmp_path: Path) -> None:
    store = tmp_path / "store"
    Catalogue(store).close()
    for lost in (True, False):
        if lost:
            (store / JOURNAL).unlink()
        else:
            (store / JOURNAL).write_bytes(b"")
        Catalogue(store).close()
    assert start(store).returncode == 0


# The holds beside the footage


def test_a_hold_stands_on_the_volume_as_long_as_it_is_in_force(kept: Kept) -> None:
    assert [one["owner"] for one in beside(kept.store)["holds"]] == ["exhibit:JD-7"]
    with Catalogue(kept.store) as catalogue:
        catalogue.put_hold(Hold(kept.hold.hold_id, TOWN, 5, 9, "exhibit:JD-7", "narrower"))
        assert [(one["start_90k"], one["reason"]) for one in beside(kept.store)["holds"]] == [(5, "narrower")]
        catalogue.release_hold(kept.hold.hold_id, "case closed")
        assert beside(kept.store)["holds"] == []


def test_a_hold_that_cannot_be_written_there_is_not_promised(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    other = Hold(uuid4(), TOWN, 0, 9, "exhibit:JD-8", "fight")
    with Catalogue(kept.store) as catalogue:
        monkeypatch.setattr("footage.catalogue.beside.write_durably", no_room)
        with pytest.raises(OSError, match="No space"):
            catalogue.put_hold(other)
        assert catalogue.holds() == [kept.hold]
        catalogue.release_hold(kept.hold.hold_id, "case closed")  # which never needs room
        assert catalogue.holds() == []
    monkeypatch.undo()
    assert start(kept.store).returncode == 0
    assert holds(kept.store) == []
    assert beside(kept.store)["holds"] == []


def test_what_a_journal_released_stays_released_whatever_the_volume_says(kept: Kept) -> None:
    old = (kept.store / "holds.json").read_text()
    with Catalogue(kept.store) as catalogue:
        catalogue.release_hold(kept.hold.hold_id, "case closed")
    (kept.store / "holds.json").write_text(old)
    assert start(kept.store).returncode == 0
    assert holds(kept.store) == []
    assert beside(kept.store)["holds"] == []


def test_a_hold_that_only_the_volume_knows_is_in_force_from_the_next_start_on(kept: Kept) -> None:
    """The process that put it died between the two."""
    other = Hold(uuid4(), TOWN, 0, 9, "exhibit:JD-8", "fight")
    with Catalogue(kept.store) as catalogue:
        catalogue.beside.write([kept.hold, other])
        assert catalogue.holds() == [kept.hold]
    assert start(kept.store).returncode == 0
    assert {hold.owner for hold in holds(kept.store)} == {"exhibit:JD-7", "exhibit:JD-8"}


@pytest.mark.parametrize(
    ("hurt", "all_kept"),
    [
        (lambda text: text, False),
        (lambda text: text.replace("JD-7", "JD-8"), True),
        (lambda text: text.replace('"holds"', '"helds"'), True),
        (lambda text: text[:40], True),
        (lambda text: "", True),
        (None, True),
    ],
    ids=["whole", "changed", "renamed", "half", "empty", "absent"],
)
@pytest.mark.parametrize("key", [None, KEY], ids=["no key", "key"])
def test_where_neither_journal_nor_volume_says_what_was_held_all_is_kept_for_doubt(
    kept: Kept, hurt: Callable[[str], str] | None, all_kept: bool, key: bytes | None, tmp_path: Path
) -> None:
    with Catalogue(kept.store, key=key) as catalogue:
        catalogue.keep_beside()
    (file := tmp_path / "key").write_bytes(key or b"")
    keyed = ("--key-file", file) if key else ()
    text = (kept.store / "holds.json").read_text()
    (kept.store / "holds.json").unlink() if hurt is None else (kept.store / "holds.json").write_text(hurt(text))
    empty(kept)
    done = footage("reindex", "--store", kept.store, *keyed, "--json")
    rebuilt = json.loads(done.stdout)
    doubt = [hold for hold in holds(kept.store) if hold.owner == "reindex"]
    assert (done.returncode, rebuilt["all_held"], bool(doubt)) == (1, all_kept, all_kept)
    assert "holds" in rebuilt["lost"]
    for hold in doubt:
        assert (hold.start_90k, hold.end_90k > utc_now()) == (0, True)
    assert footage("retention", "--store", kept.store, "--trust-holds").returncode in (0, 1)
    assert not [hold for hold in holds(kept.store) if hold.owner == "reindex"]


def test_a_file_proven_with_a_key_is_not_believed_where_another_made_it(kept: Kept, tmp_path: Path) -> None:
    with Catalogue(kept.store, key=KEY) as catalogue:
        catalogue.keep_beside()
    empty(kept)
    (other := tmp_path / "key").write_bytes(Fernet.generate_key())
    assert footage_json("reindex", "--store", kept.store, "--key-file", other)["all_held"]


def test_a_reindex_with_the_old_journal_keeps_its_holds_and_those_of_the_volume(kept: Kept) -> None:
    """A hold that an old copy never heard of, and one of which the volume was never told."""
    with contextlib.closing(sqlite3.connect(kept.copy)) as connection:
        connection.execute(
            "INSERT INTO holds (id, camera, start_90k, end_90k, owner, reason, put_90k) VALUES (?, 1, 0, 9, 'a', 'b', 1)",
            (str(uuid4()),),
        )
        connection.commit()
    from_before_the_hold(kept)
    footage("reindex", "--store", kept.store)
    assert sorted(hold.owner for hold in holds(kept.store)) == ["a", "exhibit:JD-7"]


def holds(store: Path) -> list[Hold]:
    with Catalogue(store, readonly=True) as catalogue:
        return catalogue.holds()


def beside(store: Path) -> dict:
    return json.loads((store / "holds.json").read_text())


def found(store: Path) -> dict[str, bytes]:
    """Every file of the store but those that SQLite and the lock make anew."""
    passing = ("-wal", "-shm", ".lock", "ballast")
    files = (file for file in store.rglob("*") if file.is_file() and not file.name.endswith(passing))
    return {file.relative_to(store).as_posix(): file.read_bytes() for file in files}


def press(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round of housekeeping on a disk that is full."""
    monkeypatch.setattr(housekeeping, "look", lambda store, reserve_bytes=None: Room(1 << 20, 0, 1 << 19))
    with Catalogue(store) as catalogue:
        Housekeeper(catalogue).round()


def test_the_recorder_counts_at_its_start_and_at_its_end(kept: Kept) -> None:
    """So that a copy which was made while it ran is none that the next start takes for the journal."""
    before = count(kept.store)
    words = ("--for", 3, "none=rtsp://127.0.0.1:9/none")
    assert footage("record", "--store", kept.store, *words).returncode == 0
    assert count(kept.store) >= before + 3  # its start, its first round, its end


def count(store: Path) -> int:
    return int(json.loads((store / "volume.json").read_text())["open_sequence"])
