"""The media register: the rows of an exhibit's copies, and the line of each movement.

A line of the register and the logbook's entry of the same act are written in one transaction: BASS-1.6.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha512
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils import timezone

from overt.estate.models import Camera
from overt.evidence.bag import layout
from overt.evidence.copies import rules
from overt.evidence.copies.rules import CopyKind, Medium
from overt.evidence.exhibits.folders import sealed_folder
from overt.evidence.models import Copy, CopyMovement, Exhibit, StoragePlace
from overt.logbook.models import Entry

if TYPE_CHECKING:
    from overt.accounts.models import User


Kind = CopyMovement.Kind


def first_copies(exhibit: Exhibit, folder: Path, entry: Entry) -> None:
    """The master and the working copy in the bag, as rows of their own. Called by the sealing, in its transaction.

    Source: BASS-1.6.3.a (separate rows, labels and histories, equal content), BASS-1.6.3.c (the master's date).
    """
    for number, (kind, part) in enumerate(((CopyKind.MASTER, layout.MASTER), (CopyKind.WORKING, layout.WORKING)), 1):
        copy, made = Copy.objects.get_or_create(
            exhibit=exhibit,
            number=number,
            defaults={
                "kind": kind,
                "medium": rules.SERVER,
                "content_sha512": content_digest(folder, part),
                "tags_sha512": exhibit.tags_sha512,
                "made_at": exhibit.signed_at or timezone.now(),
                "made_by": exhibit.operator,
                "reason": exhibit.reason,
                "keep_until": exhibit.keep_until if kind == CopyKind.MASTER else None,
            },
        )
        if made:
            write_movement(copy, Kind.MADE, entry, by=exhibit.operator, reason=exhibit.reason)


def content_digest(folder: Path, part: str) -> str:
    """One hash over the recordings of a part of the bag, from the list that was signed: names without their folder."""
    lines = [line.partition("  ") for line in (folder / layout.MANIFEST_512).read_text(encoding="utf-8").splitlines()]
    mine = sorted((name.removeprefix(f"{part}/"), digest) for digest, _, name in lines if name.startswith(f"{part}/"))
    return sha512("".join(f"{digest}  {name}\n" for name, digest in mine).encode()).hexdigest()


def next_copy(
    exhibit: Exhibit,
    medium: Medium,
    *,
    by: User | None,
    reason: str,
    now: datetime,
    kind: CopyKind = CopyKind.WORKING,
) -> Copy:
    """The row of a new copy, under the next number. Called inside the transaction of the act that makes it.

    Raises WrongMove where the exhibit is not sealed.
    """
    Exhibit.objects.lock(exhibit.pk)  # two copies made at once get two numbers
    last = Copy.objects.filter(exhibit=exhibit).aggregate(last=Max("number"))["last"] or 0
    return Copy.objects.create(
        exhibit=exhibit,
        number=max(last, 2) + 1,
        kind=kind,
        medium=medium.code,
        medium_number=medium.number.strip(),
        supplier=medium.supplier.strip(),
        supplier_number=medium.supplier_number.strip(),
        content_sha512=content_digest(sealed_folder(exhibit), layout.MASTER),
        tags_sha512=exhibit.tags_sha512,
        made_at=now,
        made_by=by,
        reason=reason,
        keep_until=exhibit.keep_until if kind == CopyKind.MASTER else None,
    )


def write_movement(
    copy: Copy,
    kind: CopyMovement.Kind,
    entry: Entry,
    *,
    by: User | None,
    reason: str,
    remark: str = "",
    place: StoragePlace | None = None,
) -> CopyMovement:
    """One more line of the register, at the time of the logbook's entry. Source: BASS-9.3.a, BASS-1.6.5."""
    position = CopyMovement.objects.filter(copy=copy).count() + 1
    return CopyMovement.objects.create(
        copy=copy,
        position=position,
        kind=kind,
        at=entry.recorded_at,
        by=by,
        place=place,
        reason=reason,
        remark=remark[:500],
        entry=entry.number,
    )


def copy_facts(copy: Copy) -> dict[str, Any]:
    """Which copy an act was on, by the names of CopyAct."""
    return {
        "reference": copy.exhibit.reference,
        "copy": copy.number,
        "kind": copy.kind,
        "medium": copy.medium,
        "tagmanifest_sha512": copy.tags_sha512,
    }


def cameras_of(copy: Copy) -> list[Camera]:
    """The cameras whose recordings are on it."""
    return list(Camera.objects.filter(pk__in=copy.exhibit.clips.values("camera_id")))


def medium_line(copy: Copy) -> str:
    """Disc D-12, brought by PC Hill 4417."""
    brought = f", brought by {copy.supplier} {copy.supplier_number}" if copy.supplier else ""
    return f"{rules.medium_words(copy.medium)} {copy.medium_number}".strip() + brought


def copies_of(exhibit: Exhibit) -> Sequence[Copy]:
    return list(exhibit.copies.select_related("place", "made_by").order_by("number"))
