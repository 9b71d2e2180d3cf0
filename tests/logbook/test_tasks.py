"""What the worker does for the logbook by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from overt.logbook.models import Entry
from overt.logbook.tasks import check_if_due

Write = Callable[..., list[Entry]]


@pytest.mark.clause("BASS-10.0")
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
