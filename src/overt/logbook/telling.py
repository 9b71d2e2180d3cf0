"""Puts an entry in words: the act's own, and its line. Never fails, whoever wrote the entry and however long ago."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from overt.logbook.actions import Action, known_action, words_for
from overt.logbook.facts import Nothing, NotTheseFacts, from_json
from overt.logbook.lines import CAMERA_NAMES, fields_of, rendered
from overt.logbook.models import CAMERA_IDS, Entry
from overt.logbook.subjects import camera_names
from overt.shared.lines import printable

__all__ = ["facts_as", "line_of", "words_for"]

F = TypeVar("F")
GONE = "a camera no longer known"
#: Of facts that no class reads any more, only what is short is told in a line; an entry's own page shows them all.
SHORT = 60
#: Told beside the line: the cameras concerned.
NOT_SAID = {CAMERA_IDS, "camera_id"}


def facts_as(action: Action[F], entry: Entry) -> F | None:
    """The facts of an entry of this act; None for another act, or where another build wrote what is not read today."""
    if entry.action != action.name:
        return None
    try:
        return from_json(action.facts, entry.facts)
    except NotTheseFacts:
        return None


def line_of(entry: Entry, names: Mapping[str, str] | None = None) -> str:
    """The entry's line, empty where its act needs none. `names` are cameras' by key; looked up where not given.

    An act that nobody declares any more, or facts that its line cannot use, are told as they stand.
    """
    known = known_action(entry.action)
    if known is None or known.facts is Nothing:
        return _as_they_stand(entry)
    if not known.line:
        return ""
    try:
        return rendered(known.line, from_json(known.facts, entry.facts), _cameras(entry, known, names))
    except (NotTheseFacts, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return _as_they_stand(entry)


def _cameras(entry: Entry, known: Action[Any], names: Mapping[str, str] | None) -> list[str]:
    if CAMERA_NAMES not in {name for name, _ in fields_of(known.line)}:
        return []
    called = camera_names(entry.camera_ids) if names is None else names
    return [called.get(key, GONE) for key in entry.camera_ids]


def _as_they_stand(entry: Entry) -> str:
    said = []
    for key, value in entry.facts.items():
        if key in NOT_SAID or isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            continue
        if len(text := printable(str(value))) <= SHORT:
            said.append(f"{key.replace('_', ' ')} {text}")
    return ", ".join(said)
