"""JSON for people who open the file in an editor."""

from __future__ import annotations

import json

from overt.shared.canonical import Json


def pretty(value: Json, *, lines: bool = True) -> bytes:
    """UTF-8 with a line a field (or all on one line), ending in a newline; lists of numbers stay on one line."""
    if not lines:
        return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
    return (_text(value, "") + "\n").encode()


def _text(value: Json, indent: str) -> str:
    deeper = indent + "  "
    if isinstance(value, dict) and value:
        rows = (f"{deeper}{json.dumps(key, ensure_ascii=False)}: {_text(item, deeper)}" for key, item in value.items())
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    if isinstance(value, (list, tuple)) and any(isinstance(item, (dict, list, tuple)) for item in value):
        return "[\n" + ",\n".join(deeper + _text(item, deeper) for item in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)
