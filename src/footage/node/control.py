"""The local control socket: a JSON line in, a JSON line out. Who may open it is who may enter its folder."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from footage.rtsp.control.lull import Lull, ended_by

log = logging.getLogger("footage.node")

Answer = Mapping[str, Any]
Ask = Callable[[dict[str, Any]], Awaitable[Answer]]
_LINE_LIMIT = 64 * 1024
_PATIENCE_SECONDS = 60.0


class ControlServer:
    """Answers `{"ask": ...}` by the functions it is given; anything else gets `{"error": code, "detail": ...}`."""

    def __init__(self, asks: Mapping[str, Ask], lull: Lull | None = None) -> None:
        self._asks, self._lull = asks, lull
        self._server: asyncio.Server | None = None
        self._open = contextlib.ExitStack()

    async def start(self, path: Path) -> None:
        """Listen. What lay at the path from an earlier run is taken away; the store's lock says that it is dead."""
        path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, path, limit=_LINE_LIMIT)
        self._open.enter_context(ended_by(self._lull, self._server.sockets[0].fileno()))
        path.chmod(0o600)

    async def stop(self) -> None:
        self._open.close()
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with ended_by(self._lull, writer.get_extra_info("socket").fileno()):
                while line := await self._line(reader):
                    answer = await self._answer(line)
                    writer.write(json.dumps(answer).encode() + b"\n")
                    async with asyncio.timeout(_PATIENCE_SECONDS):
                        await writer.drain()
        except (OSError, TimeoutError, asyncio.CancelledError):
            pass
        finally:
            with contextlib.suppress(OSError):
                writer.transport.abort() if writer.is_closing() else writer.close()

    async def _line(self, reader: asyncio.StreamReader) -> bytes:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await reader.readline()
        except ValueError:
            return b""  # a line past all bounds

    async def _answer(self, line: bytes) -> Answer:
        try:
            question = json.loads(line)
            ask = self._asks[question["ask"]]
        except (ValueError, KeyError, TypeError, RecursionError):
            known = ", ".join(sorted(self._asks))
            return {"error": "bad-question", "detail": f'send one JSON line {{"ask": ...}} with one of: {known}'}
        try:
            return await ask(question)
        except Exception as error:
            log.exception("a question could not be answered")
            return {"error": "failed", "detail": str(error)}
