"""Searching the logbook. A search is an act: it is written down once, however many pages of it are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from overt.accounts.models import User
from overt.estate.models import Camera
from overt.inspection.log_actions import SEARCHED, Searched
from overt.inspection.queries import readable
from overt.logbook.canonical import canonical_text, clean_text
from overt.logbook.facts import as_json
from overt.logbook.models import Entry, Personal
from overt.logbook.recording import log
from overt.logbook.subjects import kinds_as_written

PAGE = 100
#: How long the pages of one search may be turned before looking again is a new search.
SAME_SEARCH_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What is looked for; empty finds everything. `start` and `end` are aware and half-open."""

    start: datetime | None = None
    end: datetime | None = None
    person: str = ""  # sign-in name or a part of the name
    action: str = ""
    camera: str = ""  # its number
    subject_kind: str = ""
    subject_id: str = ""

    def facts(self) -> Searched:
        """What of it is nobody's name, as it is written into the logbook."""
        return Searched(
            start=self.start,
            end=self.end,
            action=self.action or None,
            camera=self.camera or None,
            subject_kind=self.subject_kind or None,
            subject_id=self.subject_id or None,
        )

    @property
    def everything(self) -> bool:
        """Whether nothing limits what is found."""
        return not self.person and self.facts() == Searched()

    def cleaned(self) -> EntryFilter:
        return replace(
            self,
            person=clean_text(self.person).strip(),
            camera=clean_text(self.camera).strip(),
            subject_id=clean_text(self.subject_id),
            subject_kind=clean_text(self.subject_kind),
        )


@dataclass(frozen=True, slots=True)
class Search:
    """A search under way: what it finds for this person, and the number of the entry that tells of it."""

    number: int
    found: QuerySet[Entry]


def search(user: User, wanted: EntryFilter, *, same_as: int | None = None, now: datetime | None = None) -> Search:
    """Look for entries. `same_as` is the number of the search whose next page this is; anybody else's is not believed.

    Raises NotYours. Source: HERTS-22.1 (what an inspector opens is itself logged), BASS-8.2.1.8.
    """
    wanted = wanted.cleaned()
    found = _found(readable(user), wanted)
    if same_as is None or not _is_same(user, wanted, same_as, now or timezone.now()):
        with transaction.atomic():
            personal = {"person": wanted.person} if wanted.person else {}
            same_as = log(SEARCHED, by=user, facts=wanted.facts(), personal=personal).number
    return Search(same_as, found.prefetch_related("personal"))


def _found(entries: QuerySet[Entry], wanted: EntryFilter) -> QuerySet[Entry]:
    limits = Q()
    if wanted.start:
        limits &= Q(recorded_at__gte=wanted.start)
    if wanted.end:
        limits &= Q(recorded_at__lt=wanted.end)
    if wanted.action:
        limits &= Q(action=wanted.action)
    if wanted.subject_kind:
        limits &= Q(subject_kind__in=kinds_as_written(wanted.subject_kind))
    if wanted.subject_id:
        limits &= Q(subject_id=wanted.subject_id)
    if wanted.camera:
        limits &= Q(camera__in=_camera_keys(wanted.camera))
    if wanted.person:
        limits &= Q(number__in=_by_person(wanted.person))
    return entries.filter(limits)


def _camera_keys(number: str) -> list[str]:
    return [str(pk) for pk in Camera.objects.filter(number__iexact=number).values_list("pk", flat=True)]


def _by_person(person: str) -> QuerySet[Personal, int]:
    """Entries whose actor, or whose subject, is somebody of this name; erased ones are found no more."""
    people = User.objects.filter(Q(username__iexact=person) | Q(full_name__icontains=person))
    keys = [str(pk) for pk in people.values_list("pk", flat=True)]
    return Personal.objects.filter(field__in=["actor", "subject"], value__in=keys).values_list("entry_id", flat=True)


def _is_same(user: User, wanted: EntryFilter, number: int, now: datetime) -> bool:
    """Whether an entry tells of this very search by this very person, not long ago."""
    told = Entry.objects.filter(number=number, action=SEARCHED.name, recorded_at__gt=now - SAME_SEARCH_FOR).first()
    if told is None or told.facts_text != canonical_text(as_json(wanted.facts())):
        return False
    said = dict(told.personal.values_list("field", "value"))
    return said.get("actor") == str(user.pk) and (said.get("person") or "") == wanted.person
