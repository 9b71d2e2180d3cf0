"""Cuts a span into files that leave the room: whole fragments, bytes as recorded, nothing left out without a cause.

Only segments that are closed and in the journal are taken, and each is checked against the journal's SHA-256 as it is
read. An edit list would hide pictures and not remove them, so a clip starts on its key frame and says when that is.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from footage.contract import (
    ClipFile,
    ClipReceipt,
    ClipRequest,
    DiskFull,
    NoFootage,
    Progress,
    SegmentClosed,
)
from footage.playback.archive import Archive
from footage.playback.clip_head import clip_head
from footage.playback.copying import write_hashed, write_plain
from footage.playback.export_boxes import export_boxes
from footage.playback.lacks import missing
from footage.playback.spans import Stretch, check_span, parted, stretches
from footage.playback.virtual import VirtualFile
from footage.times import utc_now, utc_text

_ONLY_DIGITS = str.maketrans("", "", "-:.")


#: The longest file that a FAT32 medium holds: sticks are often formatted so.
MOST_BYTES = (1 << 32) - 1
#: What a file's beginning may take of that, its index of fragments included.
_HEAD_BYTES = 1 << 20


def cut_clip(archive: Archive, request: ClipRequest, into: Path, progress: Progress | None = None) -> ClipReceipt:
    """Write the span's files into a folder, flushed to the disk, with their hashes.

    Raises BadSpan, NoFootage, DiskFull or DamagedFootage; then none of the files is left behind.
    """
    rows, found = _plan(archive, request)
    virtuals = _virtuals(found)
    _check_room(into, virtuals)
    steps = _Steps(progress, sum(virtual.size_bytes for virtual in virtuals))
    files: list[ClipFile] = []
    try:
        for virtual in virtuals:
            files.append(_write(virtual, into, rows, archive.store, steps.of_file()))
            steps.finish(virtual)
        _sync_folder(into)
    except BaseException:
        for file in files:
            file.path.unlink(missing_ok=True)
        raise
    offset = archive.journal.clock_offset_at(request.camera_id, request.end_90k)
    gaps = missing(request, found, archive.journal)
    return ClipReceipt(
        request, tuple(files), tuple(gaps), _used(rows, found, archive.store), offset[1] if offset else None
    )


def copy_clip(archive: Archive, request: ClipRequest, into: Path) -> list[Path]:
    """The same files without hashing or checking, their pictures copied by the kernel. For a quick look."""
    _, found = _plan(archive, request)
    virtuals = _virtuals(found)
    _check_room(into, virtuals)
    paths = []
    for virtual in virtuals:
        write_plain(virtual, path := into / name_of(virtual.stretch))
        paths.append(path)
    return paths


def name_of(stretch: Stretch) -> str:
    """A clip's file name: the UTC time of its first picture, to the millisecond that is written everywhere."""
    return utc_text(stretch.start_90k).translate(_ONLY_DIGITS) + ".mp4"


def _virtuals(found: Sequence[Stretch]) -> list[VirtualFile]:
    """Each stretch as a file whose clock starts with its first picture, or with sound before it, and which says so.

    Several where one would be more than a FAT32 medium can hold.
    """
    now, made = utc_now(), []
    for stretch in (part for one in found for part in parted(one, MOST_BYTES - _HEAD_BYTES)):
        base, delay = stretch.start_90k - stretch.pieces[0].fragment.lead_90k, stretch.delay_90k
        head = clip_head(stretch, base, delay, now) + export_boxes(stretch.file.camera_name, base, now)
        made.append(VirtualFile(stretch, base, head, delay_90k=delay))
    return made


def _plan(archive: Archive, request: ClipRequest) -> tuple[list[SegmentClosed], list[Stretch]]:
    check_span(request.start_90k, request.end_90k, utc_now())
    rows = archive.journal.segments(request.camera_id, request.start_90k, request.end_90k)
    try:
        return rows, stretches(archive.whole_files(rows), request.start_90k, request.end_90k)
    except NoFootage:
        gaps = archive.journal.gaps(request.camera_id, request.start_90k, request.end_90k)
        why = "; ".join(sorted({f"{gap.cause.value} {gap.detail}".strip() for gap in gaps}))
        if not why and any(file.start_90k < request.end_90k for file in archive.journal.open_files(request.camera_id)):
            raise NoFootage("This is still being written. In a minute its file is closed and can be cut.") from None
        raise NoFootage(
            f"Nothing was recorded from {utc_text(request.start_90k)} to {utc_text(request.end_90k)}"
            + (f" ({why})." if why else ".")
        ) from None


def _write(
    virtual: VirtualFile, into: Path, rows: Sequence[SegmentClosed], store: Path, progress: Progress | None
) -> ClipFile:
    stretch, name = virtual.stretch, name_of(virtual.stretch)
    partial = into / f".{name}.part"
    written = write_hashed(virtual, partial, rows, store, progress)
    partial.rename(into / name)
    return ClipFile(
        path=into / name,
        start_90k=stretch.start_90k,
        end_90k=stretch.end_90k,
        size_bytes=written.size_bytes,
        sha256=written.sha256,
        sha512=written.sha512,
        chunk_sha256=written.chunk_sha256,
        frames=stretch.frames,
        codec=stretch.file.codec,
        width=stretch.file.width,
        height=stretch.file.height,
        begins_on_key_frame=stretch.pieces[0].fragment.key,
    )


def _check_room(into: Path, virtuals: Sequence[VirtualFile]) -> None:
    needed, free = sum(virtual.size_bytes for virtual in virtuals), shutil.disk_usage(into).free
    if needed > free:
        raise DiskFull(f"The clip needs {needed / 1e6:,.0f} MB and {into} has {free / 1e6:,.0f} MB left.")


def _used(rows: Sequence[SegmentClosed], found: Sequence[Stretch], store: Path) -> tuple[SegmentClosed, ...]:
    paths = {piece.file.path for stretch in found for piece in stretch.pieces}
    return tuple(row for row in rows if store / row.path in paths)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Steps:
    """One progress over several files."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._before = progress, total, 0

    def of_file(self) -> Progress | None:
        if (progress := self._progress) is None:
            return None
        before, total = self._before, self._total
        return lambda done, _: progress(before + done, total)

    def finish(self, virtual: VirtualFile) -> None:
        self._before += virtual.size_bytes
