"""No act holds the database's write lock over anything slow: no name is asked for, no network or program used, inside.

The walk sends every request of the table that acts, as somebody who may do everything, and listens to what Python itself
reports of its doings (audit events) while a transaction of the product's is open.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from access.test_every_route import send
from every_route import ROUTES
from overt.access.rules import Role
from world import World, give_role

NAMES = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
SLOW = {
    "socket.connect", "socket.sendto",
    "subprocess.Popen", "os.system", "os.posix_spawn", "os.fork", "time.sleep", "urllib.Request",
}  # fmt: skip


class Listener:
    """What was done inside transactions that were opened while listening; names may be asked for by threads of ours."""

    def __init__(self) -> None:
        self.depth = 0
        self.heard: list[str] = []
        self.thread = 0

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        ours = threading.get_ident() == self.thread or event in NAMES
        if self.depth and event in SLOW | NAMES and ours and not is_node(event, arguments):
            self.heard.append(f"{event} {arguments[:2]}")


def is_node(event: str, arguments: tuple[Any, ...]) -> bool:
    """The recorder on this machine is told of a hold before the records commit: kept a little long, never lost."""
    return event == "socket.connect" and str(arguments[1]).endswith("/node.sock")


LISTENER = Listener()
sys.addaudithook(LISTENER.hear)  # Python knows no way to take it away again


@contextmanager
def listening(patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The transactions begun inside are the product's: the test's own was open before."""
    enter, leave = transaction.Atomic.__enter__, transaction.Atomic.__exit__

    def entered(atomic: Any) -> None:
        enter(atomic)
        LISTENER.depth += 1

    def left(atomic: Any, *error: Any) -> None:
        LISTENER.depth -= 1
        leave(atomic, *error)

    LISTENER.depth, LISTENER.heard, LISTENER.thread = 0, [], threading.get_ident()
    with patch.context() as context:
        context.setattr(transaction.Atomic, "__enter__", entered)
        context.setattr(transaction.Atomic, "__exit__", left)
        yield LISTENER.heard
    LISTENER.depth = 0


ACTS = [key for key in ROUTES if not key.startswith("GET ")]


@pytest.mark.parametrize("key", ACTS, ids=[key.replace(" ", "-") for key in ACTS])
def test_no_act_waits_for_anything_while_it_holds_the_records(
    key: str, world: World, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in Role:
        give_role(world.elin, role)
    client = client_as(world.elin)
    with listening(monkeypatch) as heard:
        send(client, key, world, world.elin, "127")
    assert heard == []
