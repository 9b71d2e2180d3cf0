"""Holds every checkpoint ever signed, and heads that somebody else holds, against the tree as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from overt.logbook import notes
from overt.logbook.findings import Report
from overt.logbook.keys import known_keys
from overt.logbook.models import Checkpoint, KeySuccession
from overt.logbook.notes import TreeHead
from overt.logbook.succession import KnownKey, opened_by


def check_checkpoints(report: Report, origin: str, roots: Mapping[int, bytes | None], whole_to: int) -> None:
    """Signatures, and the root at each size; `roots` is recomputed, and means nothing past `whole_to`.

    Of several roots that do not fit only the first is told: whatever was changed before it changes all that follow.
    """
    fits_to, contradicted = 0, False
    known = known_keys(origin)
    if KeySuccession.objects.count() != len(known) - 1:
        report.add("key-unknown", "A change of the logbook's key is not signed by both keys, or leads elsewhere.")
    for made in Checkpoint.objects.order_by("size").iterator(chunk_size=1000):
        if made.size not in roots:
            continue  # signed while this check was running
        report.checkpoints += 1
        if not _as_signed(report, made, origin, known):
            continue
        if made.size > report.size:
            _beyond(report, made)
        elif roots[made.size] == bytes.fromhex(made.root):
            fits_to = report.signed = made.size
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


def check_held(report: Report, heads: Iterable[TreeHead], roots: Mapping[int, bytes | None]) -> None:
    """Heads from outside, whose holders have them from us: one that does not fit is told, whatever else does."""
    for head in heads:
        report.held_given += 1
        if head.size > report.size:
            words = (
                f"The head you hold covers {head.size} entries and the logbook has {report.size}:"
                f" entries {report.size + 1} to {head.size} were removed."
            )
            report.add("kept-beyond", words, report.size + 1, head.size)
        elif roots[head.size] != head.root:
            words = (
                f"The first {head.size} entries are not those of the head you hold ({head.short}):"
                " one was changed, added or removed."
            )
            report.add("kept-contradicted", words, 1, head.size)
        else:
            report.held = max(report.held, head.size)


def _beyond(report: Report, made: Checkpoint) -> None:
    words = (
        f"A checkpoint was signed at {made.size} entries, and the logbook has {report.size}:"
        f" entries {report.size + 1} to {made.size} were removed."
    )
    report.add("checkpoint-beyond", words, report.size + 1, made.size)


def _as_signed(report: Report, made: Checkpoint, origin: str, known: Sequence[KnownKey]) -> bool:
    try:
        stated = opened_by(made.note, origin, known)
    except notes.BadNote as error:
        report.add("checkpoint-forged", f"The checkpoint at {made.size} entries is not as signed: {error}.")
        return False
    if (stated.origin, stated.size, stated.root.hex()) != (origin, made.size, made.root):
        report.add("checkpoint-forged", f"The checkpoint at {made.size} entries states another log, size or root.")
        return False
    return True
