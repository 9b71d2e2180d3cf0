"""One RTSP connection to the simulated cameras (RFC 2326, RFC 7826 where cameras follow it): interleaved TCP only."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import unquote, urlsplit

from footage.simcam.sdp import describe

if TYPE_CHECKING:
    from footage.simcam.auth import Gate
    from footage.simcam.camera import Camera
    from footage.simcam.options import Options

PUBLIC = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER"
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 454: "Session Not Found",
           455: "Method Not Valid in This State", 461: "Unsupported Transport", 501: "Not Implemented"}  # fmt: skip
LONGEST_REQUEST = 16 << 10
#: Past so many packets that wait to be spread they follow one another without a pause.
_MOST_WAITING = 64


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    headers: dict[str, str]

    @property
    def camera(self) -> str:
        """The camera's name in the address: its first path segment."""
        return unquote(urlsplit(self.url).path.strip("/").split("/")[0])


class Server(Protocol):
    """What a session asks of the server it stands on."""

    options: Options
    gate: Gate
    sessions: set[Session]

    def find(self, name: str) -> Camera | None: ...


class Session(asyncio.Protocol):
    """Answers requests and hands pictures on. Takes the camera's name from each request."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._buffer = b""
        self._id = ""
        self._channel = 0
        self._camera: Camera | None = None
        self._playing = False
        self._heard = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self.due_report, self.due_sound_report, self.began = 0.0, 0.0, False
        self.sound_channel: int | None = None
        self._waiting: deque[tuple[bytes, float]] = deque()  # packets that are spread, each with the pause after it

    # Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._server.sessions.add(self)
        self._heard = asyncio.get_running_loop().time()
        self._watch_over()

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.sessions.discard(self)
        if self._watch:
            self._watch.cancel()
        if self._camera:
            self._camera.leave(self)

    def data_received(self, data: bytes) -> None:
        self._heard = asyncio.get_running_loop().time()
        self._buffer += data
        while self._buffer:
            if self._buffer[0] == 0x24:  # the listener's own RTCP: a sign of life, nothing more
                if len(self._buffer) < 4 or len(self._buffer) < (end := 4 + int.from_bytes(self._buffer[2:4], "big")):
                    return
                self._buffer = self._buffer[end:]
            elif not self._take_request():
                return

    def _take_request(self) -> bool:
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            if len(self._buffer) > LONGEST_REQUEST:
                self.close()
            return False
        request = parse_request(head.decode("utf-8", "replace"))
        if request is None:
            self.close()
            return False
        body = int(request.headers.get("content-length") or 0)
        if len(rest) < body:
            return False
        self._buffer = rest[body:]
        self._answer(request)
        return True

    def _watch_over(self) -> None:
        """Let a connection go that has said nothing for the session's time, as cameras do."""
        loop = asyncio.get_running_loop()
        allowed = self._server.options.session_timeout_s
        left = self._heard + allowed - loop.time()
        if left <= 0:
            self.close()
        else:
            self._watch = loop.call_later(left + 0.01, self._watch_over)

    # The camera's side

    def send(self, packets: bytes | bytearray, offsets: tuple[int, ...] = ()) -> None:
        """Write packets: all of one picture together, or one by one where the server was asked for that."""
        if self._transport.is_closing():
            return
        if self._channel:
            packets = self._moved(packets, offsets)
        options = self._server.options
        if not (options.packets_apart or options.spread_s) or len(offsets) < 2:
            self._transport.write(packets)
            return
        pieces = [bytes(packets[at:end]) for at, end in zip(offsets, (*offsets[1:], len(packets)), strict=True)]
        if options.spread_s:
            self._spread(pieces, options.spread_s / len(pieces))
            return
        for piece in pieces:
            asyncio.get_running_loop().call_soon(self._write, piece)

    def _spread(self, pieces: list[bytes], wait_s: float) -> None:
        """Write them one by one, after all that still waits: a late picture is not overtaken by the next."""
        began = not self._waiting
        self._waiting.extend((piece, wait_s) for piece in pieces)
        if began:
            self._write_next()

    def _write_next(self) -> None:
        piece, wait_s = self._waiting.popleft()
        self._write(piece)
        if self._waiting:
            wait_s = wait_s if len(self._waiting) < _MOST_WAITING else 0.0
            asyncio.get_running_loop().call_later(wait_s, self._write_next)

    def _write(self, piece: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(piece)

    def _moved(self, packets: bytes | bytearray, offsets: tuple[int, ...]) -> bytearray:
        moved = bytearray(packets)
        for offset in offsets or ((0,) if packets[:1] == b"$" else ()):
            moved[offset + 1] += self._channel
        return moved

    def send_sound(self, data: bytes) -> None:
        """Write one packet of sound or its report, which bears its channel already."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def backlog(self) -> int:
        return self._transport.get_write_buffer_size()

    def close(self) -> None:
        self._transport.abort()

    # Requests

    def _answer(self, request: Request) -> None:
        camera = self._server.find(request.camera)
        if camera:
            self._attach(camera)
            if camera.silent:
                return
            if camera.refusing:
                self.close()
                return
        if request.method not in PUBLIC.split(", "):
            self._reply(request, 501)
        elif request.method == "OPTIONS":
            self._reply(request, 200, Public=PUBLIC)
        elif not self._may(request, camera):
            self._refuse(request)
        elif camera is None:
            self._reply(request, 404)
        else:
            self._handlers()[request.method](request, camera)

    def _handlers(self) -> dict[str, Callable[[Request, Camera], None]]:
        return {"DESCRIBE": self._describe, "SETUP": self._setup, "PLAY": self._play, "PAUSE": self._pause,
                "TEARDOWN": self._teardown, "GET_PARAMETER": self._alive, "SET_PARAMETER": self._alive}  # fmt: skip

    def _attach(self, camera: Camera) -> None:
        if self._camera is None:
            self._camera = camera
            camera.connections.add(self)

    def _may(self, request: Request, camera: Camera | None) -> bool:
        gate = self._server.gate
        if camera and camera.refusing_credentials:
            return False
        return gate.admits(request.method, request.headers.get("authorization", ""))

    def _refuse(self, request: Request) -> None:
        challenges = self._server.gate.challenges()
        lines = "".join(f"WWW-Authenticate: {challenge}\r\n" for challenge in challenges)
        self._reply(request, 401, extra=lines)

    def _describe(self, request: Request, camera: Camera) -> None:
        sets = self._server.options.sdp_parameters and camera.sdp_parameters
        body = describe(camera.film, camera.name, parameter_sets=sets)
        headers = {"Content-Type": "application/sdp", "Content-Base": request.url.rstrip("/") + "/"}
        self._reply(request, 200, body, **headers)

    def _setup(self, request: Request, camera: Camera) -> None:
        transport = request.headers.get("transport", "")
        track = request.url.rstrip("/").rpartition("/")[2]
        if "TCP" not in transport or track not in ("trackID=0", "trackID=1" if camera.film.sound else "trackID=0"):
            self._reply(request, 461 if "TCP" not in transport else 404)
            return
        fields = dict(part.partition("=")[::2] for part in transport.split(";"))
        first = fields.get("interleaved", "0-1").split("-")[0]
        channel = int(first) if first.isdigit() and int(first) < 255 else 0
        if track == "trackID=0":
            self._channel = channel
        else:
            self.sound_channel = channel
        self._id = self._id or secrets.token_hex(8)
        channels = f"{channel}-{channel + 1}"
        self._reply(request, 200, Transport=f"RTP/AVP/TCP;unicast;interleaved={channels};ssrc={camera.source:08X}",
                    Session=f"{self._id};timeout={self._server.options.session_timeout_s:.0f}")  # fmt: skip

    def _play(self, request: Request, camera: Camera) -> None:
        if not self._in_session(request):
            return
        base = request.url.rstrip("/")
        if self._playing:
            self._reply(request, 200, Session=self._id)
            return
        self._playing = True
        sequence, timestamp = camera.listen(self)
        info = f"url={base}/trackID=0;seq={sequence};rtptime={timestamp}"
        self._reply(request, 200, Session=self._id, Range="npt=now-", **{"RTP-Info": info})

    def _pause(self, request: Request, camera: Camera) -> None:
        if self._in_session(request):
            self._stop(camera)
            self._reply(request, 200, Session=self._id)

    def _teardown(self, request: Request, camera: Camera) -> None:
        if self._in_session(request):
            self._stop(camera)
            self._reply(request, 200, Session=self._id)
            self._transport.close()

    def _alive(self, request: Request, camera: Camera) -> None:
        if self._in_session(request):
            self._reply(request, 200, Session=self._id)

    def _stop(self, camera: Camera) -> None:
        camera.leave(self)
        camera.connections.add(self)
        self._playing = False

    def _in_session(self, request: Request) -> bool:
        asked = request.headers.get("session", "").split(";")[0].strip()
        right = bool(self._id) and asked == self._id
        if not right:
            self._reply(request, 454)
        return right

    def _reply(self, request: Request, status: int, body: str = "", extra: str = "", **headers: str) -> None:
        lines = [f"RTSP/1.0 {status} {REASONS[status]}", f"CSeq: {request.headers.get('cseq', '0')}", "Server: simcam"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        content = body.encode()
        if content:
            lines.append(f"Content-Length: {len(content)}")
        self._transport.write("\r\n".join(lines).encode() + b"\r\n" + extra.encode() + b"\r\n" + content)


def parse_request(head: str) -> Request | None:
    """A request's first line and headers, names in lower case; None for anything that is no RTSP."""
    first, *rest = head.lstrip("\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("RTSP/"):
        return None
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    if not headers.get("content-length", "0").isdigit():
        return None
    return Request(words[0], words[1], headers)
