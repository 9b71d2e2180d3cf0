"""Values that break readers of input, and the names that a view asks its request for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import QueryDict

#: What a text field, a number, a day, a time, a key or a choice may be sent instead of what it expects.
ODD_TEXTS = (
    "",
    " ",
    "0",
    "-1",
    "1e400",
    "NaN",
    "٣",  # a digit to int() and to isdigit(), and in no column of ours
    "²",  # a digit to isdigit(), and not to int()
    "९९-०९-२०२६",
    "9" * 30,
    "1" * 5000,  # more digits than int() reads
    "2147483648",
    "9223372036854775808",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59:60Z",
    "2026-02-30",
    "24:00",
    "00000000-0000-0000-0000-000000000000",
    "not-a-uuid",
    "x" * 100_000,
    "a\0b",
    "\ud800",  # sent as what is left of it
    "\u202e\u0007\r\n",
    "{{7*7}}'\"<&>%s{0}",
    "../../../etc/passwd",
    "a,b,,c" * 200,
)

#: The same in an address, where a slash ends a part.
ODD_PARTS = (
    "0", "٣", "²", "9" * 30, "1" * 5000, "2147483648", "9223372036854775808", "9999-12-31", "x" * 3000, "a\u202eb",
    "%00", "%ED%A0%80", "%FF%FE", "..%2f..", "{{7*7}}'", "00000000-0000-0000-0000-000000000000", "-1", "%0d%0aX: 1",
)  # fmt: skip

#: Texts of a policy, and other YAML.
ODD_YAML = (
    "[" * 2_000,
    "{a: " * 2_000,
    "- " * 50_000,
    "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "? [a, b]\n: c",
    "!!python/object/apply:os.system [id]",
    "a: !!binary x",
    "&a\n" * 1000,
    "a: 1\n" * 5_000,
    "settings: {" + ", ".join(f"k{n}: {n}" for n in range(3000)) + "}",
    "issued: 9999-99-99",
    "a: .inf\nb: .nan\nc: 1_0:30:30",
    "\ufeff%YAML 9.9\n---\na",
    "--- a\n--- b\n",
    "<<: {a: 1}",
    "settings: []\nroles: {}\nconflicts: 7",
    "9: 9\n[]: {}",
)


class Recording(QueryDict):
    """A request's values, which remembers what it was asked for."""

    asked: set[str] = set()  # what it is asked for while it is made is of no interest

    @classmethod
    def of(cls, given: QueryDict, asked: set[str]) -> Recording:
        made = cls(given.urlencode(), mutable=True, encoding=given.encoding)
        made.asked = asked
        made._mutable = False
        return made

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().getlist(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


class RecordingMiddleware:
    """Puts `Recording`s in place of a request's values: in `queried` and `posted` stands what views asked for."""

    queried: set[str] = set()
    posted: set[str] = set()

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        request.GET = Recording.of(request.GET, RecordingMiddleware.queried)
        if request.method == "POST" and "json" not in request.content_type:
            request.POST = Recording.of(request.POST, RecordingMiddleware.posted)
        return self.get_response(request)


@contextmanager
def asked_names() -> Iterator[tuple[set[str], set[str]]]:
    """The names that views ask their requests for, in the address and in the form, while this lasts."""
    RecordingMiddleware.queried, RecordingMiddleware.posted = set(), set()
    yield RecordingMiddleware.queried, RecordingMiddleware.posted
