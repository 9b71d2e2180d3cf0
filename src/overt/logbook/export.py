"""Writes the logbook out for an inspector: plain files, and the small program that checks them without us."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from overt.logbook import inspect_offline
from overt.logbook.append import bytes_of
from overt.logbook.checkpoints import make_checkpoint
from overt.logbook.keys import own_verifier_key, signing_key
from overt.logbook.log_actions import EXPORTED, Exported
from overt.logbook.models import Checkpoint, Entry, Personal
from overt.logbook.notes import sign, unchecked_tree_head
from overt.logbook.recording import log
from overt.logbook.subjects import all_camera_names
from overt.logbook.succession import changes_text
from overt.logbook.telling import line_of, words_for
from overt.logbook.verify import CHUNK, Progress
from overt.shared.canonical import Json, canonical
from overt.shared.errors import BadInput


def export(folder: Path, *, with_personal: bool = False, reason: str = "", progress: Progress | None = None) -> int:
    """Write every entry to `folder`, which must not be there yet or be empty; returns how many entries.

    Without `with_personal` no name and no reason leaves the house: the entries hold only commitments to them.
    The last file, export.txt, is signed and says where the export ends: an older checkpoint put in the place of the
    newest, or a file left out, is found by it.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty. Name a folder that is not there yet.")
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        told = log(EXPORTED, by=None, reason=reason, facts=Exported(with_personal))
    checkpoint = make_checkpoint()
    origin = unchecked_tree_head(checkpoint.note).origin
    (folder / "checkpoint.txt").write_text(checkpoint.note, encoding="utf-8")
    (folder / "key.txt").write_text(own_verifier_key(origin) + "\n", encoding="utf-8")
    shutil.copyfile(inspect_offline.__file__, folder / "inspect_offline.py")
    (folder / "keys.jsonl").write_text(changes_text(), encoding="utf-8")
    _write_checkpoints(folder / "checkpoints.jsonl", checkpoint.size)
    _write_entries(folder / "entries.jsonl", checkpoint.size, progress)
    _write_lines(folder / "lines.jsonl", checkpoint.size)
    beside = ["lines.jsonl"]
    if with_personal:
        _write_personal(folder / "personal.jsonl", checkpoint.size)
        beside.append("personal.jsonl")
    statement = export_statement(origin, checkpoint.size, told.number, [folder / name for name in beside])
    (folder / "export.txt").write_text(statement, encoding="utf-8")
    return checkpoint.size


def export_statement(origin: str, size: int, entry: int, beside: Iterable[Path]) -> str:
    """A signed note: the log, `logbook export`, the size exported, the entry that tells of it, when, and files' hashes.

    What the entries hold is the checkpoint's to prove; the files beside them have no other proof.
    """
    lines = [origin, "logbook export", str(size), str(entry), f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"]
    for path in beside:
        with path.open("rb") as file:
            lines.append(f"{path.name} {file_digest(file, 'sha256').hexdigest()}")
    return sign("\n".join(lines) + "\n", origin, signing_key())


def _write_entries(path: Path, size: int, progress: Progress | None) -> None:
    with path.open("wb") as file:
        for entry in Entry.objects.filter(number__lte=size).order_by("number").iterator(chunk_size=CHUNK):
            file.write(bytes_of(entry) + b"\n")
            if progress is not None:
                progress(entry.number)


def _write_lines(path: Path, size: int) -> None:
    """Each entry in words, as this build puts it: to read the entries by. What is proven are the entries."""
    names = all_camera_names()
    with path.open("wb") as file:
        for entry in Entry.objects.filter(number__lte=size).order_by("number").iterator(chunk_size=CHUNK):
            told: dict[str, Json] = {
                "entry": entry.number,
                "words": words_for(entry.action),
                "line": line_of(entry, names),
            }
            file.write(canonical(told) + b"\n")


def _write_personal(path: Path, size: int) -> None:
    rows = Personal.objects.filter(entry_id__lte=size).order_by("entry_id", "field")
    with path.open("wb") as file:
        for row in rows.iterator(chunk_size=CHUNK):
            what: dict[str, Json] = {"salt": row.salt, "value": row.value}
            if row.value is None:
                what = {"erased_by": row.erased_by}
            file.write(canonical({"entry": row.entry_id, "field": row.field, **what}) + b"\n")


def _write_checkpoints(path: Path, size: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for made in Checkpoint.objects.filter(size__lt=size).order_by("size").iterator(chunk_size=CHUNK):
            file.write(json.dumps({"size": made.size, "note": made.note}) + "\n")
