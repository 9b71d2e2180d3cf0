"""The database's own refusal to change what the logbook holds, on SQLite and PostgreSQL.

Against a slip and against a client with the application's rights; whoever owns the database can drop a trigger, and
is found by the tree (see verify.py).
"""

from __future__ import annotations

from typing import Any

from overt.shared.refusals import Guard, Refusals

#: Erasing is the one change personal content takes: salt and value emptied, once, naming the entry that tells of it.
#: The head moves one entry at a time, forward, and keeps its name.
REFUSALS = Refusals(
    {
        "logbook_entry": Guard(keys=("number",), by_id=False),
        "logbook_tile": Guard(keys=("level", "index")),
        "logbook_checkpoint": Guard(keys=("size",)),
        "logbook_personal": Guard(
            "NEW.value IS NULL AND NEW.salt IS NULL AND OLD.erased_by IS NULL AND NEW.erased_by IS NOT NULL"
            " AND NEW.id = OLD.id AND NEW.entry_id = OLD.entry_id AND NEW.field = OLD.field"
            " AND NEW.erase_on {is_same} OLD.erase_on",
            ("entry_id", "field"),
        ),
        "logbook_head": Guard("NEW.id = OLD.id AND NEW.origin = OLD.origin AND NEW.size = OLD.size + 1", by_id=False),
    },
    "the logbook is append-only",
    function="logbook_refuse",
)
install, remove = REFUSALS.install, REFUSALS.remove
#: Apart from the others: their migration ran before this table was there.
KEYS = Refusals(
    {"logbook_keysuccession": Guard(keys=("size",))}, "the logbook is append-only", function="logbook_refuse_keys"
)


def missing(connection: Any) -> list[str]:
    """The refusals that are not there, by name: somebody with the owner's rights lifted them."""
    return [*REFUSALS.missing(connection), *KEYS.missing(connection)]
