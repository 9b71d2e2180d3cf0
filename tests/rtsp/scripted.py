"""A scripted camera: speaks real RTSP over a real socket, and misbehaves exactly as a test asks it to."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from footage.rtsp.events import Codec
from rtsp.packets import interleaved, packets
from rtsp.pictures import Coded, nal_type

FIRST_PORT, LAST_PORT = 18200, 18299
NEVER = 1e9  # as `late`


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    status: int = 200
    reason: str = "OK"
    headers: tuple[str, ...] = ()
    body: bytes = b""
    late: float = 0.0  # seconds until it is given
    closes: bool = False  # the connection, behind the answer


def listening_socket() -> socket.socket:
    """A free loopback port out of the range that is set aside for these tests."""
    for port in range(FIRST_PORT, LAST_PORT + 1):
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            made.bind(("127.0.0.1", port))
            made.listen()
            return made
        made.close()
    raise RuntimeError("no free port for a scripted camera")


Play = Callable[["Connection"], Awaitable[None]]


async def whole_film(connection: Connection) -> None:
    """Everything at once, then silence with the connection open."""
    camera = connection.camera
    await connection.write(b"".join(interleaved(camera.channel, packet) for packet in camera.packets()))


@dataclass
class Connection:
    """One client's connection, as a test's own `play` gets it."""

    camera: ScriptedCamera
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def packet(self, data: bytes) -> None:
        await self.write(interleaved(self.camera.channel, data))

    async def paced(self, seconds: float, *, fps: float = 25.0) -> None:
        """The film over and over for some time, its timestamps and sequence numbers running on."""
        loop = asyncio.get_running_loop()
        end, rounds, sent = loop.time() + seconds, 0, 0
        pictures = self.camera.coded.pictures
        while loop.time() < end:
            for number, picture in enumerate(pictures):
                at = (rounds * len(pictures) + number) * 3600
                batch = packets(self.camera.coded.codec, [picture], first_sequence=sent, first_timestamp=at)
                sent += len(batch)
                await self.write(b"".join(interleaved(self.camera.channel, packet) for packet in batch))
                await asyncio.sleep(1 / fps)
                if loop.time() >= end:
                    return
            rounds += 1


async def _none_unanswered(connection: Connection, request: Request) -> bool:
    return False


@dataclass
class ScriptedCamera:
    """Set what it shall do wrong before entering; `requests` tells afterwards what it was asked."""

    coded: Coded
    play: Play = whole_film
    channel: int = 0
    sets_in_sdp: bool = True
    content_base: str | None = None
    session_control: str = "*"
    track_control: str = "trackID=1"
    sdp: str | None = None
    public: str = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"
    session: str = "8F1A;timeout=60"
    transport: str | None = None
    audio: str = "m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=control:trackID=2\r\n"
    markers: bool = True
    tls: ssl.SSLContext | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    before: Callable[[Request], Answer | None] = lambda request: None
    number: Callable[[Request], str | None] = lambda request: request.headers["cseq"]
    unanswered: Callable[[Connection, Request], Awaitable[bool]] = _none_unanswered
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"{'rtsps' if self.tls else 'rtsp'}://127.0.0.1:{self.port}/stream1"

    @property
    def methods(self) -> list[str]:
        return [request.method for request in self.requests]

    def packets(self) -> list[bytes]:
        return packets(self.coded.codec, self.coded.pictures, markers=self.markers)

    async def __aenter__(self) -> ScriptedCamera:
        listening = listening_socket()
        self.port = listening.getsockname()[1]
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server = await asyncio.start_server(self._serve, sock=listening, ssl=self.tls)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        connection = Connection(self, reader, writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                request = await self._next_request(reader)
                self.requests.append(request)
                if await self.unanswered(connection, request):
                    continue
                answer = self.before(request) or self.answers.get(request.method) or self._answer(request)
                self._tasks.add(asyncio.create_task(self._give(connection, request, answer)))
                await asyncio.sleep(0)
                if answer.closes:
                    break
                if request.method == "PLAY" and answer.status == 200:
                    task = asyncio.create_task(self._run_play(connection))
                    self._tasks.add(task)
                if request.method == "TEARDOWN":
                    break
        writer.close()

    async def _give(self, connection: Connection, request: Request, answer: Answer) -> None:
        if answer.late:
            await asyncio.sleep(min(answer.late, 3600))
        with contextlib.suppress(ConnectionError):
            await connection.write(self._bytes(request, answer))

    async def _run_play(self, connection: Connection) -> None:
        with contextlib.suppress(ConnectionError):
            await self.play(connection)

    async def _next_request(self, reader: asyncio.StreamReader) -> Request:
        head = (await reader.readuntil(b"\r\n\r\n")).decode(errors="surrogateescape")
        start, *lines = head.strip().split("\r\n")
        method, url, _ = start.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return Request(method, url, headers)

    def _answer(self, request: Request) -> Answer:
        if request.method == "OPTIONS":
            return Answer(headers=(f"Public: {self.public}",))
        if request.method == "DESCRIBE":
            base = self.content_base if self.content_base is not None else request.url + "/"
            lines = ("Content-Type: application/sdp",) + ((f"Content-Base: {base}",) if base else ())
            return Answer(headers=lines, body=(self.sdp or self._sdp()).encode())
        if request.method == "SETUP":
            first = 2 if request.url.endswith("trackID=2") else self.channel
            transport = self.transport or f"RTP/AVP/TCP;unicast;interleaved={first}-{first + 1}"
            return Answer(headers=(f"Transport: {transport}", f"Session: {self.session}"))
        return Answer(headers=(f"Session: {self.session}",))

    def _sdp(self) -> str:
        sets = {nal_type(self.coded.codec, nal): base64.b64encode(nal).decode() for nal in self.coded.parameter_sets()}
        if self.coded.codec is Codec.H264:
            told = f";sprop-parameter-sets={sets[7]},{sets[8]}" if self.sets_in_sdp else ""
            video = f"a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1{told}\r\n"
        else:
            told = (
                f" sprop-vps={sets[32]};sprop-sps={sets[33]};sprop-pps={sets[34]}"
                if self.sets_in_sdp
                else " level-id=93"
            )
            video = f"a=rtpmap:96 H265/90000\r\na=fmtp:96{told}\r\n"
        start = f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=Scripted\r\nt=0 0\r\na=control:{self.session_control}\r\n"
        return start + self.audio + f"m=video 0 RTP/AVP 96\r\n{video}a=control:{self.track_control}\r\n"

    def _bytes(self, request: Request, answer: Answer) -> bytes:
        number = self.number(request)
        told = () if number is None else (f"CSeq: {number}",)
        lines = [f"RTSP/1.0 {answer.status} {answer.reason}", *told, *answer.headers]
        if answer.body:
            lines.append(f"Content-Length: {len(answer.body)}")
        return "\r\n".join([*lines, "", ""]).encode(errors="surrogateescape") + answer.body
