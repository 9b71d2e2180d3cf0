"""The web process: Django for pages and API, the engine's gateway for every video byte, and the pages' own files.

What Django is asked has passed the limits of overt.web.limits; the gateway has its own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

from django.core.asgi import get_asgi_application
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from overt.rooms import rooms
from overt.web.limits.asgi import Asgi, Receive, Scope, Send
from overt.web.limits.bodies import Bodies, Uploads, matcher
from overt.web.limits.compression import Compression, Kept
from overt.web.limits.lanes import Lanes
from overt.web.limits.sign_ins import SignIns
from overt.web.limits.visitors import Visitors

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


def limited(pages: Asgi, visitors: Visitors) -> Asgi:
    """Django behind the limits: a body is here before it waits for its turn, and a refusal costs no turn."""
    limits = [limit for room in rooms() for limit in room.limits]
    uploads = Uploads.from_templates({limit.template: limit.body_bytes for limit in limits if limit.body_bytes})
    hashes = matcher(limit.template for limit in limits if limit.hashes_password)
    return Bodies(SignIns(Lanes(Compression(pages), visitors, hashes), visitors, _tell_refused), visitors, uploads)


async def _tell_refused(tries: Mapping[str, int]) -> None:
    from asgiref.sync import sync_to_async

    from overt.accounts.services import note_refused_sign_ins

    await sync_to_async(partial(note_refused_sign_ins, tries))()


def build() -> Asgi:
    """The application as configured by the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overt.settings")
    pages = cast("Asgi", get_asgi_application())

    from django.conf import settings

    from overt.shared.engine import gateway
    from overt.shared.keys import ticket_key
    from overt.watch.served import write_served
    from overt.watch.standing import ended

    visitors = Visitors(settings.SESSION_COOKIE_NAME, settings.SECRET_KEY, settings.TRUSTED_PROXIES)
    files = Compression(_files(), Kept())
    footage = gateway(settings.FOOTAGE_STORE, settings.RUN, ticket_key(), ended, write_served)
    return compose(limited(pages, visitors), footage, files)


def _files() -> Asgi:
    from django.apps import apps

    from overt import web

    folder = Path(web.__file__).parent / "static"
    # A room's own styles lie in the room, in a folder named after it.
    own: list[str | tuple[str, str]] = [
        (app.name, "static")
        for app in apps.get_app_configs()
        if app.name.startswith("overt.") and (Path(app.path) / "static").is_dir()
    ]
    return cast("Asgi", Starlette(routes=[Mount(STATIC, PageFiles(directory=folder, packages=own, check_dir=False))]))


application = build()
