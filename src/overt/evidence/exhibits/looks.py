"""Writes down that somebody looked: at an exhibit's records, through the register, at a paper of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from overt.evidence import log_actions
from overt.evidence.exhibits.queries import RegisterFilter
from overt.evidence.log_facts import ExhibitLookedAt, Paper, Printed, RegisterSearched
from overt.evidence.models import Exhibit
from overt.logbook.canonical import canonical_text, clean_text
from overt.logbook.facts import as_json
from overt.logbook.models import Entry
from overt.logbook.services import log

if TYPE_CHECKING:
    from overt.accounts.models import User


#: How long a page may renew itself, or the pages of one search be turned, before looking again is a new look.
SAME_LOOK_FOR = timedelta(hours=12)


def note_seen(exhibit: Exhibit, *, by: User, same_as: int | None = None, now: datetime | None = None) -> int:
    """The entry of this opening of an exhibit's page. `same_as` names it where the page renewed itself meanwhile.

    Source: PROG-4.2.29 (everything done to the system), HERTS-22.1 (what an inspector opens is itself logged).
    """
    about = Entry.objects.filter(subject_kind=exhibit._meta.label_lower, subject_id=str(exhibit.pk))
    facts = ExhibitLookedAt(exhibit.reference)
    told = about.filter(**_named(same_as, log_actions.EXHIBIT_SEEN.name, now))
    if _is_same(told.first(), by, facts, {}):
        return int(same_as or 0)
    with transaction.atomic():
        return log(log_actions.EXHIBIT_SEEN, exhibit, by=by, facts=facts).number


def note_search(wanted: RegisterFilter, *, by: User, same_as: int | None = None, now: datetime | None = None) -> int:
    """The entry of this search of the register; turning its pages is the same search, anybody else's is not believed.

    The words are personal content: what is sought may be a name.
    """
    personal = {"words": clean_text(wanted.words)} if wanted.words else {}
    facts = RegisterSearched(wanted.state or None)
    told = Entry.objects.filter(**_named(same_as, log_actions.REGISTER_SEARCHED.name, now))
    if _is_same(told.first(), by, facts, personal):
        return int(same_as or 0)
    with transaction.atomic():
        return log(log_actions.REGISTER_SEARCHED, by=by, facts=facts, personal=personal).number


@transaction.atomic
def note_printed(exhibit: Exhibit, paper: Paper, *, by: User, copy: int | None = None) -> int:
    """The entry of a label, form or sheet that was shown for printing; `copy` is the number of the copy it is of."""
    facts = Printed(exhibit.reference, paper, copy)
    return log(log_actions.LABEL_PRINTED, exhibit, by=by, facts=facts).number


def _named(number: int | None, action: str, now: datetime | None) -> dict[str, object]:
    fresh = (now or timezone.now()) - SAME_LOOK_FOR
    return {"number": number or 0, "action": action, "recorded_at__gt": fresh}


def _is_same(told: Entry | None, by: User, facts: object, personal: Mapping[str, str]) -> bool:
    """Whether an entry tells of this very look by this very person."""
    if told is None or told.facts_text != canonical_text(as_json(facts)):
        return False
    said = dict(told.personal.values_list("field", "value"))
    return said.get("actor") == str(by.pk) and (said.get("words") or "") == personal.get("words", "")
