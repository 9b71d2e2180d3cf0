"""The database's own refusal to change what was written, on SQLite and PostgreSQL, for the tables a room names.

Against a slip and against a client with the application's rights; whoever owns the database can drop a trigger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

_VERBS = {"sqlite": ("update", "delete", "replace"), "postgresql": ("update", "delete", "truncate")}
_IS_SAME = {"sqlite": "IS", "postgresql": "IS NOT DISTINCT FROM"}


@dataclass(frozen=True, slots=True)
class Guard:
    """One table: the condition under which an UPDATE passes (empty for never), and its keys besides its id.

    `update` may say `{is_same}` for a comparison that takes NULL as equal to NULL. `by_id` is false where the key
    is the id itself.
    """

    update: str = ""
    keys: tuple[str, ...] = ("id",)
    by_id: bool = True


def unchanged(*columns: str) -> str:
    """The condition that these columns stay as they are."""
    return " AND ".join(f'NEW."{column}" {{is_same}} OLD."{column}"' for column in columns)


class Refusals:
    """The triggers of a room. Every room's are known in `every`, for tests that have to empty a database."""

    every: ClassVar[list[Refusals]] = []

    def __init__(self, tables: Mapping[str, Guard], words: str, *, function: str) -> None:
        self.tables, self.words, self.function = tables, words, function
        Refusals.every.append(self)

    def install(self, connection: Any) -> None:
        """Put the refusals in place, anew where they are there already."""
        self.remove(connection)
        with connection.cursor() as cursor:
            for statement in self._sqlite() if connection.vendor == "sqlite" else self._postgresql():
                cursor.execute(statement)

    def remove(self, connection: Any) -> None:
        """Lift the refusals: for the reverse migration, and for tests that empty tables or play the intruder."""
        present = connection.introspection.table_names()
        with connection.cursor() as cursor:
            for table, verb in self._names(connection.vendor):
                if table in present:
                    on_table = "" if connection.vendor == "sqlite" else f" ON {table}"
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on_table}")

    def missing(self, connection: Any) -> list[str]:
        """The refusals that are not there, by name: somebody with the owner's rights lifted them."""
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        )
        with connection.cursor() as cursor:
            cursor.execute(query)
            found = {row[0] for row in cursor.fetchall()}
        return [name for table, verb in self._names(connection.vendor) if (name := f"{table}_no_{verb}") not in found]

    def restore(self, connection: Any) -> None:
        """Put back what is missing, once the tables are there: a migration on SQLite remakes a table without them."""
        if set(self.tables) <= set(connection.introspection.table_names()) and self.missing(connection):
            self.install(connection)

    def _names(self, vendor: str) -> list[tuple[str, str]]:
        return [(table, verb) for table in self.tables for verb in _VERBS[vendor]]

    def _sqlite(self) -> Iterable[str]:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.words}'); END"
        for table, guard in self.tables.items():
            when = f"WHEN NOT ({guard.update.format(is_same=_IS_SAME['sqlite'])})" if guard.update else ""
            # INSERT OR REPLACE deletes the row in the way without asking the trigger on DELETE.
            same = " AND ".join(f'"{key}" = NEW."{key}"' for key in guard.keys)
            or_id = " OR id = NEW.id" if guard.by_id else ""
            taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE ({same}){or_id})"  # noqa: S608  # names of ours
            yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when} {refuse}"
            yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"
            yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {taken} {refuse}"

    def _postgresql(self) -> Iterable[str]:
        yield (
            f"CREATE OR REPLACE FUNCTION {self.function}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{self.words}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        run = f"EXECUTE FUNCTION {self.function}()"
        for table, guard in self.tables.items():
            when = f"WHEN (NOT ({guard.update.format(is_same=_IS_SAME['postgresql'])}))" if guard.update else ""
            yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {when} {run}"
            yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {run}"
            yield f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}"
