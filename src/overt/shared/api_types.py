"""What every part of the API says in the same way: a moment, a count of time, a camera's number."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field
from pydantic import BeforeValidator, WithJsonSchema

from footage.times import utc_90k
from overt.shared.rfc3339 import moment

_COUNT: dict[str, Any] = {"type": "integer", "format": "utc-90k"}
_BOUNDED: dict[str, Any] = {**_COUNT, "minimum": 0, "maximum": 2**53}


def _no_truth(value: object) -> object:
    """JSON's true is no count, though Python would take it for 1."""
    if isinstance(value, bool):
        raise ValueError("give a whole number")
    return value


#: RFC 3339 with its offset.
Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
#: A UTC count of 1/90000 s, which a browser holds exactly.
Utc = Annotated[int, WithJsonSchema(_COUNT)]
#: One that is asked for.
UtcAsked = Annotated[int, Field(ge=0, le=2**53), WithJsonSchema(_BOUNDED)]
#: A moment that is asked for: as text, or exact as a count.
Moment = Annotated[int, BeforeValidator(_no_truth), Field(ge=0, le=2**53), WithJsonSchema(_BOUNDED)] | Time
Number = Annotated[str, Field(min_length=1, max_length=12, description="A camera's number: 127, R2.")]


def count_of(given: int | str, name: str) -> int:
    """The 90 kHz count of a Moment. Raises BadTime, which names the parameter."""
    return given if isinstance(given, int) else utc_90k(moment(given, name))
