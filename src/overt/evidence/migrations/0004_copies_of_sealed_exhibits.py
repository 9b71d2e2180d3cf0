"""Gives exhibits that were sealed before copies had rows the two that are in every bag, with their first movement.

Exhibits that have copies are left alone, so a run that stopped half way is simply run again. Where the logbook's entry
of the signing is not found (it is never deleted), the exhibit gets no rows rather than an entry that was not.
"""

from hashlib import sha512
from typing import Any

from django.db import migrations


def add_copies(apps: Any, schema_editor: Any) -> None:
    exhibits, copies = apps.get_model("evidence", "Exhibit"), apps.get_model("evidence", "Copy")
    movements, entries = apps.get_model("evidence", "CopyMovement"), apps.get_model("logbook", "Entry")
    for exhibit in exhibits.objects.filter(state="sealed", signed_at__isnull=False, copies=None):
        about = entries.objects.filter(subject_id=str(exhibit.pk), action="evidence.exhibit.signed")
        entry = about.order_by("number").last()
        if entry is None:
            continue
        digest = _digest(exhibit)
        for number, kind in enumerate(("master", "working"), 1):
            copy = copies.objects.create(
                exhibit=exhibit,
                number=number,
                kind=kind,
                state="kept",
                medium="server",
                content_sha512=digest,
                tags_sha512=exhibit.tags_sha512,
                made_at=exhibit.signed_at,
                made_by=exhibit.operator,
                reason=exhibit.reason,
                keep_until=exhibit.keep_until if kind == "master" else None,
            )
            movements.objects.create(
                copy=copy,
                position=1,
                kind="made",
                at=entry.recorded_at,
                by=exhibit.operator,
                reason=exhibit.reason,
                entry=entry.number,
            )


def _digest(exhibit: Any) -> str:
    """As services.copies.content_digest: over hash and name of each recording, sorted by name."""
    files = [found for clip in exhibit.clips.all() for found in clip.files]
    named = sorted((found["path"].rpartition("/")[2], found["sha512"]) for found in files)
    return sha512("".join(f"{digest}  {name}\n" for name, digest in named).encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_copies_and_their_places"), ("logbook", "0001_initial")]

    operations = [migrations.RunPython(add_copies, migrations.RunPython.noop, elidable=True)]
