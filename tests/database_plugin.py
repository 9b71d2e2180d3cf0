"""`--asks-database` leaves out the tests that never ask for the database: another one makes no difference to them.

Django refuses the database to a test without one of these fixtures or the mark, so the rule cannot miss one; what a
test starts as a process of its own can ask past that, if it is given this run's environment.
"""

from __future__ import annotations

import inspect
import re
from functools import cache
from types import ModuleType

import pytest

#: What opens the database to a test: pytest-django's fixtures, on which those of ours stand.
OPENING = {"db", "transactional_db", "django_db_setup", "django_db_reset_sequences", "live_server"}
#: Words of a module that may get there in another way: by a process of its own, or by lifting the refusal.
OTHER_WAYS = re.compile(r"\b(environ|django_db_blocker)\b")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--asks-database", action="store_true", help="leave out what never asks for the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--asks-database"):
        return
    left_out = [item for item in items if not asks_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if asks_database(item)]


def asks_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("django_db") or OPENING & set(getattr(item, "fixturenames", ())):
        return True
    module = getattr(item, "module", None)
    return module is not None and _has_other_ways(module)


@cache
def _has_other_ways(module: ModuleType) -> bool:
    return OTHER_WAYS.search(inspect.getsource(module)) is not None
