"""Lets a copy of a sealed bag go: as a download, or into a folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from overt.evidence import log_actions
from overt.evidence.errors import BadReference, NoRoom, WrongMove
from overt.evidence.models import Exhibit
from overt.evidence.rules import ExhibitState
from overt.evidence.services.sealing import bag_folder
from overt.logbook.services import record
from overt.shared.canonical import Json

if TYPE_CHECKING:
    from overt.accounts.models import User


def sealed_folder(exhibit: Exhibit) -> Path:
    """Where the bag lies. Raises WrongMove where it is not sealed."""
    folder = bag_folder(exhibit.reference)
    if exhibit.state != ExhibitState.SEALED or not folder.is_dir():
        raise WrongMove(f"Exhibit {exhibit.reference} is {exhibit.state}; there is a bag once it is sealed.")
    return folder


@transaction.atomic
def note_download(exhibit: Exhibit, *, by: User) -> Path:
    """Write down that the bag is handed to somebody's browser, and return its folder.

    Source: BASS-1.6.5, BASS-9.1.b (continuity to the handover).
    """
    folder = sealed_folder(exhibit)
    facts: dict[str, Json] = {
        "reference": exhibit.reference,
        "bytes": exhibit.size_bytes,
        "says": f"{exhibit.reference}.zip",
    }
    record(log_actions.EXHIBIT_DOWNLOADED, exhibit, by=by, facts=facts)
    return folder


def export_bag(exhibit: Exhibit, out: Path, *, by: User | None) -> Path:
    """Copy the bag to `<out>/<reference>`, which must not be there yet; returns that folder. Source: BASS-1.6.5."""
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
        record(
            log_actions.EXHIBIT_EXPORTED, exhibit, by=by, facts={"reference": exhibit.reference, "says": "to a folder"}
        )
    partial.rename(target)
    return target
