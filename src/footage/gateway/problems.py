"""Errors as answers: a problem document (RFC 9457's media type, our four members) with a stable code."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.responses import Response

from footage.contract import BadSpan, DamagedFootage, FootageError, NodeUnreachable, NoFootage
from footage.gateway.served import TooMuch
from footage.gateway.standing import RightEnded, RightsUnknown
from footage.gateway.tickets import BadTicket, ExpiredTicket
from footage.picture import PictureMissing


class BadQuestion(FootageError):
    """The address lacks something, or has something that cannot be read."""

    code = "bad-question"


class TooManySockets(FootageError):
    """One viewer holds as many live sockets as anybody may."""

    code = "too-many-sockets"


class OutsideTicket(FootageError):
    """The ticket is good, and not for this."""

    code = "outside-ticket"


_KNOWN: Mapping[type[FootageError], tuple[int, str]] = {
    BadTicket: (403, "This address is not valid"),
    ExpiredTicket: (403, "This address has expired"),
    OutsideTicket: (403, "This address is for something else"),
    RightEnded: (403, "This has ended"),
    TooManySockets: (429, "Too many pictures at once"),
    TooMuch: (429, "Too much at once"),
    RightsUnknown: (503, "This cannot be opened now"),
    BadQuestion: (400, "This cannot be answered"),
    BadSpan: (400, "This span cannot be shown"),
    NoFootage: (404, "Nothing was recorded"),
    DamagedFootage: (409, "The recording is damaged"),
    NodeUnreachable: (503, "The recorder is not running"),
    PictureMissing: (501, "Pictures cannot be decoded here"),
}


def problem(error: FootageError, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to an error that a person or a page can act on."""
    status, title = _KNOWN.get(type(error), (500, "The engine could not do this"))
    return problem_response(status, error.code, title, str(error), headers)


def problem_response(
    status: int, code: str, title: str, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    body = json.dumps({"code": code, "title": title, "status": status, "detail": detail})
    every = {"Cache-Control": "no-store", **(headers or {})}
    return Response(body, status_code=status, media_type="application/problem+json", headers=every)
