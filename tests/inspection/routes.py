"""Who may use each address of the logbook."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from overt.access.rules import Act
from overt.accounts.models import User
from overt.logbook.recording import record
from routing import Make, Route, to
from world import World


def _entry(rest: str) -> Make:
    """An entry of the logbook about the camera."""

    def make(world: World, user: User, number: str) -> str:
        with transaction.atomic():
            entry = record("estate.camera.checked", world.cameras.get(number), by=world.dev)
        return f"/logbook/entries/{entry.number}/{rest}"

    return make


def _entry_api(rest: str) -> Make:
    page = _entry("")
    return lambda world, user, number: "/api/v1/logbook/" + rest.format(page(world, user, number).split("/")[3])


ROUTES: Mapping[str, Route] = {
    "GET logbook/": to(Act.READ_LOGBOOK),
    "GET logbook/print/": to(Act.READ_LOGBOOK),
    "GET logbook/prove/": to(Act.VERIFY_LOGBOOK),
    "POST logbook/prove/": to(Act.VERIFY_LOGBOOK),
    "GET logbook/key-changes/": to(Act.VERIFY_LOGBOOK),
    "GET logbook/checkpoint/": to(Act.VERIFY_LOGBOOK),
    "GET logbook/entries/<int:number>/": to(Act.READ_LOGBOOK, path=_entry("")),
    "GET logbook/entries/<int:number>/proof/": to(Act.VERIFY_LOGBOOK, path=_entry("proof/")),
    "GET logbook/entries/<int:number>/correct/": to(Act.CORRECT_ENTRY, path=_entry("correct/")),
    "POST logbook/entries/<int:number>/correct/": to(
        Act.CORRECT_ENTRY, path=_entry("correct/"), body=lambda w, u, n: {"text": "Three men", "reason": "Miscounted"}
    ),
    "GET logbook/entries/<int:number>/erase/": to(Act.ERASE_PERSONAL, path=_entry("erase/")),
    "POST logbook/entries/<int:number>/erase/": to(Act.ERASE_PERSONAL, path=_entry("erase/")),
    "GET api/v1/logbook/entries": to(Act.READ_LOGBOOK),
    "GET api/v1/logbook/entries/{number}": to(Act.READ_LOGBOOK, path=_entry_api("entries/{}")),
    "GET api/v1/logbook/checkpoint": to(Act.VERIFY_LOGBOOK),
    "GET api/v1/logbook/proof": to(Act.VERIFY_LOGBOOK, path=_entry_api("proof?entry={}")),
    "GET api/v1/logbook/consistency": to(Act.VERIFY_LOGBOOK, path=lambda w, u, n: "/api/v1/logbook/consistency?from=0"),
}
