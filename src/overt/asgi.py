"""The web process: Django for pages and API, the engine's gateway for every video byte, and the pages' own files."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, cast

from django.core.asgi import get_asgi_application
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

FOOTAGE = "/footage"
STATIC = "/static"


class PageFiles(StaticFiles):
    """Styles, scripts and fonts. Their names stay when their content changes, so a browser asks each time (by ETag)."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def compose(pages: Asgi, footage: Asgi, files: Asgi) -> Asgi:
    """One application of three: what lies under /footage/ and /static/ never touches Django."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "lifespan":
            await footage(scope, receive, send)
        elif path.startswith(FOOTAGE + "/"):
            await footage({**scope, "root_path": scope.get("root_path", "") + FOOTAGE}, receive, send)
        elif scope["type"] == "http" and path.startswith(STATIC + "/"):
            await files(scope, receive, send)
        elif scope["type"] == "http":
            await pages(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 4404})

    return application


def build() -> Asgi:
    """The application as configured by the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overt.settings")
    pages = cast("Asgi", get_asgi_application())

    from django.apps import apps
    from django.conf import settings

    from overt import web
    from overt.shared.engine import gateway
    from overt.shared.keys import ticket_key

    folder = Path(web.__file__).parent / "static"
    # A room's own styles lie in the room, in a folder named after it.
    rooms: list[str | tuple[str, str]] = [
        (app.name, "static")
        for app in apps.get_app_configs()
        if app.name.startswith("overt.") and (Path(app.path) / "static").is_dir()
    ]
    files = Starlette(routes=[Mount(STATIC, PageFiles(directory=folder, packages=rooms, check_dir=False))])
    return compose(pages, gateway(settings.FOOTAGE_STORE, settings.RUN, ticket_key()), files)


application = build()
