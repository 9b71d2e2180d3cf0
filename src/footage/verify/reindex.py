"""Makes the journal anew from the disk alone. Takes over from the old one, where it can be read, what no file knows.

The files say: camera, name, run, sequence, times, the gaps before each and inside it. The old journal says: which
cameras are ordered and how they are kept, holds, receipts, measured clock offsets, and gaps that no file followed yet.
"""

# ruff: noqa: S608 - queries are put together from constants of this module, values are always bound
from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from uuid import UUID, uuid4

from footage.catalogue import Catalogue
from footage.catalogue.beside import Beside, HoldsBeside
from footage.catalogue.deletions import write_receipt
from footage.catalogue.gaps import add_gap
from footage.catalogue.journal import SCHEMA_VERSION
from footage.catalogue.segments import segment_from, usual_path
from footage.catalogue.store import (
    CATALOGUE_FILE,
    FORMAT_VERSION,
    IDENTITY_FILE,
    Identity,
    StoreBusy,
    StoreTooNew,
    lock_store,
    read_identity,
    sync_folder,
    write_identity,
)
from footage.contract import CameraId, DamagedFootage, GapCause, Hold
from footage.recorder.adopt import digest_of, holes, keep_tail, segment_of
from footage.segments.header import SegmentHeader
from footage.segments.proven import proven
from footage.segments.reader import Scan, scan
from footage.times import utc_now
from footage.verify.check import camera_folders, files_of

Tell = Callable[[int, int], None]
_MAKING = "catalogue.reindexing.sqlite3"
_PATIENCE_SECONDS = 5.0
_ALWAYS_90K = 1 << 52
#: A clock that was set by less makes nothing old.
_SLIGHT_90K = 60 * 90_000
HOLDS, AGES = "holds", "ages"
#: The owner of the holds that keep everything for doubt.
HELD_FOR_DOUBT = "reindex"
_OLD_SEGMENTS = "FROM old.segments s JOIN old.cameras o ON o.no = s.camera JOIN main.cameras c ON c.id = o.id"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was found. `damaged` are files that hold nothing whole, end in something that is not, or differ from what
    the old journal knew; they are kept. `missing` are files that the old journal knew and the disk has no more.

    `lost` are the kinds that could not be read in the old journal. Holds that are lost are taken from the volume;
    where it cannot be believed either, everything is held until somebody says what is (`all_held`)."""

    segments: int
    bytes: int
    cameras: int
    kept_from_old: tuple[str, ...]
    damaged: tuple[str, ...]
    missing: tuple[str, ...]
    lost: tuple[str, ...]
    all_held: bool


def reindex(store: Path, tell: Tell | None = None, *, key: bytes | None = None) -> Rebuilt:
    """Rebuild the journal. The old one stays beside it as `catalogue.before-reindex-N.sqlite3`.

    The new one is made beside the old and takes its place in one step, so that a crash half way costs nothing.
    Raises StoreBusy while a recorder or another program holds the store or its journal, StoreTooNew for one of a newer
    version, StoreMissing. `key` tells whether the holds on the volume are those that were written there.
    """
    identity = _identity(store)
    lock = lock_store(store)
    try:
        _refuse_newer_or_locked(store / CATALOGUE_FILE)
        write_identity(store, identity)
        _clear(store, _MAKING)
        with Catalogue(store, file_name=_MAKING) as catalogue:
            finished = _finished(store / CATALOGUE_FILE)
            found, damaged, size = _take_files(catalogue, finished, tell)
            old = (store / CATALOGUE_FILE).exists()
            kept, changed, missing = _take_over(catalogue, store / CATALOGUE_FILE)
            if AGES not in kept:
                _age_by_steps(catalogue)
            beside = HoldsBeside(store, identity.store_uuid, key).read()
            all_held = _take_holds(catalogue, beside, journal_read=HOLDS in kept)
            _finish(catalogue, identity)
            cameras = len(catalogue.known_cameras())
        _take_the_place(store)
        lost = tuple(name for name, *_ in _KEPT if old and name not in kept)
        return Rebuilt(found, size, cameras, tuple(kept), (*damaged, *changed), tuple(missing), lost, all_held)
    finally:
        os.close(lock)


def _identity(store: Path) -> Identity:
    if (store / IDENTITY_FILE).exists() or not store.is_dir() or not camera_folders(store):
        return read_identity(store)
    return Identity(str(uuid4()), FORMAT_VERSION, 0)


def _refuse_newer_or_locked(journal: Path) -> None:
    """A newer journal knows what we would lose; one that is locked is whole, and will be readable again."""
    if not journal.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(journal, timeout=_PATIENCE_SECONDS)) as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreBusy(f"{journal} is in use by another program. Nothing was changed.") from None
        return  # damaged: that is what a reindex is for
    if version > SCHEMA_VERSION:
        raise StoreTooNew(f"{journal} has version {version}; this program knows up to {SCHEMA_VERSION}")


def _take_holds(catalogue: Catalogue, beside: Beside, *, journal_read: bool) -> bool:
    """Add what the volume knows of holds. Where neither it nor the journal tells them all, everything is held.

    Doubt keeps: the scheme's own holds are put again when it is in step with the recorder, and take this one's place;
    where there is no scheme, `footage retention --trust-holds` lets it go. Returns whether all is held.
    """
    catalogue.take_from_beside(beside)
    if journal_read or beside.believed:
        return False
    known = {camera.camera_id for camera in catalogue.known_cameras()}
    there = {CameraId(UUID(folder.name)) for folder in camera_folders(catalogue.store)}
    for camera_id in sorted(known | there):
        hold = Hold(uuid4(), camera_id, 0, _ALWAYS_90K, HELD_FOR_DOUBT, "what was held before cannot be read")
        catalogue.put_hold_here(hold)
    return True


def _take_the_place(store: Path) -> None:
    """Keep the old journal under another name, then put the new one in its place."""
    journal = store / CATALOGUE_FILE
    if journal.exists():
        number = 1
        while (aside := store / f"catalogue.before-reindex-{number}.sqlite3").exists():
            number += 1
        os.link(journal, aside)
    _clear(store, CATALOGUE_FILE, tails_only=True)
    (store / _MAKING).replace(journal)
    sync_folder(store)


def _clear(store: Path, name: str, *, tails_only: bool = False) -> None:
    """Take away a journal's write-ahead log, which must not be read with another's pages, and perhaps itself."""
    for tail in ("-wal", "-shm") if tails_only else ("", "-wal", "-shm"):
        (store / f"{name}{tail}").unlink(missing_ok=True)


def _finished(old: Path) -> set[tuple[str, int]]:
    """The segments (camera, sequence) of which the old journal has a row: they were whole once."""
    if not old.exists():
        return set()
    query = "SELECT c.id, s.sequence FROM segments s JOIN cameras c ON c.no = s.camera"
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(old)) as connection:
        return set(connection.execute(query).fetchall())
    return set()


def _take_files(catalogue: Catalogue, finished: Set[tuple[str, int]], tell: Tell | None) -> tuple[int, list[str], int]:
    """Read every file once, all cameras side by side in the order of their names, which is that of recording as near
    as the disk tells it: disk pressure deletes the first rows first."""
    store = catalogue.store
    cameras = [files_of(store, folder) for folder in camera_folders(store)]
    total = sum((store / path).stat().st_size for folder in camera_folders(store) for path in files_of(store, folder))
    damaged: list[str] = []
    taken = done = 0
    for path in merge(*cameras, key=lambda path: path.rpartition("/")[2]):
        done += (store / path).stat().st_size
        whole = _scan(store, path, finished)
        if whole is None or whole[0].trouble:
            damaged.append(path)
        if whole is not None:
            if whole[0].trouble:
                keep_tail(store, path, whole[0])
            _take_file(catalogue, path, *whole)
            taken += 1
        if tell is not None:
            tell(done, total)
    return taken, damaged, done


def _scan(store: Path, path: str, finished: Set[tuple[str, int]]) -> tuple[Scan, str] | None:
    """What is whole of a file and its SHA-256, or None.

    One that was finished is not cut for a byte that differs: that is told by its hash (see _keep_hashes).
    """
    full = store / path
    try:
        found = scan(full)
        if not found.trouble and (str(found.header.camera_id), found.header.sequence) in finished:
            return found, digest_of(full)
        found, digest = proven(full, found)
    except (DamagedFootage, OSError):
        return None
    return (found, digest) if found.fragments else None


def _take_file(catalogue: Catalogue, path: str, found: Scan, digest: str) -> None:
    header = found.header
    catalogue.add_segment(segment_of(path, found, digest))
    for hole in holes(found):
        catalogue.add_hole(hole, header.run)
    with catalogue.write() as connection:
        number = catalogue.make_number(connection, header.camera_id)
        connection.execute("UPDATE cameras SET name = ? WHERE no = ?", (header.name, number))
        for start, end, cause, detail in _gaps_before(header):
            add_gap(connection, number, start, end, cause, detail)


def _gaps_before(header: SegmentHeader) -> Iterable[tuple[int, int, GapCause, str]]:
    starts = [gap.start_90k for gap in header.gaps_before] + [header.start_90k]
    for gap, end in zip(header.gaps_before, starts[1:], strict=True):
        until = end if gap.end_90k is None else gap.end_90k
        if until > gap.start_90k or gap.cause is GapCause.CLOCK_STEP:
            yield gap.start_90k, max(gap.start_90k, until), gap.cause, gap.detail


#: The old journal's gaps that begin when one of the new one's does, of the same camera.
_OLD_GAPS = (
    "FROM old.gaps g JOIN old.cameras o ON o.no = g.camera JOIN main.cameras n ON n.id = o.id "
    "WHERE n.no = gaps.camera AND g.start_90k = gaps.start_90k"
)
#: What the old journal alone knows: a name for the report, and the statements that copy it.
_KEPT = (
    (
        "cameras",
        "INSERT OR IGNORE INTO main.cameras (id) SELECT id FROM old.cameras",
        "UPDATE main.cameras SET (name, url, credentials, retention_days, priority, enabled, ordered, last_run, "
        "last_sequence) = (SELECT o.name, o.url, o.credentials, o.retention_days, o.priority, o.enabled, "
        "o.ordered, max(o.last_run, cameras.last_run), max(o.last_sequence, cameras.last_sequence) "
        "FROM old.cameras o WHERE o.id = cameras.id) WHERE id IN (SELECT id FROM old.cameras)",
    ),
    (
        "certificates",  # apart, for a journal of version 1 has none
        "UPDATE main.cameras SET tls_pin = (SELECT o.tls_pin FROM old.cameras o WHERE o.id = cameras.id) "
        "WHERE id IN (SELECT id FROM old.cameras)",
    ),
    (
        "sound",  # apart, for a journal before version 3 has none
        "UPDATE main.cameras SET sound_until_90k = (SELECT o.sound_until_90k FROM old.cameras o "
        "WHERE o.id = cameras.id) WHERE id IN (SELECT id FROM old.cameras)",
    ),
    (
        "switches",  # apart, for a journal before version 4 has none
        "UPDATE main.cameras SET (basic_allowed, transport) = (SELECT o.basic_allowed, o.transport FROM old.cameras o "
        "WHERE o.id = cameras.id) WHERE id IN (SELECT id FROM old.cameras)",
    ),
    (
        HOLDS,
        "INSERT OR REPLACE INTO main.holds SELECT h.id, n.no, h.start_90k, h.end_90k, h.owner, h.reason, "
        "h.expires_90k, h.put_90k, h.released_90k, h.release_reason FROM old.holds h "
        "JOIN old.cameras o ON o.no = h.camera JOIN main.cameras n ON n.id = o.id",
    ),
    (
        "receipts",
        "INSERT INTO main.receipts (camera, path, start_90k, end_90k, size_bytes, sha256, reason, deleted_90k) "
        "SELECT n.no, r.path, r.start_90k, r.end_90k, r.size_bytes, r.sha256, r.reason, r.deleted_90k "
        "FROM old.receipts r JOIN old.cameras o ON o.no = r.camera JOIN main.cameras n ON n.id = o.id ORDER BY r.id",
    ),
    (
        "clock offsets",
        "INSERT OR REPLACE INTO main.clock_offsets SELECT n.no, k.at_90k, k.offset_ms FROM old.clock_offsets k "
        "JOIN old.cameras o ON o.no = k.camera JOIN main.cameras n ON n.id = o.id",
    ),
    (
        "gaps",
        # What files say only roughly (why pictures are missing inside them, more gaps than a header holds) gives way.
        f"DELETE FROM main.gaps WHERE run IS NOT NULL AND EXISTS (SELECT 1 {_OLD_GAPS} AND g.run = gaps.run)",
        f"UPDATE main.gaps SET end_90k = (SELECT g.end_90k {_OLD_GAPS} AND g.cause = gaps.cause AND g.run IS NULL) "
        f"WHERE EXISTS (SELECT 1 {_OLD_GAPS} AND g.cause = gaps.cause AND g.run IS NULL AND g.end_90k < gaps.end_90k)",
        "INSERT OR IGNORE INTO main.gaps (camera, start_90k, end_90k, cause, detail, run) "
        "SELECT n.no, g.start_90k, g.end_90k, g.cause, g.detail, g.run FROM old.gaps g "
        "JOIN old.cameras o ON o.no = g.camera JOIN main.cameras n ON n.id = o.id WHERE NOT EXISTS "
        "(SELECT 1 FROM main.gaps m WHERE m.camera = n.no AND m.start_90k = g.start_90k AND m.cause = g.cause)",
    ),
    (
        "the clock's trust",
        "INSERT OR IGNORE INTO main.meta SELECT name, value FROM old.meta "
        "WHERE name IN ('clock_trust', 'lived', 'revision')",
    ),
    (
        AGES,  # apart, for a journal before version 5 has none
        f"UPDATE main.segments SET aged_90k = (SELECT s.aged_90k {_OLD_SEGMENTS} WHERE c.no = segments.camera "
        "AND s.sequence = segments.sequence) "
        f"WHERE EXISTS (SELECT 1 {_OLD_SEGMENTS} WHERE c.no = segments.camera AND s.sequence = segments.sequence)",
        "UPDATE main.segments SET aged_90k = coalesce((SELECT f.aged_90k + segments.end_90k - segments.start_90k "
        "FROM old.open_files f JOIN old.cameras o ON o.no = f.camera JOIN main.cameras c ON c.id = o.id "
        "WHERE c.no = segments.camera AND f.sequence = segments.sequence), aged_90k)",
    ),
)


def _take_over(catalogue: Catalogue, old: Path) -> tuple[list[str], list[str], list[str]]:
    """Copy what only the old journal knows, each kind on its own: one that cannot be read costs only itself.

    Returns the kinds that were kept, the files whose bytes differ from what it knew, and those that are gone.
    """
    kept: list[str] = []
    changed: list[str] = []
    missing: list[str] = []
    if not old.exists():
        return kept, changed, missing
    connection = catalogue.read()
    try:
        with contextlib.closing(sqlite3.connect(old)) as closing:
            closing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ATTACH ? AS old", (str(old),))
    except sqlite3.Error:
        return kept, changed, missing
    if _of_another_store(connection, catalogue.identity):
        connection.execute("DETACH old")
        return kept, changed, missing
    for name, *statements in _KEPT:
        with contextlib.suppress(sqlite3.Error), catalogue.write() as writing:
            for statement in statements:
                writing.execute(statement)
            kept.append(name)
    with contextlib.suppress(sqlite3.Error), catalogue.write() as writing:
        changed = _keep_hashes(writing)
        _finish_deletions(writing)
        missing = _note_missing(writing)
    with contextlib.suppress(sqlite3.Error):
        connection.execute("DETACH old")
    return kept, changed, missing


def _of_another_store(connection: sqlite3.Connection, identity: Identity) -> bool:
    with contextlib.suppress(sqlite3.Error):
        row = connection.execute("SELECT value FROM old.meta WHERE name = 'store_uuid'").fetchone()
        return row is not None and row[0] != identity.store_uuid
    return False


def _age_by_steps(catalogue: Catalogue) -> None:
    """Where no journal says what was lived: footage of before the clock was set forward is not so much older for it."""
    with catalogue.write() as connection:
        steps = connection.execute(
            "SELECT camera, end_90k, end_90k - start_90k FROM gaps WHERE cause = ? AND end_90k - start_90k > ?",
            (GapCause.CLOCK_STEP.value, _SLIGHT_90K),
        ).fetchall()
        connection.executemany(
            "UPDATE segments SET aged_90k = coalesce(aged_90k, end_90k) + :step WHERE camera = :camera "
            "AND sequence < (SELECT min(sequence) FROM segments WHERE camera = :camera AND start_90k >= :end)",
            [{"camera": camera, "end": end, "step": step} for camera, end, step in steps],
        )


def _keep_hashes(connection: sqlite3.Connection) -> list[str]:
    """Where a file is not what was recorded, the hash that was recorded stands: a reindex makes nothing true."""
    rows = connection.execute(
        f"SELECT n.id, c.id, n.start_90k, n.path, s.sha256, s.size_bytes {_OLD_SEGMENTS} "
        "JOIN main.segments n ON n.camera = c.no AND n.sequence = s.sequence WHERE n.sha256 <> s.sha256"
    ).fetchall()
    for row, _, _, _, digest, size in rows:
        connection.execute("UPDATE main.segments SET sha256 = ?, size_bytes = ? WHERE id = ?", (digest, size, row))
    return [path or usual_path(CameraId(UUID(camera)), start) for _, camera, start, path, _, _ in rows]


def _finish_deletions(connection: sqlite3.Connection) -> None:
    """Footage whose deletion was ordered, and which is gone, went by that order: the receipt was still to be written.

    What was marked and is still there stays: whether it must go is asked anew.
    """
    rows = connection.execute(
        f"SELECT s.deleting, s.frames, f.codec, f.width, f.height, c.id, s.run, s.sequence, s.start_90k, s.end_90k, "
        f"s.path, s.size_bytes, s.sha256, c.no {_OLD_SEGMENTS} JOIN old.formats f ON f.no = s.format "
        "WHERE s.deleting IS NOT NULL AND NOT EXISTS (SELECT 1 FROM main.segments n WHERE n.camera = c.no "
        "AND n.sequence = s.sequence) ORDER BY s.id"
    ).fetchall()
    for reason, frames, codec, width, height, *where, number in rows:
        gone = segment_from((*where, frames, codec, width, height))
        write_receipt(connection, number, gone, reason, utc_now())


def _note_missing(connection: sqlite3.Connection) -> list[str]:
    """Footage that was there and is gone without a receipt is a gap that says so."""
    rows = connection.execute(
        f"SELECT c.no, c.id, s.start_90k, s.end_90k, s.path {_OLD_SEGMENTS} WHERE NOT EXISTS "
        "(SELECT 1 FROM main.segments n WHERE n.camera = c.no AND n.sequence = s.sequence) AND s.deleting IS NULL "
        "ORDER BY c.no, s.start_90k"
    ).fetchall()
    for number, _, start, end, _ in rows:
        add_gap(connection, number, start, end, GapCause.DAMAGED, "recorded, and gone from the disk without an order")
    return [path or usual_path(CameraId(UUID(camera)), start) for _, camera, start, _, path in rows]


def _finish(catalogue: Catalogue, identity: Identity) -> None:
    with catalogue.write() as connection:
        catalogue.set_meta(connection, "open_sequence", str(identity.open_sequence))
        catalogue.bump_revision(connection)


def let_go_of_doubt(catalogue: Catalogue) -> None:
    """Somebody says that the holds which are known are all there are."""
    for hold in catalogue.holds():
        if hold.owner == HELD_FOR_DOUBT:
            catalogue.release_hold(hold.hold_id, "the holds that are known are all there are")
