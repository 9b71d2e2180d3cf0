"""Brings the records' tables up to this version, from the last one whose steps are known here."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from overt.up.preflight import CannotStart


def prepare_database() -> None:
    """Bring the tables up to this version; quick when there is nothing to do. Raises CannotStart."""
    check_records_can_be_upgraded()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def check_records_can_be_upgraded() -> None:
    """Raises CannotStart for records that lack a step which this version no longer has.

    A room's steps are joined into one from time to time (`replaces` in its first migration). Records that had some of
    them and not all would be taken for finished, and fail at the first page that asks for what is missing.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    for (room, _), joined in MigrationLoader(None).replacements.items():
        missing = [step for step in joined.replaces if step not in applied]
        if 0 < len(missing) < len(joined.replaces):
            raise CannotStart(
                f"The records are of an older version: {room} lacks the step {missing[0][1]}, which this version no"
                " longer makes. Start the version before this one on them once, and then this one."
            )
