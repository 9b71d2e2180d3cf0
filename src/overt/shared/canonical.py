"""Canonical JSON (RFC 8785 without floats): one value, one sequence of bytes, on every machine and for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]


def canonical(value: Json) -> bytes:
    """UTF-8, keys sorted by code point, no spaces, nothing escaped that need not be. Raises ValueError for a float."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise ValueError("a float has no canonical form; give a whole number in a smaller unit, or text")
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ValueError("keys are text")
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)
