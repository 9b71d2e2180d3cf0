"""Reads the logbook for a person: the one door to entries, and entries told in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from overt.access.doors import need
from overt.access.queries import may_everywhere
from overt.access.rules import Act
from overt.estate.models import Camera
from overt.inspection.corrections import corrections_of
from overt.inspection.log_actions import CORRECTED
from overt.logbook.errors import NoSuchEntry
from overt.logbook.models import Entry, Personal
from overt.logbook.subjects import Subject, camera_kind, subjects_of
from overt.logbook.telling import facts_as, line_of, words_for
from overt.shared.canonical import Json
from overt.shared.lines import visible_text

if TYPE_CHECKING:
    from overt.accounts.models import User

#: Fields of personal content that every entry may have; others are the room's own.
USUAL = ("actor", "actor_name", "reason", "subject", "subject_name")


@dataclass(frozen=True, slots=True)
class EntryAsRead:
    """One entry as a person reads it. Personal content that was erased is None, with the moment in `erased`."""

    entry: Entry
    words: str
    line: str  # made of the facts now; empty where the act needs none
    who: str | None
    reason: str | None
    subject: Subject
    cameras: list[Subject]  # those concerned, by the names they have today
    more: dict[str, str | None]  # the room's own personal content, by field
    erased: dict[str, datetime]  # field -> when the content was erased
    facts: dict[str, Json]
    corrected_by: list[int]  # the entries that correct this one, oldest first

    @property
    def corrects(self) -> int | None:
        """The entry that this one corrects."""
        found = facts_as(CORRECTED, self.entry)
        return found.corrects if found else None

    @property
    def elsewhere(self) -> list[Subject]:
        """The cameras concerned that are not the subject itself, and still have a name."""
        return [camera for camera in self.cameras if camera.name and camera.name != self.subject.name]

    @property
    def comma(self) -> str:
        """What stands between what it is about and the cameras named beside it."""
        return "," if self.elsewhere and self.subject.kind else ""

    @property
    def who_erased(self) -> datetime | None:
        return self.erased.get("actor_name")

    @property
    def reason_erased(self) -> datetime | None:
        return self.erased.get("reason")


def readable(user: User) -> QuerySet[Entry]:
    """The entries this person may read now; raises NotYours where they may read none.

    A role over the whole scheme reads the whole book. A role over some cameras reads what concerns those, and the
    reader's own acts; refused attempts are left out, or their absence would tell which foreign cameras exist.
    """
    need(user, Act.READ_LOGBOOK)
    if may_everywhere(user, Act.READ_LOGBOOK):
        return Entry.objects.all()
    cameras = Camera.objects.visible_to(user, to=Act.READ_LOGBOOK)
    theirs = Q(camera__in=[str(pk) for pk in cameras.values_list("pk", flat=True)])
    own = Personal.objects.filter(field="actor", value=str(user.pk)).values("entry_id")
    return Entry.objects.filter(theirs | (Q(camera="", number__in=own) & ~Q(action="access.refused")))


def access_entry(user: User, number: int, *, to: Act = Act.READ_LOGBOOK) -> Entry:
    """One entry, for an act. Raises NoSuchEntry, whether it is missing or not theirs."""
    need(user, to)
    found = readable(user).filter(number=number).prefetch_related("personal").first()
    if found is None:
        raise NoSuchEntry(f"There is no logbook entry {number}, or it is not yours to read.")
    return found


def as_read(entries: Iterable[Entry]) -> list[EntryAsRead]:
    """Entries in words; give them with their personal rows prefetched."""
    rows = list(entries)
    subjects = subjects_of(rows)
    erased_at = _erasure_times(rows)
    corrections = corrections_of(entry.number for entry in rows)
    return [_as_read(entry, subjects, erased_at, corrections.get(entry.number, [])) for entry in rows]


def _as_read(
    entry: Entry,
    subjects: dict[tuple[str, str], Subject],
    erased_at: dict[int, datetime],
    corrected_by: list[int],
) -> EntryAsRead:
    values = {row.field: None if row.value is None else visible_text(row.value) for row in entry.personal.all()}
    erased = {
        row.field: erased_at.get(row.erased_by, entry.recorded_at)
        for row in entry.personal.all()
        if row.value is None and row.erased_by is not None
    }
    cameras = [subjects[camera_kind(), key] for key in entry.camera_ids]
    subject = subjects[entry.subject_kind, entry.subject_id]
    if "subject_name" in values:
        subject = Subject(subject.kind, values["subject_name"] or "erased", "")
    elif subject.kind and not subject.name:
        subject = Subject(subject.kind, _own_name(entry, values), subject.href)
    return EntryAsRead(
        entry=entry,
        words=words_for(entry.action),
        line=line_of(entry, {camera.key: camera.name for camera in cameras if camera.name}),
        who=values.get("actor_name", ""),
        reason=values.get("reason", ""),
        subject=subject,
        cameras=cameras,
        more={field: value for field, value in sorted(values.items()) if field not in USUAL},
        erased=erased,
        facts=entry.facts,
        corrected_by=corrected_by,
    )


def _own_name(entry: Entry, values: dict[str, str | None]) -> str:
    """What the entry itself says of its subject: a role, and to whom, while that is not erased."""
    role = entry.facts.get("role")
    whom = next((value for field in ("person", "name") if (value := values.get(field))), "")
    words = str(role).replace("_", " ") if isinstance(role, str) else ""
    return ", ".join(part for part in (words, whom) if part)


def _erasure_times(entries: Iterable[Entry]) -> dict[int, datetime]:
    numbers = {row.erased_by for entry in entries for row in entry.personal.all() if row.erased_by is not None}
    return dict(Entry.objects.filter(number__in=numbers).values_list("number", "recorded_at"))
