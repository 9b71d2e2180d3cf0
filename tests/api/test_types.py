"""The shapes that the pages' scripts are checked against are those of the API, and no shape is told under another's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from ninja import Schema

from overt.web.api import api

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = spec_from_file_location("make_types", ROOT / "tools" / "make_types.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_types_of_the_pages_scripts_are_up_to_date(tool: ModuleType) -> None:
    assert tool.FILE.read_text() == tool.types_text(tool.shapes()), "run tools/make_types.py"


@pytest.mark.parametrize(
    ("shape", "type_"),
    [
        ({"type": "integer", "format": "utc-90k"}, "Utc"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string | null"),
        ({"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}, "(number | null)[]"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/GapOut"}}, "Gap[]"),
        ({"enum": ["lost", "refused"], "type": "string"}, '"lost" | "refused"'),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "Record<string, string>"),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, "{ a?: string }"),
        ({"title": "Anything"}, "unknown"),
    ],
)
def test_a_shape_becomes_the_type_that_holds_it(tool: ModuleType, shape: dict[str, object], type_: str) -> None:
    assert tool.type_of(shape) == type_


def test_what_may_be_left_out_is_told_from_what_may_be_null(tool: ModuleType) -> None:
    shape = {"properties": {"a": {"type": "string"}, "b": {"type": "null"}}, "required": ["b"]}
    assert tool.declaration("One", shape) == "export interface One {\n  a?: string;\n  b: null;\n}\n"


def test_a_shape_that_nobody_taught_it_is_no_guess(tool: ModuleType) -> None:
    with pytest.raises(ValueError, match="no type for"):
        tool.type_of({"type": "tuple"})


def shapes_of(kind: type[Schema]) -> Iterator[type[Schema]]:
    for one in kind.__subclasses__():
        yield one
        yield from shapes_of(one)


def test_no_two_shapes_have_one_name() -> None:
    """The document would hold the last of them, and promise it of both."""
    assert api.get_openapi_schema()["components"]["schemas"], "every room's answers are known by now"
    names = Counter(one.__name__ for one in shapes_of(Schema) if one.__module__.startswith("overt."))
    assert [name for name, count in names.items() if count > 1] == []


def test_what_a_page_asks_is_no_tokens_to_ask() -> None:
    """Looking, marking and letting go from a page are its person's own: a script has the other operations."""
    told = api.get_openapi_schema()["paths"]
    of_pages = {
        f"{method} {path}"
        for path, operations in told.items()
        for method, operation in operations.items()
        if operation["security"] == [{"SessionAuth": []}]
    }
    assert of_pages == {
        "get /api/v1/watch/now",
        "post /api/v1/watch/viewings",
        "post /api/v1/watch/viewings/{viewing_id}/renew",
        "post /api/v1/watch/viewings/{viewing_id}/close",
        "post /api/v1/watch/entries",
        "get /api/v1/watch/timelines/{number}",
        "post /api/v1/watch/reviews/{review_id}/tickets",
        "post /api/v1/watch/reviews/{review_id}/cameras",
        "post /api/v1/marks",
        "post /api/v1/holds/{hold_id}/release",
        "get /api/v1/exhibits/{reference}/progress",
    }
