"""The gateway: the one place that serves video bytes, on signed addresses only. An ASGI application.

    WS        /live/{ticket}    pictures as they come; see live.py and messages.py
    GET HEAD  /play/{ticket}    ?start=&end=   a recorded span's pictures as MP4, with Range and ETag; see play.py
    GET HEAD  /sound/{ticket}   ?start=&end=   its sound, where there is any; 404 where there is none
    GET HEAD  /still/{ticket}   ?at=[&width=]  the picture shown at a moment, as JPEG

It knows no people. What a ticket says is so while what it was given for stands, which it asks whoever made it with
`rights` (standing.py). Errors are problem documents.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio
import anyio.to_thread
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from footage.catalogue import StoreMissing
from footage.contract import CameraId, FootageError, NoFootage
from footage.gateway.doors import Door
from footage.gateway.hub import LiveHub
from footage.gateway.live import LiveSockets
from footage.gateway.play import Serving, moment, play, within
from footage.gateway.problems import BadQuestion, problem, problem_response
from footage.gateway.served import Pace, Report, Tally
from footage.gateway.standing import Rights, Standing
from footage.gateway.store import LazyArchive
from footage.gateway.tickets import Ticket, TicketAct
from footage.playback.archive import Archive
from footage.playback.tracks import Tracks

_WIDEST = 7680
_Serve = Callable[[Request, Ticket, Archive], Awaitable[Response]]


def create_app(
    store: Path, run: Path, ticket_key: bytes, rights: Rights | None = None, report: Report | None = None
) -> ASGIApp:
    """The application over one store and one recorder's sockets. Neither need exist yet.

    `rights` says of tickets which have ended; without it a ticket counts until it expires. `report` is told what was
    served.
    """
    door, standing, archive = Door(ticket_key), Standing(rights), LazyArchive(store)
    tally, pace = Tally(report), Pace()
    sockets = LiveSockets(door, LiveHub(run), standing, tally)
    serving = Serving(standing, tally, pace, door.clock)
    reviewed = partial(_reviewed, door, standing, archive)

    #: Decoding costs a core and memory; two at a time leave the rest of the process alone.
    stills = _stills(anyio.CapacityLimiter(2), tally)

    async def live(socket: WebSocket) -> None:
        await sockets.serve(socket)

    routes = [
        Route("/play/{ticket}", reviewed(partial(play, serving=serving, tracks=Tracks.PICTURES)), methods=["GET"]),
        Route("/sound/{ticket}", reviewed(partial(play, serving=serving, tracks=Tracks.SOUND)), methods=["GET"]),
        Route("/still/{ticket}", reviewed(stills), methods=["GET"]),
        WebSocketRoute("/live/{ticket}", live),
    ]

    @asynccontextmanager
    async def until_it_stops(app: Starlette) -> AsyncIterator[None]:
        yield
        await tally.tell(everything=True)

    handlers = {404: _no_such_page, 405: _no_such_page}
    return _Headers(Starlette(routes=routes, exception_handlers=handlers, lifespan=until_it_stops))


def _reviewed(
    door: Door, standing: Standing, archive: LazyArchive, serve: _Serve
) -> Callable[[Request], Awaitable[Response]]:
    """A route behind a review ticket; what goes wrong becomes a problem document."""

    async def route(request: Request) -> Response:
        try:
            ticket = door.admit(request.path_params["ticket"], TicketAct.REVIEW)
            await standing.check(ticket)
            return await serve(request, ticket, await anyio.to_thread.run_sync(archive.get))
        except StoreMissing:
            return problem(NoFootage("Nothing has been recorded yet."))
        except FootageError as error:
            return problem(error)

    return route


def _stills(decoders: anyio.CapacityLimiter, tally: Tally) -> _Serve:
    async def serve(request: Request, ticket: Ticket, archive: Archive) -> Response:
        from footage.picture.stills import still  # nothing else here decodes

        at, width = moment(request, "at"), moment(request, "width", _WIDEST)
        within(ticket, at, at)
        if not 16 <= width <= _WIDEST:
            raise BadQuestion(f"`width` is from 16 to {_WIDEST} pixels.")
        decode = partial(still, archive, CameraId(ticket.camera_id), at, max_width=width)
        found = await anyio.to_thread.run_sync(decode, limiter=decoders)
        headers = {"X-At": str(found.at_90k), "Cache-Control": "private, no-cache"}
        if request.method == "GET":
            tally.add(ticket, found.at_90k, found.at_90k, len(found.jpeg))
        return Response(found.jpeg, media_type="image/jpeg", headers=headers)

    return serve


async def _no_such_page(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    if status == 405:
        return problem_response(405, "bad-method", "That cannot be done here", "This address can only be read.")
    return problem_response(404, "not-found", "Not found", "There is nothing at this address.")


class _Headers:
    """What every answer says: footage is for one viewer, is what it says it is, and tells no other site of itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Cache-Control", "private, no-store")
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
            await send(message)

        await self._app(scope, receive, with_headers)
