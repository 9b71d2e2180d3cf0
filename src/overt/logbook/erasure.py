"""Takes personal content out of entries at its date; the commitments stay, so the tree still verifies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet

from overt.logbook.checkpoints import head
from overt.logbook.errors import NothingToErase, OwnTraces
from overt.logbook.forgetting import forget
from overt.logbook.log_actions import ERASED, Erased
from overt.logbook.models import Entry, Personal
from overt.logbook.recording import Actor, log
from overt.shared.errors import BadInput

#: Entries erased under one entry that tells of it.
AT_A_TIME = 200
#: How long after an erasure the write-ahead log is emptied again.
FORGET_AGAIN = timedelta(days=1)


def erase(number: int, *, by: Actor, reason: str, fields: Collection[str] | None = None) -> Entry:
    """Erase personal content of one entry (all of it, or the fields named); returns the entry that tells of it.

    Raises NothingToErase where there is none, OwnTraces for what this person did, BadInput without a reason.
    """
    if not reason.strip():
        raise BadInput("Say why the content is erased.")
    wanted = _held().filter(entry_id=number)
    if fields is not None:
        wanted = wanted.filter(field__in=fields)
    with transaction.atomic():
        rows = list(wanted.select_for_update())
        if not rows:
            raise NothingToErase(f"Entry {number} holds no such personal content, or it is erased already.")
        _check_not_own(number, by)
        told = _erase_rows(rows, Entry.objects.get(number=number), by=by, reason=reason)
    forget()
    return told


def _check_not_own(number: int, by: Actor) -> None:
    """Raises OwnTraces where it tells what this person did, or an account whose key was in this person's hand."""
    actor = Personal.objects.filter(entry_id=number, field="actor").values_list("value", flat=True).first()
    if not actor:
        return
    maker = get_user_model().objects.filter(pk=actor).values_list("link_made_by", flat=True).first()
    if str(by.pk) in {actor, str(maker)}:
        raise OwnTraces("This entry tells what you did yourself. Somebody else has to erase what is personal in it.")


def erase_due(now: datetime, keep: timedelta | None = None) -> int:
    """Erase what has come to its day: `erase_on`, or older than the policy keeps it. Returns how many entries.

    Half a run leaves whole batches, each with its entry; the next run goes on. Words erased lately are seen out of
    SQLite's write-ahead log as well.
    """
    due = Q(erase_on__lte=now.date())
    if keep is not None:
        due |= Q(entry__recorded_at__lt=now - keep)
    due &= Q(entry_id__lte=head().size)  # not the entries that this very run adds
    done = 0
    while numbers := list(_held().filter(due).values_list("entry_id", flat=True).distinct()[:AT_A_TIME]):
        with transaction.atomic():
            rows = list(_held().filter(due, entry_id__in=numbers).select_for_update(of=("self",)))
            _erase_rows(rows, None, by=None)
        done += len(numbers)
    if done or Entry.objects.filter(action=ERASED.name, recorded_at__gte=now - FORGET_AGAIN).exists():
        forget()  # or once more, where somebody was reading as it was tried
    return done


def _held() -> QuerySet[Personal]:
    return Personal.objects.filter(value__isnull=False)


def _erase_rows(rows: Iterable[Personal], about: Entry | None, *, by: Actor | None, reason: str = "") -> Entry:
    fields: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        fields[str(row.entry_id)].append(row.field)
    facts = Erased({key: tuple(sorted(names)) for key, names in fields.items()}, due=True if by is None else None)
    told = log(ERASED, about, by=by, reason=reason, facts=facts)
    Personal.objects.filter(pk__in=[row.pk for row in rows]).update(value=None, salt=None, erased_by=told.number)
    return told
