"""Reading the small JSON bodies the islands send. Wrong shapes get a sentence, never a trace."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

from overt.shared.errors import BadInput


class BadBody(BadInput):
    """The request's body lacks something or is of another shape."""

    code = "bad-body"


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The body as an object. Raises BadBody."""
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise BadBody("The request is not JSON.") from error
    if not isinstance(body, dict):
        raise BadBody("The request is not a JSON object.")
    return body


def text_of(body: dict[str, Any], name: str, *, required: bool = True) -> str:
    """A member that is text. Raises BadBody."""
    value = body.get(name, "")
    if not isinstance(value, str) or "\0" in value or (required and not value.strip()):
        raise BadBody(f"Give {name} as text.")
    return value


def whole_of(body: dict[str, Any], name: str) -> int:
    """A member that is a whole number a browser can hold exactly. Raises BadBody."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 2**53:
        raise BadBody(f"Give {name} as a whole number.")
    return value
