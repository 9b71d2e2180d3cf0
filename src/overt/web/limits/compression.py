"""Text goes over the wire compressed (gzip), where the browser takes that. Pictures and archives go as they are.

A page that holds a secret beside something that a visitor chose could be read by its length (BREACH). The one secret
that pages hold again and again is the form token, which Django masks anew on each; and as Django's own middleware does,
each answer gets a name of random length into its head (RFC 1952), so that lengths say less.
"""

from __future__ import annotations

import secrets
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field

from overt.web.limits.asgi import Asgi, Message, Receive, Scope, Send, header

_TEXT = ("text/", "application/json", "application/problem+json", "application/javascript", "image/svg+xml")
#: Below this a head of its own costs more than is won.
_SMALLEST_BYTES = 500
_LEVEL = 6
_LONGEST_NAME = 100
_KEPT_BYTES = 8 * 1024 * 1024


def gzipped(data: bytes) -> bytes:
    """A gzip member whose head holds a name of random length."""
    name = b"a" * secrets.randbelow(_LONGEST_NAME) + b"\0"
    head = b"\x1f\x8b\x08\x08" + b"\0\0\0\0" + b"\x00\xff" + name  # with a name, no time, any system
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush()
    return head + packed + zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")


@dataclass(slots=True)
class Kept:
    """What was packed before, by its tag (of our own files, which are sent again and again)."""

    most_bytes: int = _KEPT_BYTES
    _packed: OrderedDict[tuple[str, bytes], bytes] = field(default_factory=OrderedDict, init=False)
    _bytes: int = field(default=0, init=False)

    def packed(self, path: str, tag: bytes, data: bytes) -> bytes:
        found = self._packed.get((path, tag))
        if found is None:
            found = self._packed[path, tag] = gzipped(data)
            self._bytes += len(found)
            while self._bytes > self.most_bytes:
                self._bytes -= len(self._packed.popitem(last=False)[1])
        return found


@dataclass(slots=True)
class Compression:
    """`keep` is for answers that are the same for everybody and have an ETag."""

    app: Asgi
    keep: Kept | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        takes = "gzip" in header(scope, b"accept-encoding") and scope["method"] != "HEAD"
        await self.app(scope, receive, _Answer(scope["path"], send, takes=takes, keep=self.keep).send)


class _Answer:
    """One answer on its way. A short one is packed whole; a text that comes in many pieces is gathered first."""

    def __init__(self, path: str, send: Send, *, takes: bool, keep: Kept | None) -> None:
        self._path, self._send, self._takes, self._keep = path, send, takes, keep
        self._start: Message | None = None
        self._pieces: list[bytes] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is None:
            await self._send(message)
        else:
            self._pieces.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._end(self._start, b"".join(self._pieces))

    async def _begin(self, message: Message) -> None:
        headers = {name.lower(): value for name, value in message.get("headers", ())}
        if not _is_text(message["status"], headers):
            await self._send(message)
            return
        message["headers"] = [*message["headers"], (b"vary", b"Accept-Encoding")]
        if self._takes:
            self._start = message
        else:
            await self._send(message)

    async def _end(self, start: Message, body: bytes) -> None:
        if len(body) >= _SMALLEST_BYTES:
            headers = {name.lower(): value for name, value in start["headers"]}
            tag = headers.get(b"etag", b"")
            body = self._keep.packed(self._path, tag, body) if self._keep and tag else gzipped(body)
            start["headers"] = [*_without_length(start["headers"]), (b"content-encoding", b"gzip"),
                                (b"content-length", str(len(body)).encode())]  # fmt: skip
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _without_length(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Without the plain body's length, and with a tag that says: the same content, not the same bytes (RFC 9110)."""
    kept = []
    for name, value in headers:
        if name.lower() == b"etag" and not value.startswith(b"W/"):
            kept.append((name, b"W/" + value))
        elif name.lower() != b"content-length":
            kept.append((name, value))
    return kept


def _is_text(status: int, headers: dict[bytes, bytes]) -> bool:
    kind = headers.get(b"content-type", b"").decode("latin1")
    return status not in {204, 206, 304} and b"content-encoding" not in headers and kind.startswith(_TEXT)
