"""Looks at the facts of every entry that a test writes: an entry stays for ever, so no sentence may get into one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import get_args

import pytest

from overt.logbook import recording
from overt.logbook.facts import Given, as_json, hints_of
from overt.shared.canonical import Json

#: A change of key names two keys in full.
LONGEST_CODE = 400


def sentences_in(facts: object, where: str = "") -> Iterator[str]:
    """Each text of these facts that holds a space and was not declared as given by somebody, with its place."""
    for one in fields(facts):  # type: ignore[arg-type]  # a dataclass
        hint = hints_of(type(facts))[one.name]
        if hint != Given and Given not in get_args(hint):
            yield from _in_value(getattr(facts, one.name), f"{where}{one.name}")


def _in_value(value: object, where: str) -> Iterator[str]:
    if isinstance(value, Enum):
        yield from _in_value(value.value, where)
    elif isinstance(value, str) and (any(letter.isspace() for letter in value) or len(value) > LONGEST_CODE):
        yield f"{where} = {value!r}"
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _in_value(item, where)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _in_value((key, item), where)
    elif is_dataclass(value):
        yield from sentences_in(value, f"{where}.")


@pytest.fixture(autouse=True)
def no_sentence_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails the test, at the act that wrote it, for facts that hold a sentence or a text nobody declared as given."""

    def checked(facts: object) -> dict[str, Json]:
        found = list(sentences_in(facts))
        assert not found, f"{type(facts).__name__} holds words where an entry keeps a code: {'; '.join(found)}"
        return as_json(facts)

    monkeypatch.setattr(recording, "as_json", checked)
