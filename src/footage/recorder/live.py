"""Hands pictures to viewers' gateways over one local socket, and lets go of whoever does not read.

Each client names one camera and gets its parameters, its state, the pictures since the last key frame, and then each
picture as it comes. Nothing here waits: a client's unread bytes are bounded, and past the bound it is dropped.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import logging
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from footage.contract import CameraId
from footage.rtsp.control.lull import Lull, ended_by
from footage.rtsp.events import AccessUnit, VideoParameters

log = logging.getLogger("footage.live")

#: A client with more unread bytes than this is dropped.
MOST_UNREAD_BYTES = 4 * 1024 * 1024
#: The pictures kept since the last key frame, for whoever comes; a longer group is not kept whole.
_MOST_KEPT_BYTES = 8 * 1024 * 1024
#: What a kept picture costs beyond its bytes, so that countless tiny ones are bounded too.
_PICTURE_COST_BYTES = 512
_LINE_LIMIT = 1024
_HEAD = struct.Struct(">IB")
_PICTURE = struct.Struct(">QqB")


class LiveChannel:
    """One camera's viewers."""

    def __init__(self) -> None:
        self._clients: set[asyncio.WriteTransport] = set()
        self._parameters = b""
        self._state = b""
        self._since_key: list[tuple[int, AccessUnit]] = []
        self._kept_bytes = 0

    @property
    def viewers(self) -> int:
        return len(self._clients)

    def parameters(self, parameters: VideoParameters, init: bytes) -> None:
        """The stream is of this kind from the next picture on."""
        facts = {
            "codec": parameters.rfc6381,
            "width": parameters.width,
            "height": parameters.height,
            "fps": parameters.fps,
            "init": base64.b64encode(init).decode(),
        }
        self._parameters = _frame(b"P", json.dumps(facts).encode())
        self._since_key.clear()
        self._kept_bytes = 0
        self._send([self._parameters])

    def state(self, facts: Mapping[str, object]) -> None:
        """The camera's condition changed."""
        self._state = _frame(b"S", json.dumps(facts).encode())
        self._send([self._state])

    def picture(self, unit: AccessUnit, utc_90k: int) -> None:
        """One picture, to everyone and to be kept until the next key frame."""
        if unit.key:
            self._since_key.clear()
            self._kept_bytes = 0
        if unit.key or self._since_key:
            self._kept_bytes += unit.size_bytes + _PICTURE_COST_BYTES
            if self._kept_bytes <= _MOST_KEPT_BYTES:
                self._since_key.append((utc_90k, unit))
            else:
                self._since_key.clear()  # nobody can join before the next key frame
        if self._clients:
            self._send(_picture(unit, utc_90k))

    def add(self, client: asyncio.WriteTransport) -> None:
        """A viewer comes: what the stream is, how it is, and where it stands."""
        parts: list[bytes | memoryview] = [part for part in (self._parameters, self._state) if part]
        for utc_90k, unit in self._since_key:
            parts += _picture(unit, utc_90k)
        client.write(b"".join(parts))
        self._clients.add(client)

    def remove(self, client: asyncio.WriteTransport) -> None:
        self._clients.discard(client)

    def close(self) -> None:
        """The camera is gone: let its viewers know by ending their streams."""
        for client in list(self._clients):
            client.close()
        self._clients.clear()

    def _send(self, parts: Sequence[bytes | memoryview]) -> None:
        if not self._clients:
            return
        data = b"".join(parts)
        for client in list(self._clients):
            if client.get_write_buffer_size() > MOST_UNREAD_BYTES:
                log.warning("a viewer that does not read was dropped")
                self._clients.discard(client)
                client.abort()
            else:
                client.write(data)


class LiveServer:
    """The local socket. Who may open it is who may enter its folder."""

    def __init__(self, lull: Lull | None = None) -> None:
        self._channels: dict[CameraId, LiveChannel] = {}
        self._server: asyncio.Server | None = None
        self._lull = lull
        self._open = contextlib.ExitStack()

    def channel(self, camera_id: CameraId) -> LiveChannel:
        """The camera's channel, kept while the node runs, so that viewers outlive a change of its settings."""
        return self._channels.setdefault(camera_id, LiveChannel())

    async def start(self, path: Path) -> None:
        """Listen. Whatever lay at the path from an earlier run is taken away."""
        path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, path, limit=_LINE_LIMIT)
        self._open.enter_context(ended_by(self._lull, self._server.sockets[0].fileno()))
        path.chmod(0o600)

    async def stop(self) -> None:
        self._open.close()
        for channel in self._channels.values():
            channel.close()
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        channel = await self._wanted(reader)
        transport = writer.transport
        if channel is not None:
            channel.add(transport)
            watched = self._lull.watched() if self._lull else contextlib.nullcontext()
            with watched, contextlib.suppress(OSError):
                while await reader.read(_LINE_LIMIT):  # nothing more is expected; the end tells that it left
                    pass
            channel.remove(transport)
        transport.abort()

    async def _wanted(self, reader: asyncio.StreamReader) -> LiveChannel | None:
        try:
            async with asyncio.timeout(5):
                line = await reader.readline()
            return self._channels.get(CameraId(UUID(json.loads(line)["camera"])))
        except (ValueError, KeyError, TypeError, OSError, RecursionError):
            return None


def _frame(kind: bytes, payload: bytes) -> bytes:
    """The payload's length, one byte of kind, the payload."""
    return _HEAD.pack(len(payload), kind[0]) + payload


def _picture(unit: AccessUnit, utc_90k: int) -> list[bytes | memoryview]:
    head = _HEAD.pack(_PICTURE.size + unit.size_bytes, ord("F"))
    return [head, _PICTURE.pack(unit.media_90k, utc_90k, int(unit.key)), *unit.parts]
