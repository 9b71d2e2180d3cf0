"""The database itself keeps a version of the policy as it was approved, and its history, whoever asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from overt.policy.drafting.services import approve, change_draft, consult, put_in_force, reopen, withdraw
from overt.policy.models import PolicyVersion
from overt.policy.triggers import REFUSALS
from policy.drafting import drafted, mended
from world import World


def run(statement: str, *values: object) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def consulted(world: World) -> PolicyVersion:
    return consult(drafted(world), by=world.elin, note="Both partners")


def approved(world: World) -> PolicyVersion:
    return approve(consulted(world), by=world.farah, reason="As agreed")


def in_force(world: World) -> PolicyVersion:
    return put_in_force(approved(world), by=world.elin)


def withdrawn(world: World) -> PolicyVersion:
    return withdraw(drafted(world), by=world.elin, reason="Not now")


@pytest.mark.parametrize("make", [consulted, approved, in_force, withdrawn])
def test_a_document_that_left_the_draft_is_not_rewritten(world: World, make: Callable[[World], PolicyVersion]) -> None:
    version = make(world)
    before = PolicyVersion.objects.get(pk=version.pk).document
    with pytest.raises(DatabaseError, match="stays as it was approved"):
        run("UPDATE policy_policyversion SET document = '{}' WHERE number = %s", version.number)
    with pytest.raises(DatabaseError, match="stays as it was approved"), transaction.atomic():
        PolicyVersion.objects.filter(number=version.number).update(document={})
    assert PolicyVersion.objects.get(pk=version.pk).document == before


@pytest.mark.parametrize(
    "change",
    [
        "state = 'draft'",
        "state = 'withdrawn'",
        "effective_from = '2019-01-01 00:00:00+00:00'",
        "number = 77",
        "adopted_by_id = NULL",
    ],
)
def test_what_is_in_force_is_not_touched(world: World, change: str) -> None:
    in_force(world)
    with pytest.raises(DatabaseError, match="stays as it was approved"):
        run(f"UPDATE policy_policyversion SET {change}")  # words of this test


@pytest.mark.parametrize(
    "change",
    ["state = 'in_force'", "effective_from = '2019-01-01 00:00:00+00:00'", "number = 77"],
)
def test_no_step_is_left_out_and_no_day_given_before_its_time(world: World, change: str) -> None:
    drafted(world)
    with pytest.raises(DatabaseError, match="stays as it was approved"):
        run(f"UPDATE policy_policyversion SET {change}")  # words of this test


@pytest.mark.parametrize("table", ["policy_policymove", "policy_policyversion"])
def test_nothing_is_removed(world: World, table: str) -> None:
    in_force(world)
    statements = [f"DELETE FROM {table}"]  # names of this test
    if connection.vendor != "sqlite":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        statements.append(f"TRUNCATE {table} CASCADE")
    for statement in statements:
        with pytest.raises(DatabaseError, match="stays as it was approved"):
            run(statement)
    assert PolicyVersion.objects.get().moves.count() == 4


def test_no_row_takes_the_place_of_another(world: World) -> None:
    version = in_force(world)
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces a row by an INSERT")
    with pytest.raises(DatabaseError, match="stays as it was approved"):
        run(
            "INSERT OR REPLACE INTO policy_policyversion (id, number, state, document, adopted_at) "
            "VALUES (%s, 1, 'in_force', '{}', '2026-01-01')",
            version.pk.hex,
        )


def test_the_history_says_what_it_said(world: World) -> None:
    in_force(world)
    for change in ("note = 'nobody was asked'", "by_id = NULL", "to_state = 'withdrawn'"):
        with pytest.raises(DatabaseError, match="stays as it was approved"):
            run(f"UPDATE policy_policymove SET {change}")  # words of this test


def test_every_move_of_the_table_passes(world: World) -> None:
    version = drafted(world)
    change_draft(version, mended(retention_days=21), by=world.elin, reason="Shorter")
    consult(version, by=world.elin, note="Both partners")
    reopen(version, by=world.elin, reason="A slip")
    consult(version, by=world.elin, note="Both partners again")
    approve(version, by=world.farah, reason="As agreed")
    assert put_in_force(version, by=world.elin).state == "in_force"
    for make in (drafted, consulted, approved):
        assert withdraw(make(world), by=world.elin, reason="Not now").state == "withdrawn"


def test_the_refusals_are_there_after_migrating(db: None) -> None:
    assert REFUSALS.missing(connection) == []
