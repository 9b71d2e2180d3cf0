"""The database's own refusal to change what was written, on SQLite and PostgreSQL.

Against a slip and against a client with the application's rights; whoever owns the database can drop a trigger, and
is found by the tree (see verify.py).
"""

from __future__ import annotations

from typing import Any

#: Each table, the condition under which an UPDATE passes (empty for never), and its keys besides its id.
#: Erasing is the one change personal content takes: salt and value emptied, once, naming the entry that tells of it.
#: The head moves one entry at a time, forward, and keeps its name.
TABLES: dict[str, tuple[str, list[str]]] = {
    "logbook_entry": ("", ["number"]),
    "logbook_tile": ("", ["level", "index"]),
    "logbook_checkpoint": ("", ["size"]),
    "logbook_personal": (
        "NEW.value IS NULL AND NEW.salt IS NULL AND OLD.erased_by IS NULL AND NEW.erased_by IS NOT NULL"
        " AND NEW.id = OLD.id AND NEW.entry_id = OLD.entry_id AND NEW.field = OLD.field"
        " AND NEW.erase_on {is_same} OLD.erase_on",
        ["entry_id", "field"],
    ),
    "logbook_head": ("NEW.id = OLD.id AND NEW.origin = OLD.origin AND NEW.size = OLD.size + 1", ["id"]),
}
WORDS = "the logbook is append-only"
VERBS = {"sqlite": ["update", "delete", "replace"], "postgresql": ["update", "delete", "truncate"]}


def install(connection: Any) -> None:
    """Put the refusals in place, anew where they are there already."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _sqlite() if connection.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Lift the refusals: for the reverse migration, and for tests that empty tables or play the intruder."""
    with connection.cursor() as cursor:
        for table, verb in _names(connection.vendor):
            on_table = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on_table}")


def missing(connection: Any) -> list[str]:
    """The refusals that are not there, by name: somebody with the owner's rights lifted them."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {row[0] for row in cursor.fetchall()}
    return [name for table, verb in _names(connection.vendor) if (name := f"{table}_no_{verb}") not in found]


def _names(vendor: str) -> list[tuple[str, str]]:
    return [(table, verb) for table in TABLES for verb in VERBS[vendor]]


def _sqlite() -> list[str]:
    statements = []
    refuse = f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    for table, (allowed, keys) in TABLES.items():
        when = f"WHEN NOT ({allowed.format(is_same='IS')})" if allowed else ""
        # INSERT OR REPLACE deletes the row in the way without asking the trigger on DELETE.
        same = " AND ".join(f'"{key}" = NEW."{key}"' for key in keys)
        by_id = "" if table in {"logbook_entry", "logbook_head"} else " OR id = NEW.id"
        taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE ({same}){by_id})"  # noqa: S608  # names of ours
        statements += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {taken} {refuse}",
        ]
    return statements


def _postgresql() -> list[str]:
    statements = [
        "CREATE OR REPLACE FUNCTION logbook_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$"
    ]
    run = "EXECUTE FUNCTION logbook_refuse()"
    for table, (allowed, _keys) in TABLES.items():
        when = f"WHEN (NOT ({allowed.format(is_same='IS NOT DISTINCT FROM')}))" if allowed else ""
        statements += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {when} {run}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {run}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}",
        ]
    return statements
