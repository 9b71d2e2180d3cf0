"""The line of an entry: a few words made of its facts, when somebody reads it.

A line is text with fields in braces: `{reference}: {files:count file}, {size_bytes:size}`. A part in square brackets
is left out where one of its fields has nothing to say (None, empty, zero or false): `[, {holds:count hold}]`. A field
is a fact, a property of the facts' class, or `camera_names`, the cameras concerned. No value is read as a
format again, and what comes out is plain text on one line, which a template escapes as it does any other.

How a value is put, behind the colon:

    (nothing)          as its type asks: a moment or a day in the scheme's zone, yes or no, tuples with commas
    size               bytes: 1.3 MB
    duration           seconds: 2 min 4 s
    90k                a moment counted in 1/90000 s
    span               two moments: 22 November 2026, 02:07:00 to 02:12:14 GMT
    count clip         1 clip, 2 clips; `count copy/copies` for a plural without s
    words              a code's underscores and hyphens become spaces
    words|other words  of a truth, which of the two is said
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from itertools import pairwise
from typing import Any

from django.utils import timezone

from footage.times import utc_shown
from overt.shared.lines import printable
from overt.shared.local_times import day_words, span_words
from overt.shared.sizes import size_words

CAMERA_NAMES = "camera_names"
_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)(?::([^{}]+))?\}")
_OPTIONAL = re.compile(r"(\[[^\[\]]*\])")


class BadLine(ValueError):
    """A line names what its facts do not have, or puts a value in a way that is not known."""


def fields_of(line: str) -> list[tuple[str, str]]:
    """(field, how it is put) for each field of a line. Raises BadLine for braces or brackets that do not pair."""
    for part in _OPTIONAL.split(line):
        if set(_FIELD.sub("", part[1:-1] if part.startswith("[") else part)) & set("{}[]"):
            raise BadLine(f"{line!r}: a brace or a bracket without its other")
    return [(name, how or "") for name, how in _FIELD.findall(line)]


def check_line(line: str, known: Iterable[str]) -> None:
    """Raises BadLine unless each field is one of `known` (or the cameras) and is put in a known way."""
    names = {*known, CAMERA_NAMES}
    for name, how in fields_of(line):
        if name not in names:
            raise BadLine(f"{line!r} names {name}, and the facts have only {', '.join(sorted(names))}")
        if how and "|" not in how and how.split()[0] not in _WAYS:
            raise BadLine(f"{line!r} puts {name} as {how!r}, which is no way known")


def rendered(line: str, facts: object, cameras: Iterable[str] = ()) -> str:
    """The line of these facts. Raises AttributeError, TypeError or ValueError where a value is not what it asks for."""
    listed = list(cameras)

    def value(name: str) -> Any:
        return listed if name == CAMERA_NAMES else getattr(facts, name)

    def filled(text: str) -> str:
        return _FIELD.sub(lambda found: printable(_put(value(found[1]), found[2] or "")), text)

    parts = []
    for part in _OPTIONAL.split(line):
        if not part.startswith("["):
            parts.append(filled(part))
        elif all(value(name) for name, _ in fields_of(part)):
            parts.append(filled(part[1:-1]))
    return "".join(parts).lstrip(" ,;").rstrip()  # what a part that was left out would have stood before


def _put(value: Any, how: str) -> str:
    if "|" in how:
        yes, _, no = how.partition("|")
        return yes if value else no
    if value is None:
        return ""
    if not how:
        return plain(value)
    way, _, rest = how.partition(" ")
    return _WAYS[way](value, rest)


def plain(value: Any) -> str:
    """A value as its type asks."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment_words(value)
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {plain(item)}" for key, item in value.items())
    return str(value)


def moment_words(moment: datetime) -> str:
    """`22 November 2026, 02:07:00 GMT`, in the scheme's zone."""
    local = timezone.localtime(moment)
    return f"{day_words(local)}, {local:%H:%M:%S %Z}"


def duration_words(seconds: int) -> str:
    """`4 s`, `2 min 4 s`, `3 h 0 min`, `2 days 3 h`: the two largest units."""
    units = ((86_400, "day"), (3_600, "h"), (60, "min"), (1, "s"))
    for (size, name), (below, smaller) in pairwise(units):
        if seconds >= size:
            many = "s" * (name == "day" and seconds >= 2 * size)
            return f"{seconds // size} {name}{many} {seconds % size // below} {smaller}"
    return f"{seconds} s"


def _count(value: int, nouns: str) -> str:
    one, _, many = nouns.partition("/")
    return f"{value:,} {one if value == 1 else many or f'{one}s'}"


def _words(value: Any, _: str) -> str:
    return re.sub(r"[_-]", " ", plain(value))


def _span(value: tuple[datetime, datetime], _: str) -> str:
    return span_words(*(timezone.localtime(moment) for moment in value))


_WAYS: dict[str, Callable[[Any, str], str]] = {
    "size": lambda value, _: size_words(value),
    "duration": lambda value, _: duration_words(value),
    "90k": lambda value, _: moment_words(utc_shown(value)),
    "span": _span,
    "count": _count,
    "words": _words,
}
