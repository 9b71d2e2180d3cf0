"""Personal content goes at its date; the entry, its number and its proof stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from overt.accounts.models import User
from overt.logbook.append import bytes_of
from overt.logbook.errors import NothingToErase, OwnTraces
from overt.logbook.models import Entry, Personal
from overt.logbook.recording import record
from overt.logbook.services import erase, erase_due, make_checkpoint
from overt.logbook.since import since
from overt.logbook.verify import verify
from overt.shared.errors import BadInput

SEALED = "test.thing.sealed"
Write = Callable[..., list[Entry]]


def test_nobody_erases_what_tells_of_himself(write: Write, asha: User, hari: User) -> None:
    """Nor what an account did whose one-time link he made."""
    write(1)
    with pytest.raises(OwnTraces):
        erase(1, by=asha, reason="It names me")
    User.objects.filter(pk=asha.pk).update(link_made_by=hari)
    with pytest.raises(OwnTraces):
        erase(1, by=hari, reason="It names her")
    assert Personal.objects.filter(entry_id=1, value__isnull=False).exists()


def test_erased_content_is_gone_and_everything_still_verifies(write: Write, hari: User) -> None:
    write(300)
    kept = make_checkpoint().note
    before = bytes_of(Entry.objects.get(number=7))
    told = erase(7, by=hari, reason="The person asked for it")
    assert set(Personal.objects.filter(entry_id=7).values_list("value", "salt", "erased_by")) == {
        (None, None, told.number)
    }
    assert bytes_of(Entry.objects.get(number=7)) == before
    assert told.facts == {"erased": {"7": ["actor", "actor_name", "reason"]}}
    assert (told.subject_kind, told.subject_id) == ("logbook.entry", "7")
    report = since(kept).report
    assert report.sound
    assert report.erased == 3


def test_one_field_can_be_erased_alone(write: Write, asha: User, hari: User) -> None:
    write(1)
    erase(1, by=hari, reason="It named a bystander", fields=["reason"])
    assert dict(Personal.objects.filter(entry_id=1).values_list("field", "value")) == {
        "actor": str(asha.pk),
        "actor_name": "Asha Patel",
        "reason": None,
    }
    assert verify().sound


def test_what_is_not_there_cannot_be_erased(write: Write, hari: User) -> None:
    write(1)
    erase(1, by=hari, reason="asked")
    size = Entry.objects.count()
    for number in (1, 999):
        with pytest.raises(NothingToErase):
            erase(number, by=hari, reason="asked again")
    with pytest.raises(BadInput):
        erase(2, by=hari, reason="  ")
    assert Entry.objects.count() == size


def test_content_goes_on_its_day_and_not_a_day_before(asha: User) -> None:
    with transaction.atomic():
        record(SEALED, by=asha, erase_on=date(2026, 4, 10))
        record(SEALED, by=asha)
    assert erase_due(datetime(2026, 4, 9, 23, 59, tzinfo=UTC)) == 0
    assert erase_due(datetime(2026, 4, 10, 0, 0, tzinfo=UTC)) == 1
    assert erase_due(datetime(2026, 4, 10, 0, 1, tzinfo=UTC)) == 0
    assert not Personal.objects.filter(entry_id=1, value__isnull=False).exists()
    assert Personal.objects.filter(entry_id=2, value__isnull=False).count() == 2
    assert verify().sound


def test_content_goes_when_the_policy_s_days_are_over(write: Write) -> None:
    [entry, _] = write(2)
    keep = timedelta(days=90)
    assert erase_due(entry.recorded_at + keep, keep) == 0
    assert erase_due(entry.recorded_at + keep + timedelta(hours=1), keep) == 2
    assert verify().sound
