"""The web process: Django for pages and API, the engine's gateway for every video byte."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.asgi import get_asgi_application

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

FOOTAGE = "/footage"


def compose(pages: Asgi, footage: Asgi) -> Asgi:
    """One application of two: what lies under /footage/ goes to the gateway (which sees the path without it)."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "lifespan":
            await footage(scope, receive, send)
        elif path.startswith(FOOTAGE + "/"):
            await footage({**scope, "root_path": scope.get("root_path", "") + FOOTAGE}, receive, send)
        elif scope["type"] == "http":
            await pages(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 4404})

    return application


def build() -> Asgi:
    """The application as configured by the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overt.settings")
    pages = get_asgi_application()

    from django.conf import settings
    from footage.gateway.app import create_app

    from overt.shared.keys import ticket_key

    return compose(pages, create_app(settings.FOOTAGE_STORE, settings.RUN, ticket_key()))


application = build()
