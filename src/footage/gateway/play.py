"""Recordings over HTTP: any span as one MP4 that is written nowhere, by parts on request (Range).

Pictures and sound have an address each. A browser's player stands still where one of its tracks has a hole, so the
sound plays in an element of its own and the pictures never wait for it.

Reading the disk happens on worker threads, one block of 256 KiB at a time, and the next block is read when the
connection has taken the last: a slow viewer costs a quarter of a megabyte and one thread now and then.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import dataclass

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from footage.contract import CameraId, NoFootage
from footage.gateway.problems import BadQuestion, OutsideTicket, problem_response
from footage.gateway.ranges import Unsatisfiable, not_modified, range_applies, wanted_part
from footage.gateway.served import Pace, Tally
from footage.gateway.standing import Standing
from footage.gateway.tickets import ExpiredTicket, Ticket
from footage.playback.archive import Archive
from footage.playback.spans import Stretch
from footage.playback.tracks import Tracks
from footage.playback.virtual import VirtualFile
from footage.times import utc_text

#: Digits of the largest moment that anybody could mean.
_LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Serving:
    """How long an answer may go on: while its ticket lives by `clock` (unix seconds), and its right stands; how much of
    it there may be, and where it is counted."""

    standing: Standing
    tally: Tally
    pace: Pace
    clock: Callable[[], float]


def moment(request: Request, name: str, default: int | None = None) -> int:
    """A UTC count from the query. Raises BadQuestion."""
    text = request.query_params.get(name)
    if text is None and default is not None:
        return default
    if text is None or len(text) > _LONGEST_NUMBER or not (text.isascii() and text.isdigit()):
        raise BadQuestion(f"`{name}` is a moment in UTC, as a whole number of 1/90000 s since 1970.")
    return int(text)


def within(ticket: Ticket, start_90k: int, end_90k: int) -> None:
    """Raises OutsideTicket for a span that the ticket does not cover."""
    if start_90k < ticket.start_90k or end_90k > ticket.end_90k:
        raise OutsideTicket("This address is for another span of time.")


async def play(request: Request, ticket: Ticket, archive: Archive, serving: Serving, tracks: Tracks) -> Response:
    """The span's first stretch as MP4.

    Raises BadQuestion, OutsideTicket, BadSpan, NoFootage or TooMuch.
    """
    start, end = moment(request, "start", ticket.start_90k), moment(request, "end", ticket.end_90k)
    within(ticket, start, end)
    virtual, following = await anyio.to_thread.run_sync(_find, archive, ticket, start, end, tracks)
    headers = _headers(virtual, following)
    if not_modified(request.headers.get("if-none-match"), virtual.etag):
        return Response(status_code=304, headers=headers)
    wanted = request.headers.get("range") if request.method == "GET" else None
    if not range_applies(request.headers.get("if-range"), virtual.etag):
        wanted = None
    try:
        part = wanted_part(wanted, virtual.size_bytes)
    except Unsatisfiable:
        size = {"Content-Range": f"bytes */{virtual.size_bytes}"}
        return problem_response(416, "bad-range", "There are no such bytes", "The range begins past the end.", size)
    start, end = (part.start, part.end) if part else (0, virtual.size_bytes)
    if part:
        headers["Content-Range"] = part.content_range
    headers["Content-Length"] = str(end - start)
    status = 206 if part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type="video/mp4")
    span = virtual.span_of(start, end)
    serving.pace.spend(ticket, tracks, span[1] - span[0])
    blocks = _while_it_stands(virtual, (start, end), ticket, serving)
    return StreamingResponse(blocks, status_code=status, headers=headers, media_type="video/mp4")


def _find(archive: Archive, ticket: Ticket, start: int, end: int, tracks: Tracks) -> tuple[VirtualFile, Stretch | None]:
    """The first stretch, as a file whose times count from the ticket's start, and the stretch after it."""
    camera = CameraId(ticket.camera_id)
    found = archive.stretches(camera, start, end, not_before_90k=ticket.start_90k)
    if tracks is Tracks.SOUND:
        found = [sound for stretch in found if (sound := stretch.sound)]
        if not found:
            raise NoFootage(f"No sound was recorded from {utc_text(start)} to {utc_text(end)}.")
    return VirtualFile(found[0], ticket.start_90k, tracks=tracks), found[1] if len(found) > 1 else None


def _headers(virtual: VirtualFile, following: Stretch | None) -> dict[str, str]:
    stretch = virtual.stretch
    headers = {
        "ETag": virtual.etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "X-Start": str(stretch.start_90k),
        "X-End": str(stretch.end_90k),
        "X-Codec": _codec(stretch.file.codec, virtual.tracks),
    }
    if virtual.tracks is Tracks.PICTURES and stretch.sound is not None:
        headers["X-Sound"] = _codec(stretch.file.codec, Tracks.SOUND)  # there is some to be had, at its own address
    if following is not None:
        headers["X-Next-Start"] = str(max(following.start_90k, stretch.end_90k))
    return headers


def _codec(codecs: str, tracks: Tracks) -> str:
    """The codec of these tracks out of a recording's: the pictures' comes first."""
    pictures, _, sound = codecs.partition(",")
    return sound if tracks is Tracks.SOUND else pictures


async def _while_it_stands(
    virtual: VirtualFile, part: tuple[int, int], ticket: Ticket, serving: Serving
) -> AsyncIterator[bytes]:
    """The part's blocks until the ticket dies or its right ends; then the connection ends short, not whole.

    Raises ExpiredTicket, RightEnded or RightsUnknown.
    """
    with serving.standing.holding(ticket) as held:
        at = part[0]
        async for block in _in_threads(virtual.read(*part)):
            held.check()
            if ticket.expires <= serving.clock():
                raise ExpiredTicket("This address expired while it was read.")
            serving.tally.add(ticket, *virtual.span_of(at, at + len(block)), len(block))
            at += len(block)
            yield block


async def _in_threads(blocks: Generator[bytes, None, None]) -> AsyncIterator[bytes]:
    """Each block read on a worker thread. A segment that goes away under a viewer ends the connection short."""
    try:
        while block := await anyio.to_thread.run_sync(next, blocks, None):
            yield block
    finally:
        blocks.close()
