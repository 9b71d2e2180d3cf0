"""What the worker does for the logbook by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from overt.breaches.models import CodeBreach
from overt.inspection.tasks import check_if_due
from overt.logbook.checkpoints import make_checkpoint
from overt.logbook.models import Entry
from overt.logbook.telling import line_of

Write = Callable[..., list[Entry]]


@pytest.mark.clause("BASS-10.0", part="a nightly check proves the chain")
def test_the_whole_logbook_is_checked_once_a_day_and_the_result_is_kept(
    write: Write, intruder: Callable[..., None]
) -> None:
    write(3)
    now = timezone.now()
    assert check_if_due(now) is True
    assert check_if_due(now + timedelta(hours=23)) is None
    kept = Entry.objects.get(action="logbook.checked")
    assert (kept.facts["sound"], kept.facts["size"], kept.facts["findings"]) == (True, 3, 0)
    intruder("UPDATE logbook_entry SET camera = 'x' WHERE number = 2")
    assert check_if_due(now + timedelta(hours=25)) is False
    last = Entry.objects.filter(action="logbook.checked").last()
    assert last is not None
    assert last.facts["told"] == [{"code": "entry-changed", "entry": 2, "last": None}]


@pytest.mark.clause("BASS-6.2.3.c.8")
@pytest.mark.clause("BASS-10.0", part="a nightly check proves the chain")
@pytest.mark.parametrize("number", [1, 2, 5])
def test_an_entry_taken_out_is_named_by_the_nightly_check_and_is_a_breach(
    write: Write, intruder: Callable[..., None], number: int
) -> None:
    write(5)
    now = timezone.now()
    assert check_if_due(now) is True
    assert not CodeBreach.objects.exists()
    intruder("DELETE FROM logbook_personal WHERE entry_id = %s", number)
    intruder("DELETE FROM logbook_entry WHERE number = %s", number)
    assert check_if_due(now + timedelta(hours=25)) is False
    last = Entry.objects.filter(action="logbook.checked").last()
    assert last is not None
    assert {"code": "entry-missing", "entry": number, "last": number} in last.facts["told"]
    breach = CodeBreach.objects.get()
    assert breach.kind == CodeBreach.Kind.LOGBOOK
    assert f"Entry {number} is missing." in breach.findings


@pytest.mark.clause("BASS-10.0", part="a nightly check proves the chain")
def test_the_nightly_check_says_up_to_where_it_is_signed(write: Write) -> None:
    write(3)
    make_checkpoint()
    write(2)
    check_if_due(timezone.now())
    kept = Entry.objects.get(action="logbook.checked")
    assert (kept.facts["size"], kept.facts["signed"]) == (5, 3)
    assert line_of(kept) == "5 entries: sound, 2 not signed yet"
