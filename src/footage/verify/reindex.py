"""Makes the journal anew from the disk alone. Takes over from the old one, where it can be read, what no file knows.

The files say: camera, name, run, sequence, times, the gaps before each and inside it. The old journal says: which
cameras are ordered and how they are kept, holds, receipts, measured clock offsets, and gaps that no file followed yet.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from footage.catalogue import Catalogue
from footage.catalogue.gaps import add_gap
from footage.catalogue.store import (
    CATALOGUE_FILE,
    FORMAT_VERSION,
    IDENTITY_FILE,
    Identity,
    lock_store,
    read_identity,
    sync_folder,
    write_identity,
)
from footage.contract import DamagedFootage, GapCause
from footage.recorder.adopt import digest_of, holes, keep_tail, segment_of
from footage.segments.header import SegmentHeader
from footage.segments.reader import Scan, scan
from footage.verify.check import segment_files

Tell = Callable[[int, int], None]
_MAKING = "catalogue.reindexing.sqlite3"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was found. `damaged` are files that hold nothing whole or end in something that is not; they are kept."""

    segments: int
    bytes: int
    cameras: int
    kept_from_old: tuple[str, ...]
    damaged: tuple[str, ...]


def reindex(store: Path, tell: Tell | None = None) -> Rebuilt:
    """Rebuild the journal. The old one stays beside it as `catalogue.before-reindex-N.sqlite3`.

    The new one is made beside the old and takes its place in one step, so that a crash half way costs nothing.
    Raises StoreBusy while a recorder holds the store, StoreTooNew for one of a newer version, StoreMissing.
    """
    identity = _identity(store)
    lock = lock_store(store)
    try:
        write_identity(store, identity)
        _clear(store, _MAKING)
        with Catalogue(store, file_name=_MAKING) as catalogue:
            found, damaged, size = _take_files(catalogue, tell)
            kept = _take_over(catalogue, store / CATALOGUE_FILE)
            _finish(catalogue, identity)
            cameras = len(catalogue.known_cameras())
        _take_the_place(store)
        return Rebuilt(found, size, cameras, tuple(kept), tuple(damaged))
    finally:
        os.close(lock)


def _identity(store: Path) -> Identity:
    if (store / IDENTITY_FILE).exists() or not store.is_dir() or not any(segment_files(store)):
        return read_identity(store)
    return Identity(str(uuid4()), FORMAT_VERSION, 0)


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


def _take_files(catalogue: Catalogue, tell: Tell | None) -> tuple[int, list[str], int]:
    paths = list(segment_files(catalogue.store))
    sizes = [(catalogue.store / path).stat().st_size for path in paths]
    whole: list[tuple[str, Scan]] = []
    damaged = []
    for path in paths:
        try:
            found = scan(catalogue.store / path)
        except (DamagedFootage, OSError):
            damaged.append(path)
            continue
        if found.trouble or not found.fragments:
            damaged.append(path)
        if found.fragments:
            if found.trouble:
                keep_tail(catalogue.store, path, found)
            whole.append((path, found))
    done, total = 0, sum(sizes)
    # In the order of recording as near as the disk tells it: disk pressure deletes the first rows first.
    for path, found in sorted(whole, key=lambda item: (item[1].start_90k, item[1].header.sequence)):
        _take_file(catalogue, path, found)
        done += found.size_bytes
        if tell is not None:
            tell(done, total)
    return len(whole), damaged, done


def _take_file(catalogue: Catalogue, path: str, found: Scan) -> None:
    header = found.header
    catalogue.add_segment(segment_of(path, found, digest_of(catalogue.store / path)))
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
        if end > gap.start_90k or gap.cause is GapCause.CLOCK_STEP:
            yield gap.start_90k, max(gap.start_90k, end), gap.cause, gap.detail


#: What the old journal alone knows: a name for the report, and the statements that copy it.
_KEPT = (
    (
        "cameras",
        "INSERT OR IGNORE INTO main.cameras (id) SELECT id FROM old.cameras",
        "UPDATE main.cameras SET (name, url, credentials, retention_days, priority, audio, enabled, ordered, last_run, "
        "last_sequence) = (SELECT o.name, o.url, o.credentials, o.retention_days, o.priority, o.audio, o.enabled, "
        "o.ordered, max(o.last_run, cameras.last_run), max(o.last_sequence, cameras.last_sequence) "
        "FROM old.cameras o WHERE o.id = cameras.id) WHERE id IN (SELECT id FROM old.cameras)",
    ),
    (
        "holds",
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
        "INSERT OR IGNORE INTO main.gaps (camera, start_90k, end_90k, cause, detail, run) "
        "SELECT n.no, g.start_90k, g.end_90k, g.cause, g.detail, g.run FROM old.gaps g "
        "JOIN old.cameras o ON o.no = g.camera JOIN main.cameras n ON n.id = o.id WHERE NOT EXISTS "
        "(SELECT 1 FROM main.gaps m WHERE m.camera = n.no AND m.start_90k = g.start_90k AND m.cause = g.cause)",
    ),
    (
        "the clock's trust",
        "INSERT OR IGNORE INTO main.meta SELECT name, value FROM old.meta WHERE name IN ('clock_trust', 'revision')",
    ),
)


def _take_over(catalogue: Catalogue, old: Path) -> list[str]:
    """Copy what only the old journal knows, each kind on its own: one that cannot be read costs only itself."""
    if not old.exists():
        return []
    connection = catalogue.read()
    kept = []
    try:
        with contextlib.closing(sqlite3.connect(old)) as closing:
            closing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ATTACH ? AS old", (str(old),))
    except sqlite3.Error:
        return []
    for name, *statements in _KEPT:
        try:
            with catalogue.write() as writing:
                for statement in statements:
                    writing.execute(statement)
            kept.append(name)
        except sqlite3.Error:
            continue
    with contextlib.suppress(sqlite3.Error):
        connection.execute("DETACH old")
    return kept


def _finish(catalogue: Catalogue, identity: Identity) -> None:
    with catalogue.write() as connection:
        catalogue.set_meta(connection, "open_sequence", str(identity.open_sequence))
        catalogue.bump_revision(connection)
