"""A client that shares no code with the engine: speaks just enough RTSP and RTP to see what a camera sends."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import ssl
import struct
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str
    challenges: list[str]


@dataclass
class Seen:
    """A picture as it came: NAL units whole again, RTP time, the sequence numbers used, whether one was missing."""

    nals: list[bytes] = field(default_factory=list)
    timestamp: int = 0
    arrived: float = 0.0
    broken: bool = False


class Viewer:
    """One connection. `watch` plays for a number of pictures; sender reports gather in `reports`."""

    def __init__(self, url: str, *, user: str = "", password: str = "", trust: ssl.SSLContext | None = None,
                 algorithm: str = "MD5") -> None:  # fmt: skip
        self.url, self.user, self.password, self.algorithm, self.trust = url, user, password, algorithm, trust
        self.session, self._number, self._challenge = "", 0, ""
        self.reports: list[tuple[float, int]] = []
        self.lost = 0
        self._sequence: int | None = None
        self._picture = Seen()
        self._fragment = b""

    async def __aenter__(self) -> Self:
        where = urlsplit(self.url)
        self.reader, self.writer = await asyncio.open_connection(where.hostname, where.port, ssl=self.trust)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.writer.close()

    async def ask(self, method: str, url: str = "", **headers: str) -> Answer:
        """Send one request and wait for its answer, passing over pictures on the way."""
        self._number += 1
        url = url or self.url
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self._number}"]
        if self.session:
            lines.append(f"Session: {self.session}")
        if self._challenge:
            lines.append(f"Authorization: {self._authorization(method, url)}")
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        while True:
            first = await self.reader.readexactly(1)
            if first != b"$":
                return await self._answer(first)
            await self._frame()

    async def _answer(self, first: bytes) -> Answer:
        head = (first + await self.reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.split("\r\n")
        pairs = [
            (name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:]) if name
        ]
        headers = dict(pairs)
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        challenges = [value for name, value in pairs if name == "www-authenticate"]
        return Answer(int(lines[0].split(" ")[1]), headers, body.decode(), challenges)

    def _authorization(self, method: str, url: str) -> str:
        if self._challenge.startswith("Basic"):
            return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', self._challenge.removeprefix("Digest ")))
        hashed = hashlib.sha256 if self.algorithm == "SHA-256" else hashlib.md5

        def digest(text: str) -> str:
            return hashed(text.encode()).hexdigest()

        secret = digest(f"{self.user}:{given['realm']}:{self.password}")
        response = digest(f"{secret}:{given['nonce']}:{digest(f'{method}:{url}')}")
        named = ", algorithm=SHA-256" if self.algorithm == "SHA-256" else ""
        return (f'Digest username="{self.user}", realm="{given["realm"]}", nonce="{given["nonce"]}", uri="{url}", '
                f'response="{response}"{named}')  # fmt: skip

    async def describe(self) -> Answer:
        """DESCRIBE, with credentials after a challenge where there are any."""
        answer = await self.ask("DESCRIBE", Accept="application/sdp")
        if answer.status == 401 and self.user and answer.challenges:
            wanted = [c for c in answer.challenges if ("SHA-256" in c) == (self.algorithm == "SHA-256")]
            self._challenge = (wanted or answer.challenges)[0]
            answer = await self.ask("DESCRIBE", Accept="application/sdp")
        return answer

    async def play(self) -> Answer:
        await self.describe()
        answer = await self.ask("SETUP", f"{self.url}/trackID=0", Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
        self.session = answer.headers.get("session", "").split(";")[0]
        return await self.ask("PLAY")

    async def pictures(self, count: int, *, within: float = 10.0) -> list[Seen]:
        """The next pictures, whole or `broken`. Raises TimeoutError, IncompleteReadError where the camera hangs up."""
        out: list[Seen] = []
        async with asyncio.timeout(within):
            while len(out) < count:
                await self.reader.readexactly(1)
                if seen := await self._frame():
                    out.append(seen)
        return out

    async def _frame(self) -> Seen | None:
        channel, size = struct.unpack("!BH", await self.reader.readexactly(3))
        packet = await self.reader.readexactly(size)
        if channel == 1:
            if packet[1] == 200:
                seconds, fraction, stamp = struct.unpack_from("!III", packet, 8)
                self.reports.append((seconds - 2_208_988_800 + fraction / 2**32, stamp))
            return None
        return self._rtp(packet)

    def _rtp(self, packet: bytes) -> Seen | None:
        _, kind, sequence, stamp = struct.unpack_from("!BBHI", packet)
        if self._sequence is not None and sequence != (self._sequence + 1) & 0xFFFF:
            self.lost += (sequence - self._sequence - 1) & 0xFFFF
            self._picture.broken = True
        self._sequence = sequence
        self._payload(packet[12:])
        if not kind & 0x80:
            return None
        seen, self._picture = self._picture, Seen()
        seen.timestamp, seen.arrived = stamp, time.monotonic()
        return seen

    def _payload(self, body: bytes) -> None:
        if body[0] & 0x1F == 28:  # FU-A
            head, flags, rest = bytes([body[0] & 0xE0 | body[1] & 0x1F]), body[1], body[2:]
        elif body[0] >> 1 & 0x3F == 49:  # FU of H.265
            head, flags, rest = bytes([body[0] & 0x81 | (body[2] & 0x3F) << 1, body[1]]), body[2], body[3:]
        else:
            self._picture.nals.append(body)
            return
        self._fragment = head + rest if flags & 0x80 else self._fragment + rest
        if flags & 0x40:
            self._picture.nals.append(self._fragment)
