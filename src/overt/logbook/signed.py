"""Holds every checkpoint ever signed against the tree as it is now."""

from __future__ import annotations

from collections.abc import Mapping

from overt.logbook import notes
from overt.logbook.findings import Report
from overt.logbook.keys import public_key
from overt.logbook.models import Checkpoint


def check_checkpoints(report: Report, origin: str, roots: Mapping[int, bytes | None], whole_to: int) -> None:
    """Signatures, and the root at each size; `roots` is recomputed, and means nothing past `whole_to`.

    Of several roots that do not fit only the first is told: whatever was changed before it changes all that follow.
    """
    fits_to, contradicted = 0, False
    public = public_key()
    for made in Checkpoint.objects.order_by("size").iterator(chunk_size=1000):
        if made.size not in roots:
            continue  # signed while this check was running
        report.checkpoints += 1
        if not _as_signed(report, made, origin, public):
            continue
        if made.size > report.size:
            _beyond(report, made)
        elif roots[made.size] == bytes.fromhex(made.root):
            fits_to = made.size
        elif not contradicted:
            contradicted = True
            missing = " (at least one is missing)" if made.size > whole_to else ""
            report.add(
                "checkpoint-contradicted",
                f"The checkpoint signed at {made.size} entries no longer fits, that at {fits_to} does:"
                f" between entry {fits_to + 1} and entry {made.size} something was changed, added or removed{missing}.",
                fits_to + 1,
                made.size,
            )


def _beyond(report: Report, made: Checkpoint) -> None:
    words = (
        f"A checkpoint was signed at {made.size} entries, and the logbook has {report.size}:"
        f" entries {report.size + 1} to {made.size} were removed."
    )
    report.add("checkpoint-beyond", words, report.size + 1, made.size)


def _as_signed(report: Report, made: Checkpoint, origin: str, public: bytes) -> bool:
    try:
        stated = notes.tree_head(notes.opened(made.note, origin, public))
    except notes.BadNote as error:
        report.add("checkpoint-forged", f"The checkpoint at {made.size} entries is not as signed: {error}.")
        return False
    if (stated.origin, stated.size, stated.root.hex()) != (origin, made.size, made.root):
        report.add("checkpoint-forged", f"The checkpoint at {made.size} entries states another log, size or root.")
        return False
    return True
