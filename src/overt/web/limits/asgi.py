"""Words that all limits share: what an ASGI application is, what a request says of itself, and how it is refused."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from http import HTTPStatus
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/static/overt/overt.css"></head>
<body><main><h1>{title}</h1><p>{detail}</p></main></body></html>
"""


def header(scope: Scope, name: bytes) -> str:
    """A header's value, the last where there are several; empty where there is none."""
    found = [value for key, value in scope.get("headers", ()) if key == name]
    return found[-1].decode("latin1") if found else ""


async def refuse(scope: Scope, send: Send, status: int, code: str, detail: str, *, retry_after_s: int = 0) -> None:
    """Answer without asking anybody further: a problem document (RFC 9457) for scripts, a sentence for people.

    The connection is closed after it, for there may be a body on its way that nobody will read.
    """
    title = HTTPStatus(status).phrase
    if scope["path"].startswith("/api/") or header(scope, b"accept").startswith("application/json"):
        fields = {"type": f"about:blank#{code}", "title": title, "status": status, "detail": detail, "code": code}
        body, kind = json.dumps(fields).encode(), b"application/problem+json"
    else:
        body, kind = _PAGE.format(title=escape(title), detail=escape(detail)).encode(), b"text/html; charset=utf-8"
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'"),
        (b"connection", b"close"),
    ]
    if retry_after_s:
        headers.append((b"retry-after", str(retry_after_s).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
