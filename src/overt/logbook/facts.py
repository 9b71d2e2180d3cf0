"""Facts of an entry: frozen values with types, their one JSON form, and the way back.

A room declares a frozen dataclass for what an act leaves behind. Its fields hold plain values only: `str`, `int`,
`bool`, `UUID`, aware `datetime`, `date`, an enum of text, another such dataclass, tuples of these, a `dict` from text
to these, and None for what is not known. Never a sentence (an entry stays for ever, and so would its words), and
never a person: names and keys of people go into `personal`, where they can be erased.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from footage.times import utc_90k, utc_text
from overt.shared.canonical import Json

F = TypeVar("F")

#: Text that is not ours: typed by a person, or the name of something outside (a file, a partner's reference). A plain
#: `str` is a code, a number or a hash and holds no space; the tests look at every entry they write.
Given = Annotated[str, "given"]


class NotTheseFacts(ValueError):
    """What an entry holds is not of the class asked for: an older or a newer build wrote it."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The facts of an act that leaves none beside its subject, its time and its actor."""


def as_json(facts: object) -> dict[str, Json]:
    """The facts as they stand in an entry; what is None is left out. Raises TypeError for a value of no such type."""
    return {name: value for name, value in _row(facts).items() if value is not None}


def from_json(kind: type[F], known: Mapping[str, Json]) -> F:
    """Facts of a class from an entry; what the class does not know is left aside. Raises NotTheseFacts."""
    hints = hints_of(kind)  # type: ignore[arg-type]  # a class is hashable
    try:
        given = {name: _from_json(hints[name], known[name]) for name in hints if name in known}
        absent = {name: None for name, hint in hints.items() if name not in known and _may_be_none(hint)}
        return kind(**absent, **given)
    except (TypeError, ValueError, AttributeError) as error:
        raise NotTheseFacts(f"{kind.__name__}: {error}") from None


@cache
def hints_of(kind: type) -> dict[str, Any]:
    """Field -> its declared type, of a dataclass of facts; `Given` is kept apart from `str`."""
    hints = get_type_hints(kind, include_extras=True)
    return {one.name: hints[one.name] for one in fields(kind)}


def values_of(kind: type) -> dict[str, Any]:
    """All that a line may name: the fields, and the properties worked out of them."""
    worked_out = {name for part in kind.__mro__ for name, what in vars(part).items() if isinstance(what, property)}
    return {**hints_of(kind), **dict.fromkeys(worked_out, None)}


def _may_be_none(hint: Any) -> bool:
    return NoneType in get_args(hint)


def _row(value: object) -> dict[str, Json]:
    return {one.name: _to_json(getattr(value, one.name)) for one in fields(value)}  # type: ignore[arg-type]


def _to_json(value: object) -> Json:
    if isinstance(value, Enum):
        return _to_json(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return utc_text(utc_90k(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _to_json(item) for key, item in value.items()}
    if is_dataclass(value):
        return _row(value)  # with what is None: the rows of one list have one shape
    raise TypeError(f"{type(value).__name__} is no value that facts may hold")


def _from_json(hint: Any, value: Json) -> Any:
    """The value of a declared type; raises TypeError or ValueError for another."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _from_json(parts[0], value)
    if origin in (Union, UnionType):
        return _first_that_fits(parts, value)
    if origin is tuple:
        _need(isinstance(value, Sequence) and not isinstance(value, str), value)
        return tuple(_from_json(parts[0], item) for item in value)  # type: ignore[union-attr]
    if origin is dict:
        _need(isinstance(value, Mapping), value)
        return {key: _from_json(parts[1], item) for key, item in value.items()}  # type: ignore[union-attr]
    if hint in (bool, int, str, NoneType):
        _need(type(value) is hint, value)
        return value
    if is_dataclass(hint):
        _need(isinstance(value, Mapping), value)
        return from_json(hint, value)  # type: ignore[arg-type]
    return _from_text(hint, value)


def _from_text(hint: Any, value: Json) -> Any:
    """What stands in JSON as a text of its own form: an enum, a key, a moment, a day."""
    _need(isinstance(value, str), value)
    if hint in (date, datetime):
        found = hint.fromisoformat(value)
        _need(hint is date or found.tzinfo is not None, value)
        return found
    return hint(value)


def _first_that_fits(hints: Sequence[Any], value: Json) -> Any:
    for hint in hints:
        try:
            return _from_json(hint, value)
        except (TypeError, ValueError):
            continue
    raise ValueError(f"{value!r} is of none of its types")


def _need(fits: bool, value: Json) -> None:
    if not fits:
        raise ValueError(f"{value!r} is of another type")
