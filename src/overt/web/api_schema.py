"""What the OpenAPI document says about errors: the same problem document everywhere, with the statuses that occur."""

from __future__ import annotations

from typing import Any, TypeVar

from overt.shared.problems import PROBLEM

_Schema = TypeVar("_Schema", bound="dict[str, Any]")

_ALWAYS = {
    "400": "The request could not be read.",
    "401": "No token or session that works came with the request.",
    "403": "The person may know of it, but not do this.",
    "404": "There is no such thing, or it is not this person's to know of: the answer is the same.",
    "405": "The address does not take this method.",
    "409": "Of the right form, but the values contradict one another or the records; the text says what to do.",
    "413": "The request is larger than is taken.",
    "422": "Not of the form that this document tells; the text says what to send instead.",
    "500": "The server failed; its log has the details.",
    "503": "A part that is needed does not run.",
}

_PROBLEM_SCHEMA = {
    "title": "Problem",
    "type": "object",
    "description": "RFC 9457. Match on `code`, which is kept; never on the sentences.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"where": {"type": "string"}, "text": {"type": "string"}}},
        },
    },
}


def with_problems(schema: _Schema) -> _Schema:
    """The same document with every operation's error answers told, and each operation's own successes as they were."""
    schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM_SCHEMA
    for operations in schema["paths"].values():
        for operation in operations.values():
            responses = {str(status): answer for status, answer in operation["responses"].items()}
            for status, words in _ALWAYS.items():
                responses[status] = _answer(words)
            operation["responses"] = dict(sorted(responses.items()))
    return schema


def _answer(words: str) -> dict[str, Any]:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": words, "content": content}
