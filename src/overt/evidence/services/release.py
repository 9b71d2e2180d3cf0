"""Lets a copy of a sealed bag go: as a download, or into a folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from footage.times import utc_text
from overt.access.rules import Act
from overt.evidence import log_actions, rules
from overt.evidence.copying import SERVER, CopyState
from overt.evidence.errors import BadReference, NoRoom, WrongMove
from overt.evidence.models import Copy, Exhibit
from overt.evidence.rules import ExhibitState
from overt.evidence.services.copies import Kind, locked, next_copy, write_movement
from overt.evidence.services.sealing import bag_folder
from overt.logbook.services import record
from overt.policy.queries import policy_in_force
from overt.shared.canonical import Json

if TYPE_CHECKING:
    from overt.accounts.models import User


def sealed_folder(exhibit: Exhibit) -> Path:
    """Where the bag lies. Raises WrongMove where it is not sealed."""
    folder = bag_folder(exhibit.reference)
    if exhibit.state != ExhibitState.SEALED or not folder.is_dir():
        raise WrongMove(f"Exhibit {exhibit.reference} is {exhibit.state}; there is a bag once it is sealed.")
    return folder


def reason_needed() -> bool:
    """Whether this scheme's policy asks why before a bag leaves."""
    return Act.EXPORT_BAG.value in policy_in_force().reason_required_for


@transaction.atomic
def note_download(exhibit: Exhibit, *, by: User, reason: str = "") -> Path:
    """Write down that the bag is handed to somebody's browser, as a copy with its own number, and return its folder.

    Raises WrongMove where it is not sealed, ReasonRequired where the policy asks why and nothing is said.
    Source: BASS-1.6.5, BASS-9.1.b (continuity to the handover).
    """
    folder = sealed_folder(exhibit)
    why = rules.check_export_reason(reason, asked_for=reason_needed())
    copy = next_copy(exhibit, folder, by=by, reason=why, now=timezone.now())
    facts = _handed_over(exhibit) | {"copy": copy.number}
    entry = record(log_actions.EXHIBIT_DOWNLOADED, exhibit, by=by, reason=why, facts=facts)
    write_movement(copy, Kind.MADE, entry, by=by, reason=why, remark="as a download")
    return folder


@transaction.atomic
def note_copy_download(copy: Copy, *, by: User) -> Path:
    """Write down that a copy is being written: it goes to a browser, which puts it on its medium.

    Raises WrongMove for one that has left. Source: BASS-9.1.b.
    """
    held = locked(copy)
    if held.state not in {CopyState.KEPT, CopyState.OUT} or held.medium == SERVER:
        raise WrongMove("This copy is not to be written here. Make a new one, under its own number.")
    folder = sealed_folder(held.exhibit)
    facts = _handed_over(held.exhibit) | {"copy": held.number}
    entry = record(log_actions.EXHIBIT_DOWNLOADED, held.exhibit, by=by, reason=held.reason, facts=facts)
    write_movement(held, Kind.WRITTEN, entry, by=by, reason=held.reason)
    return folder


def _handed_over(exhibit: Exhibit) -> dict[str, Json]:
    """Whose pictures left, and from when to when; one camera files the entry under it."""
    clips: list[Json] = []
    cameras: dict[str, str] = {}
    for clip in exhibit.clips.select_related("camera").order_by("position"):
        cameras[str(clip.camera_id)] = clip.camera.number
        start, end = utc_text(clip.start_90k), utc_text(clip.end_90k)
        clips.append({"camera_id": str(clip.camera_id), "camera": clip.camera.number, "start": start, "end": end})
    named = f"camera{'s' * (len(cameras) != 1)} {', '.join(cameras.values())}"
    facts: dict[str, Json] = {
        "reference": exhibit.reference,
        "bytes": exhibit.size_bytes,
        "clips": clips,
        "says": f"{exhibit.reference}.zip, {named}",
    }
    return facts | ({"camera_id": next(iter(cameras))} if len(cameras) == 1 else {})


def export_bag(exhibit: Exhibit, out: Path, *, by: User | None, reason: str = "") -> Path:
    """Copy the bag to `<out>/<reference>`, which must not be there yet; returns that folder.

    Raises WrongMove, ReasonRequired, BadReference or NoRoom. Source: BASS-1.6.5.
    """
    why = rules.check_export_reason(reason, asked_for=reason_needed())
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
        copy = next_copy(exhibit, folder, by=by, reason=why, now=timezone.now())
        facts = _handed_over(exhibit) | {"says": "to a folder", "copy": copy.number}
        entry = record(log_actions.EXHIBIT_EXPORTED, exhibit, by=by, reason=why, facts=facts)
        write_movement(copy, Kind.MADE, entry, by=by, reason=why, remark="to a folder")
    partial.rename(target)
    return target
