"""A logbook with acts in it, and somebody who has the database but not the key."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from overt.accounts.models import User
from overt.logbook import triggers
from overt.logbook.actions import action
from overt.logbook.models import Entry
from overt.logbook.recording import record

SEALED = "test.thing.sealed"
Write = Callable[..., list[Entry]]
Sql = Callable[..., None]


@pytest.fixture(autouse=True)
def known_action() -> str:
    return action(SEALED, "Thing sealed").name


@pytest.fixture
def asha(db: None) -> User:
    return User.objects.create(username="asha", full_name="Asha Patel")


@pytest.fixture
def hari(db: None) -> User:
    """Who erases, and did nothing of what is erased."""
    return User.objects.create(username="hari", full_name="Hari Bose")


@pytest.fixture
def write(asha: User) -> Write:
    """`write(5)` makes five acts of Asha's."""

    def make(count: int, **more: object) -> list[Entry]:
        made = []
        with transaction.atomic():
            for number in range(count):
                given = {"by": asha, "reason": f"reason {number}", "facts": {"place": number}} | more
                made.append(record(SEALED, **given))  # type: ignore[arg-type]
        return made

    return make


@pytest.fixture
def intruder(db: None) -> Iterator[Sql]:
    """Runs SQL as the database's owner could: triggers lifted, and put back so that nothing shows."""

    def run(statement: str, *values: object) -> None:
        connection.check_constraints()  # PostgreSQL changes no table whose rows still wait to be checked
        triggers.remove(connection)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
        connection.check_constraints()
        triggers.install(connection)

    yield run
    triggers.install(connection)
