"""Lets a test that commits empty the database afterwards: the rooms' triggers would refuse, as they should."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations

_flush = BaseDatabaseOperations.execute_sql_flush


def _flush_with_leave(operations: BaseDatabaseOperations, statements: Iterable[str]) -> None:
    from overt.shared.refusals import Refusals

    for refusals in Refusals.every:
        refusals.remove(operations.connection)
    _flush(operations, statements)
    for refusals in Refusals.every:
        refusals.install(operations.connection)


def pytest_configure(config: pytest.Config) -> None:
    BaseDatabaseOperations.execute_sql_flush = _flush_with_leave  # type: ignore[method-assign]
