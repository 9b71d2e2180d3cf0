"""Lets a copy of a sealed bag go: as a download, or into a folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from footage.times import utc_datetime
from overt.access.rules import Act
from overt.evidence import log_actions
from overt.evidence.bag.zipstream import parts_of
from overt.evidence.copies.register import Kind, next_copy, write_movement
from overt.evidence.copies.rules import SERVER, CopyState, Medium
from overt.evidence.errors import BadReference, NoRoom, WrongMove
from overt.evidence.exhibits.folders import sealed_folder
from overt.evidence.log_facts import BagLeft, Clip
from overt.evidence.models import Copy, Exhibit
from overt.logbook.actions import Action
from overt.logbook.models import Entry
from overt.logbook.services import log
from overt.policy.reasons import for_act
from overt.shared.lines import printable

if TYPE_CHECKING:
    from overt.accounts.models import User


def export_reason(text: str) -> str:
    """The reason on one line. Raises ReasonMissing where the policy asks why a bag leaves and none is given.

    Source: BASS-9.1.b (continuity to the handover).
    """
    words = "Say why the bag leaves: this scheme's policy asks, and it is written in the logbook."
    return for_act(Act.EXPORT_BAG, printable(text), words)


@transaction.atomic
def note_download(exhibit: Exhibit, *, by: User, reason: str = "") -> Path:
    """Write down that the bag is handed to somebody's browser, as a copy with its own number, and return its folder.

    Raises WrongMove where it is not sealed, ReasonMissing where the policy asks why and nothing is said.
    Source: BASS-1.6.5, BASS-9.1.b (continuity to the handover).
    """
    folder = sealed_folder(exhibit)
    why = export_reason(reason)
    copy = next_copy(exhibit, Medium(), by=by, reason=why, now=timezone.now())
    entry = _log_left(log_actions.EXHIBIT_DOWNLOADED, copy, by=by, reason=why)
    write_movement(copy, Kind.MADE, entry, by=by, reason=why, remark="as a download")
    return folder


@transaction.atomic
def note_copy_download(copy: Copy, *, by: User, part: int = 0) -> Path:
    """Write down that a copy is being written: it goes to a browser, which puts it on its medium.

    `part` (from 1) where it goes in parts, each of which is a line of the register. Raises WrongMove for one that has
    left, or has no such part. Source: BASS-9.1.b.
    """
    held = Copy.objects.lock(copy.pk)
    if held.state not in {CopyState.KEPT, CopyState.OUT} or held.medium == SERVER:
        raise WrongMove("This copy is not to be written here. Make a new one, under its own number.")
    folder = sealed_folder(held.exhibit)
    parts = len(parts_of(folder, held.exhibit.reference))
    if not 0 <= part <= parts:
        raise WrongMove(f"This copy has {parts} parts.")
    entry = _log_left(log_actions.EXHIBIT_DOWNLOADED, held, by=by, reason=held.reason)
    remark = f"part {part} of {parts}" if part else ""
    write_movement(held, Kind.WRITTEN, entry, by=by, reason=held.reason, remark=remark)
    return folder


def _log_left(action: Action[BagLeft], copy: Copy, *, by: User | None, reason: str) -> Entry:
    """Whose pictures left, and from when to when."""
    exhibit = copy.exhibit
    rows = list(exhibit.clips.select_related("camera").order_by("position"))
    clips = [
        Clip(row.camera_id, row.camera.number, utc_datetime(row.start_90k), utc_datetime(row.end_90k)) for row in rows
    ]
    facts = BagLeft(exhibit.reference, exhibit.size_bytes, tuple(clips), copy.number)
    return log(action, exhibit, by=by, reason=reason, facts=facts, cameras=[row.camera for row in rows])


def export_bag(exhibit: Exhibit, out: Path, *, by: User | None, reason: str = "") -> Path:
    """Copy the bag to `<out>/<reference>`, which must not be there yet; returns that folder.

    Raises WrongMove, ReasonMissing, BadReference or NoRoom. Source: BASS-1.6.5.
    """
    why = export_reason(reason)
    folder, target = sealed_folder(exhibit), out / exhibit.reference
    if target.exists():
        raise BadReference(f"{target} is there already. Name another folder; nothing was overwritten.")
    out.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(out).free < exhibit.size_bytes:
        raise NoRoom(f"{out} has no room for {exhibit.size_bytes:,} bytes.")
    partial = out / f".{exhibit.reference}.part"
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(folder, partial)
    with transaction.atomic():
        copy = next_copy(exhibit, Medium(), by=by, reason=why, now=timezone.now())
        entry = _log_left(log_actions.EXHIBIT_EXPORTED, copy, by=by, reason=why)
        write_movement(copy, Kind.MADE, entry, by=by, reason=why, remark="to a folder")
    partial.rename(target)
    return target
