"""HTTP's arithmetic of parts: Range, If-Range and If-None-Match (RFC 9110, sections 13 and 14). No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?"[^"]*"')


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `[start, end)` of a whole of `total`."""

    start: int
    end: int
    total: int

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def content_range(self) -> str:
        return f"bytes {self.start}-{self.end - 1}/{self.total}"


class Unsatisfiable(ValueError):
    """The range lies wholly outside; the answer is 416."""


def wanted_part(header: str | None, total: int) -> Part | None:
    """The one part that a Range header asks for; None where the whole is to be sent.

    A header that is malformed, in another unit, or asks for several parts is ignored, as the standard allows: the
    answer is then the whole. Raises Unsatisfiable where the range is well formed and begins past the end.
    """
    if header is None:
        return None
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if first == "":  # the last so many bytes
        length = min(int(last), total)
        return _part(total - length, total, total)
    end = min(int(last) + 1, total) if last else total
    if last and int(last) < int(first):
        return None  # invalid, and so ignored
    return _part(int(first), end, total)


def _part(start: int, end: int, total: int) -> Part:
    if start >= end:
        raise Unsatisfiable
    return Part(start, end, total)


def range_applies(if_range: str | None, etag: str) -> bool:
    """Whether a Range counts: there is no If-Range, or it names this very version (strongly; a date never matches)."""
    return if_range is None or if_range.strip() == etag


def not_modified(if_none_match: str | None, etag: str) -> bool:
    """Whether the asker already holds this version (weak comparison)."""
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    return etag in (tag.removeprefix("W/") for tag in _TAG.findall(if_none_match))
