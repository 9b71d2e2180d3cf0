"""What a read may write: a note that somebody looked, or tried to, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from overt.logbook.models import Entry

#: The notes that a read may leave: who looked at what, and who was refused.
LOOKS = frozenset(
    {
        "access.inspected",
        "access.refused",
        "evidence.exhibit.seen",
        "evidence.form.seen",
        "evidence.holds.seen",
        "evidence.label.printed",
        "evidence.media.seen",
        "evidence.register.searched",
        "evidence.still.seen",
        "evidence.stills.seen",
        "logbook.breaches.listed",
        "logbook.entry.opened",
        "logbook.printed",
        "logbook.searched",
        "watch.reviews.listed",
    }
)
#: Where the logbook keeps them.
_NOTES = {"logbook_entry", "logbook_head", "logbook_personal"}
#: The log signs its newest state when it is asked to prove it: what is proven is not changed by it.
_SIGNED = {"logbook_checkpoint"}
#: Made by whatever asks first, once for an installation: keys, and the recorder's store, which has no node here.
_MADE_ONCE = ("secrets/", "footage/catalogue.sqlite3", "footage/volume.json")
_WRITES = re.compile(
    r'^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"?(\w+)', re.IGNORECASE
)


@contextmanager
def only_read(address: str) -> Iterator[None]:
    """Fails where what is inside changes a row, makes a file, or writes an entry that is no note of a look."""
    may_write = _NOTES | (_SIGNED if "logbook/" in address else set())
    tables: set[str] = set()

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if match := _WRITES.match(sql):
            tables.add(match[1])
        return execute(sql, params, many, context)

    files, last = _files(), _last_entry()
    with connection.execute_wrapper(look):
        yield
    assert tables <= may_write, f"a read wrote {sorted(tables - may_write)}"
    assert _files() <= files, f"a read made {sorted(_files() - files)}"
    if tables:
        actions = set(Entry.objects.filter(number__gt=last).values_list("action", flat=True))
        assert actions <= LOOKS, f"a read was written down as {sorted(actions - LOOKS)}: say here that it is a look"


def _last_entry() -> int:
    return Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0


def _files() -> set[str]:
    folder = Path(settings.DATA)
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return {name for name in found if not name.startswith(_MADE_ONCE)}
