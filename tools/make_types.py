#!/usr/bin/env python3
"""Writes frontend/src/lib/types.ts: the shapes of what the API takes and answers, and of the pages' data blocks.

    make_types.py [--check]

The API's own document is what it reads. With --check nothing is written, and the exit code is 1 where the file is not
as it would be written now.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "frontend" / "src" / "lib" / "types.ts"
HEAD = """\
/** What the API takes and answers, and what the pages' data blocks hold. Made by tools/make_types.py: do not edit. */

/** A UTC count of 1/90000 s (exact in a double until 5141). */
export type Utc = number;
"""
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}

Shape = Mapping[str, Any]


def shapes() -> dict[str, Shape]:
    """Every named shape, by its name; Django must be set up."""
    from pydantic.json_schema import models_json_schema

    from overt.watch.shapes import ReviewData, WatchData
    from overt.web.api import api

    found = dict(api.get_openapi_schema()["components"]["schemas"])
    # The data blocks are no part of the API: the pages carry them.
    blocks = [(ReviewData, "serialization"), (WatchData, "serialization")]
    _, said = models_json_schema(blocks, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    return {**said["$defs"], **found}


def types_text(named: Mapping[str, Shape]) -> str:
    """The whole file. Two shapes may not come to one name."""
    told = {name_of(name): declaration(name_of(name), shape) for name, shape in sorted(named.items())}
    if len(told) != len(named):
        raise ValueError("two shapes of one name: call one of them otherwise")
    return "\n".join([HEAD, *told.values()])


def name_of(name: str) -> str:
    """GapOut is what comes out of the server, and here it is the gap."""
    return name.removesuffix("Out")


def declaration(name: str, shape: Shape) -> str:
    words = " ".join(str(shape.get("description", "")).split())
    said = f"/** {words} */\n" if words else ""
    if "properties" not in shape:
        return f"{said}export type {name} = {type_of(shape)};\n"
    return f"{said}export interface {name} {{\n{members(shape)}}}\n"


def members(shape: Shape) -> str:
    needed = shape.get("required", ())
    lines = []
    for name, member in shape["properties"].items():
        words = " ".join(str(member.get("description", "")).split())
        said = f"  /** {words} */\n" if words else ""
        lines.append(f"{said}  {name}{'' if name in needed else '?'}: {type_of(member)};\n")
    return "".join(lines)


def type_of(shape: Shape) -> str:
    """A type for a place where a value stands. Raises ValueError for what is not known here yet."""
    if "$ref" in shape:
        return name_of(shape["$ref"].rpartition("/")[2])
    if "enum" in shape or "const" in shape:
        return " | ".join(json.dumps(value) for value in shape.get("enum", [shape.get("const")]))
    if found := shape.get("anyOf") or shape.get("allOf"):
        return " | ".join(dict.fromkeys(type_of(one) for one in found))
    if shape.get("type") == "array":
        item = type_of(shape["items"])
        return f"({item})[]" if " " in item else f"{item}[]"
    if shape.get("type") == "object":
        return object_type(shape)
    if shape.get("format") == "utc-90k":
        return "Utc"
    if not shape.keys() - {"title", "description", "default"}:
        return "unknown"
    if shape.get("type") not in _PLAIN:
        raise ValueError(f"no type for {shape}")
    return _PLAIN[shape["type"]]


def object_type(shape: Shape) -> str:
    if "properties" in shape:
        inside = "; ".join(line.strip().rstrip(";") for line in members(shape).splitlines())
        return f"{{ {inside} }}"
    more = shape.get("additionalProperties")
    return f"Record<string, {type_of(more) if isinstance(more, Mapping) else 'unknown'}>"


def main(words: list[str]) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overt.settings")
    django.setup()
    text = types_text(shapes())
    if "--check" in words:
        if FILE.read_text() == text:
            return 0
        print(f"{FILE.relative_to(ROOT)} is not as it would be written: run tools/make_types.py", file=sys.stderr)
        return 1
    FILE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
