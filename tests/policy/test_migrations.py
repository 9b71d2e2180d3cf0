"""The first product's policy rows become numbered documents of settings, on whatever database they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from overt.policy.rules import policy_from_stored

BEFORE, REWRITTEN = ("policy", "0002_version_states"), ("policy", "0003_number_and_rewrite_versions")
#: As the first product stored them, and what each field of one that was left out stood for.
OLDEST = {"scheme_name": "Market CCTV", "retention_days": 28, "marking_hold_days": 14, "checkpoint_minutes": 30}
SILENT = {"evidence_master_retention_years": None, "reason_required_for": ["review"], "logbook_personal_days": 400}


def move(*targets: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))
    return executor.loader.project_state(list(targets)).apps


@pytest.fixture
def rows(transactional_db: None) -> Iterator[Any]:
    """The table as it stood before, emptied and brought back to today's shape afterwards."""
    yield move(BEFORE).get_model("policy", "PolicyVersion").objects
    move(BEFORE).get_model("policy", "PolicyVersion").objects.all().delete()
    call_command("migrate", verbosity=0)


def put(rows: Any, year: int, document: dict[str, object], **more: object) -> Any:
    return rows.create(id=uuid4(), effective_from=datetime(year, 1, 1, tzinfo=UTC), document=document, **more)


def test_old_rows_are_numbered_oldest_first_and_written_as_settings(rows: Any) -> None:
    put(rows, 2026, SILENT)
    put(rows, 2025, OLDEST)
    after = move(REWRITTEN).get_model("policy", "PolicyVersion").objects.order_by("number")
    assert list(after.values_list("number", "effective_from__year", "state")) == [
        (1, 2025, "in_force"),
        (2, 2026, "in_force"),
    ]
    first, gone = policy_from_stored(after[0].document)
    assert (first.title, first.retention_days, first.marking_hold_days, first.checkpoint_minutes, gone) == (
        "Market CCTV", 28, 14, 30, [],
    )  # fmt: skip
    assert first.evidence_master_retention_years == 3, "what was left out had the first product's figure"
    second, gone = policy_from_stored(after[1].document)
    assert (second.retention_days, second.evidence_master_retention_years) == (31, None), "null was a silence"
    assert (second.reason_required_for, second.logbook_personal_days, gone) == (("review",), 400, [])


def test_what_was_rewritten_is_left_alone_when_the_step_is_done_again(rows: Any) -> None:
    document = {"scheme": "market", "title": "Market", "settings": {"retention_days": {"value": 21, "unit": "days"}}}
    put(rows, 2024, document, number=1)
    put(rows, 2026, OLDEST)
    after = move(REWRITTEN).get_model("policy", "PolicyVersion").objects.order_by("number")
    assert [one.number for one in after] == [1, 2]
    assert after[0].document == document
    assert policy_from_stored(after[1].document)[0].retention_days == 28


def test_a_database_with_no_policy_goes_through(rows: Any) -> None:
    assert not move(REWRITTEN).get_model("policy", "PolicyVersion").objects.exists()
