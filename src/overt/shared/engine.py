"""The one place that takes hold of the engine's own parts; all else in the product knows its contract and its times.

Exceptions stand with their reasons in the linter's list (pyproject.toml).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from footage.check import check_source, split_address
from footage.gateway.served import Served
from footage.gateway.tickets import Ticket, TicketAct, sign
from footage.picture.caption import captioned
from footage.rtsp.notes.tally import rounded, span_words

if TYPE_CHECKING:
    from footage.contract import Node

__all__ = [
    "Served",
    "Ticket",
    "TicketAct",
    "captioned",
    "check_source",
    "gateway",
    "local_node",
    "rounded",
    "sign",
    "span_words",
    "split_address",
]


def local_node(store: Path, run: Path, key: bytes) -> Node:
    """The recorder on this machine; `key` seals camera credentials at rest."""
    from footage.local import LocalNode  # with all that reads the disk: many a command never asks the recorder

    return cast("Node", LocalNode(store, run, key))


def gateway(
    store: Path,
    run: Path,
    ticket_key: bytes,
    rights: Callable[[Collection[Ticket]], Collection[Ticket]],
    report: Callable[[Sequence[Served]], None],
) -> Any:
    """The ASGI application that serves every byte of video, on signed addresses, and tells what it served."""
    from footage.gateway.app import create_app

    return create_app(store, run, ticket_key, rights, report)
