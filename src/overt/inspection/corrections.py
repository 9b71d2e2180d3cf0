"""Corrections: a new entry that names the old one and says what is right. The old one is never touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from overt.inspection.errors import BadCorrection
from overt.inspection.log_actions import CORRECTED, Corrected
from overt.logbook.models import Entry
from overt.logbook.recording import log
from overt.logbook.subjects import cameras_of
from overt.shared import reasons

if TYPE_CHECKING:
    from overt.accounts.models import User

KIND = Entry._meta.label_lower


@transaction.atomic
def correct(entry: Entry, *, by: User, text: str, reason: str, request: str = "") -> Entry:
    """Write what is right beside an entry, and return the entry that says so. Raises BadCorrection, ReasonMissing.

    `request` is the reference of a person's request for rectification, where there was one: what was done for it is
    found by that reference. Source: HERTS-16.6 (a linked amendment with author, time and reason, the original stays).
    """
    if not text.strip():
        raise BadCorrection("Say what is right.", "text")
    why = reasons.given(reason, "Say why the entry is corrected.")
    facts = Corrected(entry.number, request.strip()[:80] or None)
    cameras = cameras_of(entry)
    personal = {"correction": text.strip()}
    return log(CORRECTED, entry, by=by, reason=why, facts=facts, cameras=cameras, personal=personal)


def corrections_of(numbers: Iterable[int]) -> dict[int, list[int]]:
    """Entry -> the numbers of the entries that correct it, oldest first; only those that are corrected."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Entry.objects.filter(action=CORRECTED.name, subject_kind=KIND, subject_id__in=[str(one) for one in numbers])
    for number, corrects in rows.order_by("number").values_list("number", "subject_id"):
        found[int(corrects)].append(number)
    return dict(found)
