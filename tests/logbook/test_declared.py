"""Every act of every room as it is declared: its name, its words, its facts and its line."""

from __future__ import annotations

import ast
import re
from dataclasses import is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from django.apps import apps

import overt
from overt.logbook.actions import Action, declared
from overt.logbook.facts import Nothing, hints_of, values_of
from overt.logbook.lines import check_line, fields_of

#: Files that speak of names as names, and ask for no entry.
OF_NAMES = {"test_declared.py", "test_lines.py", "test_facts.py"}


def names_in_tests() -> set[str]:
    """Every name of an act that stands in a test: whoever asks for an entry by its own act writes it there."""
    tests = Path(__file__).parents[1]
    found: set[str] = set()
    for path in tests.rglob("test_*.py"):
        if path.name not in OF_NAMES:
            texts = (node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
            for text in texts:
                found |= set(re.findall(r"[a-z_]+(?:\.[a-z_-]+)+", text)) if isinstance(text, str) else set()
    return found


def test_each_act_is_asked_for_by_its_own_name_somewhere() -> None:
    """That some entry was written says little: a test asks for the entry of this act, and not of another."""
    unasked = sorted({action.name for action in ROOMS} - names_in_tests())
    assert unasked == [], f"{len(unasked)} of {len(ROOMS)} acts are asked for by no test"


ROOMS = [action for action in declared() if not action.name.startswith("test.")]
#: Past tenses that do not end in -ed.
IRREGULAR = {
    "begun",
    "brought",
    "chosen",
    "found",
    "given",
    "held",
    "kept",
    "left",
    "lent",
    "lost",
    "made",
    "met",
    "put",
    "ran",
    "reset",
    "seen",
    "sent",
    "sold",
    "spoken",
    "taken",
    "withdrawn",
    "written",
}
#: Parts of names that somebody's name or key would go by.
PEOPLE = {
    "actor", "by", "engineer", "full", "officer", "operator", "people", "person", "recipient", "requester",
    "supervisor", "user", "username", "witness",
}  # fmt: skip
PLAIN = (str, int, bool, UUID, datetime, date, type(None), ...)
SOURCE = Path(overt.__file__).parent

by_name = pytest.mark.parametrize("action", ROOMS, ids=lambda action: action.name)


def test_there_are_acts_to_look_at() -> None:
    assert len(ROOMS) > 80
    assert len({action.name for action in ROOMS}) == len({action.words for action in ROOMS}) == len(ROOMS)


@by_name
def test_an_act_is_named_by_its_room_in_the_past_tense(action: Action[Any]) -> None:
    room, *rest = action.name.split(".")
    assert room in {config.label for config in apps.get_app_configs()}
    assert re.fullmatch(r"[a-z_]+(\.[a-z_-]+)+", action.name)
    past = any(word.endswith("ed") or word in IRREGULAR for word in re.split(r"[_-]", rest[-1]))
    assert past, f"{rest[-1]!r} is no past tense, or one that IRREGULAR in this file does not know yet"


@by_name
def test_an_act_has_words_and_a_line_that_its_facts_can_fill(action: Action[Any]) -> None:
    assert action.words[0].isupper()
    assert not action.words.endswith(".")
    check_line(action.line, values_of(action.facts))
    names = {name for name, _ in fields_of(action.line)}
    assert names or not action.line, "a line without a fact says what the act's words could say"
    assert not names or action.facts is not Nothing


@by_name
def test_facts_are_frozen_and_of_plain_types(action: Action[Any]) -> None:
    assert is_dataclass(action.facts)
    assert action.facts.__dataclass_params__.frozen  # type: ignore[attr-defined]
    for name, hint in hints_of(action.facts).items():
        assert name not in {"camera_ids", "says", "words", "detail"}, "a key of the logbook's own, or of a sentence"
        assert not PEOPLE & set(name.split("_")), "a person is no fact: name and key go into `personal`"
        assert _is_plain(hint), f"{name}: {hint}"


def _is_plain(hint: Any) -> bool:
    for kind in _types(hint):
        if is_dataclass(kind):
            assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
            assert all(_is_plain(inner) for inner in get_type_hints(kind).values())
        elif kind not in PLAIN and not issubclass(kind, Enum):
            return False
    return True


def _types(hint: Any) -> list[Any]:
    """The plain types within a type: of a tuple's items, of each member of a union."""
    if get_origin(hint) is None:
        return [hint]
    if hasattr(hint, "__metadata__"):
        return _types(hint.__origin__)
    assert get_origin(hint) in (tuple, dict, Union, type(int | None)), hint
    return [kind for part in get_args(hint) for kind in _types(part)]


def test_no_room_writes_by_any_way_but_the_one_that_takes_typed_facts() -> None:
    """`recording.record` takes plain JSON: it is the logbook's own, and the tests'."""
    found = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("overt.logbook"):
                found += [f"{path}: {one.name}" for one in node.names if one.name in {"record", "append"}]
    assert [line for line in found if "/logbook/" not in line] == []
    assert [line for line in found if line.endswith(": record")] == []


def test_an_act_is_declared_in_a_room_s_log_actions_and_nowhere_else() -> None:
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "overt.logbook.actions":
                found |= {path.name for one in node.names if one.name == "action"}
    assert found == {"log_actions.py"}
