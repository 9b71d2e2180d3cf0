"""Opens a copy as whoever gets it will: the ZIP as it was read back from its medium, unpacked and verified whole.

Source: BASS-1.6.4.b (a test of opening is recorded before handover).
"""

from __future__ import annotations

import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from errno import EDQUOT, ENOSPC
from hashlib import sha512
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from overt.evidence import log_actions
from overt.evidence.bag import layout, verify
from overt.evidence.bag.index import UnreadableClip, read_index
from overt.evidence.copies.register import Kind, cameras_of, copy_facts, write_movement
from overt.evidence.copies.rules import CopyState
from overt.evidence.errors import CopyIncomplete, NoRoom, NotTheCopy, WrongMove
from overt.evidence.log_facts import CopyTested
from overt.evidence.models import Copy
from overt.logbook.services import log
from overt.shared.lines import visible

if TYPE_CHECKING:
    from overt.accounts.models import User

#: What a reader without our software opens: the player, the check, the instructions.
OPENED_WITH = ("data/README.html", "VERIFY.html", "HOW-TO-VERIFY.txt")
_PIECE = 1024 * 1024
_MOST_MEMBERS = 100_000
#: What the reader of archives raises for one that nobody made with care: an unknown or encrypted member, a name that is
#: no UTF-8 or holds a NUL, a header that ends early.
_ODD_ARCHIVE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, struct.error, zlib.error)


def open_copy(
    copy: Copy, archives: Sequence[IO[bytes]], *, by: User, played: bool, now: datetime | None = None
) -> Copy:
    """Unpack and verify what was read back from the medium (all of its parts), and write the answer down, good or not.

    `played` is the person's word that README.html was opened from the medium and its pictures ran. Raises WrongMove for
    a copy that has left, CopyIncomplete without that word, NoRoom, or NotTheCopy for a file that is no ZIP.
    """
    if copy.state not in {CopyState.KEPT, CopyState.OUT}:
        raise WrongMove(f"This copy is {copy.state}; only what is here can be tested.")
    if not played:
        raise CopyIncomplete("Open README.html from the medium, look whether it plays, and say so.", "played")
    return _write_down(copy, _opened(copy, archives), by, now or timezone.now())


@dataclass(frozen=True, slots=True)
class Opened:
    """The answer (good, or what is wrong in a word) and its words; what was counted of a good one."""

    answer: str
    words: str
    files: int | None = None
    pictures: int | None = None


def _opened(copy: Copy, archives: Sequence[IO[bytes]]) -> Opened:
    reference, size = copy.exhibit.reference, copy.exhibit.size_bytes
    if shutil.disk_usage(settings.EXHIBITS).free < size:
        raise NoRoom(f"There is no room to unpack {size:,} bytes for the test.")
    with tempfile.TemporaryDirectory(prefix=".test-", dir=settings.EXHIBITS) as folder:
        try:
            left = size + _PIECE
            for archive in archives:
                left = _unpack(archive, Path(folder), reference, left)
            return _found(copy, Path(folder) / reference)
        except OSError as error:
            if error.errno in {ENOSPC, EDQUOT}:
                raise NoRoom(f"There is no room to unpack {size:,} bytes for the test.") from None
            return Opened("unreadable", f"The ZIP cannot be unpacked: {error.strerror}.")
        except _ODD_ARCHIVE as error:
            if "File is not a zip file" in str(error):
                raise NotTheCopy(f"That is no ZIP. Give {reference}.zip as it lies on the medium.") from None
            return Opened("unreadable", f"The ZIP is damaged: {visible(str(error))[:300]}.")


def _unpack(archive: IO[bytes], into: Path, reference: str, left: int) -> int:
    """Only plain files below the reference's folder, and no more bytes than are left of the bag's; returns the rest."""
    with zipfile.ZipFile(archive) as opened:
        if len(opened.infolist()) > _MOST_MEMBERS:
            raise zipfile.BadZipFile(f"it holds {len(opened.infolist()):,} files, which no exhibit's bag does")
        for info in opened.infolist():
            path = into / info.filename
            inside = path.resolve().is_relative_to((into / reference).resolve())
            if info.is_dir() and inside:
                continue
            if not inside or info.compress_type != zipfile.ZIP_STORED or info.file_size > left:
                raise zipfile.BadZipFile(f"it holds {info.filename[:120]!r}, which is not from this exhibit's bag")
            left -= info.file_size
            path.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(info) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, _PIECE)
    return left


def _found(copy: Copy, folder: Path) -> Opened:
    try:
        report = verify.verify_bag(folder, keys=[copy.exhibit.key_fingerprint])
    except verify.Unusable as error:
        return Opened("unusable", str(error))
    if report["exit"] != 0:
        words = "; ".join(visible(str(one["says"])) for one in report["findings"])[:2000] or "not whole"
        return Opened(str(report["answer"]), words)
    if sha512((folder / layout.TAGS_512).read_bytes()).hexdigest() != copy.tags_sha512:
        return Opened("another", "It is whole and signed, but it is not this exhibit's bag.")
    for name in OPENED_WITH:
        if not (folder / name).is_file():
            return Opened("unplayable", f"{name} is missing.")
    try:
        pictures = sum(_pictures(path) for path in sorted((folder / layout.WORKING).iterdir()))
    except UnreadableClip as error:
        return Opened("unplayable", str(error))
    files = int(report["files"])
    words = f"{files} files verified, {pictures:,} pictures in the working copy; player and check are there."
    return Opened("good", words, files, pictures)


def _pictures(path: Path) -> int:
    return sum(len(fragment.durations) for fragment in read_index(path, 0))


@transaction.atomic
def _write_down(copy: Copy, found: Opened, by: User, now: datetime) -> Copy:
    held = Copy.objects.lock(copy.pk)
    if held.state not in {CopyState.KEPT, CopyState.OUT}:
        raise WrongMove("This copy has left while it was being tested.")
    held.tested_at, held.tested_by, held.test_answer, held.test_detail = now, by, found.answer, found.words
    held.save(update_fields=["tested_at", "tested_by", "test_answer", "test_detail"])
    facts = CopyTested(**copy_facts(held), answer=found.answer, files=found.files, pictures=found.pictures, played=True)
    entry = log(log_actions.COPY_TESTED, held, by=by, facts=facts, cameras=cameras_of(held))
    write_movement(held, Kind.TESTED, entry, by=by, reason="", remark=f"{found.answer}: {found.words}")
    return held
