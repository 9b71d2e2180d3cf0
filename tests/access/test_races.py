"""Two who do the same at the same moment: one may be told that somebody was faster, neither that the server failed.

On PostgreSQL, where two acts run side by side; on SQLite writers stand in line from their first statement on, and what is
left of a race is the wait, whose end is asked of a database of its own.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, connections
from django.test import Client

from access.test_every_route import API
from every_route import ROUTES
from overt.access.rules import Role
from overt.shared.refusals import Refusals
from overt.web.races import as_refusal
from world import World, build_world, give_role

ACTS = [key for key in ROUTES if key.startswith("POST ") and not ROUTES[key].stranger]
only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="writers on SQLite stand in line")


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[World]:
    """A world that other threads see, too: its rows are committed, and emptied afterwards."""
    world = build_world()
    for role in Role:
        give_role(world.elin, role)
    yield world
    for refusals in Refusals.every:
        refusals.remove(connection)


@only_postgresql
@pytest.mark.parametrize("key", ACTS, ids=[key.replace(" ", "-") for key in ACTS])
def test_two_equal_acts_at_once_never_fail_the_server(key: str, crowd: World, client_as: Any) -> None:
    path, form, kind = request_of(key, crowd)
    browsers = [client_as(crowd.elin) for _ in range(4)]
    start, answers = threading.Barrier(len(browsers)), []

    def act(browser: Client) -> None:
        browser.raise_request_exception = False
        try:
            start.wait(10)
            more = {"content_type": kind} if kind else {}
            answers.append(browser.post(path, form, **more).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == len(browsers)
    assert not [status for status in answers if status >= 500 and status not in {503, 507}], answers


def request_of(key: str, world: World) -> tuple[str, Any, str]:
    template = key.partition(" ")[2]
    route = ROUTES[key]
    number = re.sub(r"[<{](?:\w+:)?number[>}]", "127", template)
    path = route.path(world, world.elin, "127") if route.path else "/" + number
    body = route.body(world, world.elin, "127") if route.body else {}
    return path, body, "application/json" if template.startswith(API) else ""


def test_what_sqlite_says_of_a_race_is_told_as_one(tmp_path: Path) -> None:
    one, other = (sqlite3.connect(tmp_path / "a.sqlite3", timeout=0, isolation_level=None) for _ in range(2))
    one.execute("CREATE TABLE a (name TEXT UNIQUE NOT NULL)")
    one.execute("INSERT INTO a VALUES ('x')")
    with pytest.raises(sqlite3.IntegrityError) as taken:
        one.execute("INSERT INTO a VALUES ('x')")
    with pytest.raises(sqlite3.IntegrityError) as missing:
        one.execute("INSERT INTO a VALUES (NULL)")
    one.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as locked:
        other.execute("BEGIN IMMEDIATE")

    told = as_refusal(IntegrityError(*taken.value.args))
    assert told is not None
    assert (told.status, told.code) == (409, "conflict")
    told = as_refusal(OperationalError(*locked.value.args))
    assert told is not None
    assert told.status == 409
    assert as_refusal(IntegrityError(*missing.value.args)) is None, "a fault of ours stays loud"
    assert as_refusal(OperationalError("no such table: a")) is None
    assert as_refusal(ValueError("no such thing")) is None


def test_a_value_that_no_column_holds_is_told_as_such() -> None:
    for error in (DataError("value too long"), OverflowError("Python int too large to convert to SQLite INTEGER")):
        told = as_refusal(error)
        assert told is not None
        assert (told.status, told.code) == (422, "does-not-fit")
    assert as_refusal(OverflowError("date value out of range")) is None, "a fault of ours stays loud"
