"""The node's journal as one thing: what was ordered, what was recorded, what was not, what is held, what went."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import TracebackType
from typing import Self

from footage.catalogue.beside import HoldsBeside
from footage.catalogue.cameras import CameraRows
from footage.catalogue.clocks import ClockRows
from footage.catalogue.deletions import DeletionRows
from footage.catalogue.gaps import GapRows
from footage.catalogue.holds import HoldRows
from footage.catalogue.intervals import joined, without_holes
from footage.catalogue.segments import OpenFile, SegmentRows
from footage.catalogue.store import (
    CATALOGUE_FILE,
    Identity,
    StoreMismatch,
    create_or_read,
    may_begin,
    read_identity,
    write_count,
)
from footage.catalogue.volume import Volume
from footage.contract import CameraId, DamagedFootage, Hold, Span, Timeline
from footage.segments.reader import scan


class Catalogue(CameraRows, SegmentRows, GapRows, HoldRows, DeletionRows, ClockRows):
    """One store's journal, safe to open from many processes and to use from many threads.

    `key` (a Fernet key) seals and opens camera credentials; without it they read as empty. Opening a store that
    does not exist yet makes it, unless `readonly`. `file_name` is for a journal in the making.
    Raises StoreMissing, StoreMismatch or StoreTooNew.
    """

    def __init__(
        self, store: Path, *, key: bytes | None = None, readonly: bool = False, file_name: str = CATALOGUE_FILE
    ) -> None:
        rebuilding = file_name != CATALOGUE_FILE
        self.identity = read_identity(store) if readonly or rebuilding else create_or_read(store)
        self.beside = HoldsBeside(store, self.identity.store_uuid, key)
        self.volume = Volume(store, self.identity.store_uuid)
        fresh = rebuilding or may_begin(store, self.identity)
        super().__init__(store, key=key, readonly=readonly, fresh=fresh, file_name=file_name)
        try:
            self._check_identity()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open_for_recording(self) -> Identity:
        """Read the journal through, count on, and take what the volume knows of holds. The caller holds the lock.

        Raises StoreMismatch where the journal is damaged, or is not the one that was last recorded into.
        """
        self.check_whole()
        self.count_on()
        self.take_from_beside(self.beside.read())
        with contextlib.suppress(OSError):  # the disk is full; it is tried again in each round
            self.keep_beside()
        return self.identity

    def count_on(self) -> None:
        """Count one more start, stop or round of the recorder: first in the journal, then on the volume.

        So the journal is ahead by one where a crash came between, and never behind. Raises StoreMismatch where it is
        (or further ahead): one of them was restored from a copy, and a hold or a file may be there that the journal
        never heard of. A journal that cannot be written leaves the volume as it was, and is no copy the next time.
        """
        identity = read_identity(self.store)
        seen = int(self.meta("open_sequence", "0"))
        if not 0 <= seen - identity.open_sequence <= 1:
            raise StoreMismatch(
                f"the journal of {self.store} has counted to {seen}, the volume to {identity.open_sequence}: "
                "one of them comes from a copy. Run `footage reindex`."
            )
        if seen == identity.open_sequence:
            seen += 1
            with self.write() as connection:
                self.set_meta(connection, "open_sequence", str(seen))
        self.volume.check_place()
        self.identity = write_count(self.store, identity, seen)

    def timeline(self, camera_id: CameraId, start_90k: int, end_90k: int) -> Timeline:
        """Spans cut to [start, end), gaps and holds that touch it (whole). Includes the file being written."""
        spans = self.spans(camera_id, start_90k, end_90k)
        for opened in self.open_files(camera_id):
            spans += self._span_of_open(opened, start_90k, end_90k)
        spans.sort(key=lambda span: (span.start_90k, span.run))
        holes = self.holes(camera_id, start_90k, end_90k)
        return Timeline(
            camera_id=camera_id,
            start_90k=start_90k,
            end_90k=end_90k,
            spans=tuple(without_holes(joined(spans), holes)),
            gaps=tuple(self.gaps(camera_id, start_90k, end_90k)),
            holds=tuple(hold for hold in self.holds(camera_id) if _touches(hold, start_90k, end_90k)),
        )

    def _span_of_open(self, opened: OpenFile, start_90k: int, end_90k: int) -> list[Span]:
        """What is on the disk already of a file without a row."""
        if opened.start_90k >= end_90k:
            return []
        try:
            found = scan(self.store / opened.path)
        except (DamagedFootage, OSError):
            return []
        start, end = max(found.start_90k, start_90k), min(found.end_90k, end_90k)
        return [Span(start, end, opened.run)] if start < end else []

    def _check_identity(self) -> None:
        known = self.meta("store_uuid")
        if known == self.identity.store_uuid:
            return
        if known:
            raise StoreMismatch(
                f"the journal in {self.store} belongs to store {known}, the volume is {self.identity.store_uuid}. "
                "Put its own back, or run `footage reindex`; this one is kept beside it."
            )
        if self.readonly:
            return
        with self.write() as connection:
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('store_uuid', ?)", (self.identity.store_uuid,))
            connection.execute(
                "INSERT OR IGNORE INTO meta VALUES ('open_sequence', ?)", (str(self.identity.open_sequence),)
            )


def _touches(hold: Hold, start_90k: int, end_90k: int) -> bool:
    return hold.start_90k < end_90k and hold.end_90k > start_90k
