"""An inspector comes when he likes: no hour is closed to him, nobody lets him in, and nobody is told beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from overt.accounts.models import User
from overt.watch.notices import notices_for
from world import PASSWORD, World

#: Steps of 29 hours: every hour of the day comes up once, and every day of the week.
VISITS = range(0, 24 * 29, 29)
OPENED = ["/logbook/", "/exhibits/"]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def come_in(username: str) -> list[int]:
    """Sign in at the desk as anybody does, and open what is to be inspected."""
    browser = Client()
    browser.post("/sign-in/", {"username": username, "password": PASSWORD})
    return [browser.get(page).status_code for page in OPENED]


def told(staff: list[User], now: datetime) -> list[object]:
    return [notices_for(person, now) for person in staff]


@pytest.mark.clause(
    "HERTS-22.3",
    part="Inspector accounts … have no time-of-day limit and no approval step, and no advance notice is generated to staff",
)
def test_an_inspector_is_let_in_at_any_hour_unannounced(world: World, set_clock: Callable[[datetime], None]) -> None:
    midnight = timezone.now().replace(hour=0, minute=14) + timedelta(days=1)
    staff = [world.asha, world.dev, world.elin]
    before = told(staff, midnight)
    for hours in VISITS:
        set_clock(midnight + timedelta(hours=hours))
        assert come_in("cerys") == [200, 200], f"{timezone.now():%A %H:%M}"
        assert told(staff, midnight) == before
    assert mail.outbox == []

    world.cerys.grants.update(ends_at=midnight)
    assert come_in("cerys") == [403, 403], "whoever is no inspector any more is let in at no hour"
