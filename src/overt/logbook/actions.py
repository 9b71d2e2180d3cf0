"""The acts the logbook knows, each declared once by the room that does it (in its `log_actions.py`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Generic, overload

from overt.logbook.facts import F, Nothing, values_of
from overt.logbook.lines import check_line

_NAME = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+")
_KNOWN: dict[str, Action[Any]] = {}


@dataclass(frozen=True, slots=True)
class Action(Generic[F]):
    """An act: its dotted name in the past tense, how a reader sees it, what it leaves, and the line made of that."""

    name: str
    words: str
    facts: type[F]
    line: str  # see lines.py; empty where the subject, the camera and the reason say all there is


@overload
def action(name: str, words: str) -> Action[Nothing]: ...
@overload
def action(name: str, words: str, facts: type[F], *, line: str) -> Action[F]: ...
def action(name: str, words: str, facts: type[Any] = Nothing, *, line: str = "") -> Action[Any]:
    """Declare an act. Raises ValueError for a name not dotted, or taken; BadLine for a line that names no fact."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r}: an act is named room.noun.past_tense")
    check_line(line, values_of(facts))
    declared = Action(name, words, facts, line)
    if _KNOWN.setdefault(name, declared) != declared:
        raise ValueError(f"{name} is declared twice, in two ways")
    return declared


def known_action(name: str) -> Action[Any] | None:
    """The act of a name; None for one that no room declares (any more)."""
    return _KNOWN.get(name)


def words_for(name: str) -> str:
    """What an act is called on a page: the room's words, or its name as words where no room declares it any more."""
    known = known_action(name)
    return known.words if known else re.sub(r"[_-]", " ", " ".join(name.split(".")[1:]) or name).capitalize()


def declared() -> list[Action[Any]]:
    """Every act that a room declares."""
    return list(_KNOWN.values())
