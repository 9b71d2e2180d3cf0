"""The recorder's live socket, read as events. One connection for each camera that anybody watches.

The recorder drops a reader that falls behind; it never waits. Lengths are checked, though the peer is our own: the
two processes may be of different releases for a moment.
"""

from __future__ import annotations

import asyncio
import base64
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

LARGEST_FRAME = 16 << 20
_FRAME = struct.Struct(">IB")
_PICTURE = struct.Struct(">QqB")


@dataclass(frozen=True, slots=True)
class LiveParameters:
    """How the pictures are coded; `init` is the ftyp and moov that a player needs first."""

    codec: str
    width: int
    height: int
    fps: float
    init: bytes


@dataclass(frozen=True, slots=True)
class LiveState:
    """What the recorder says of the camera: the fields of its JSON, as they are."""

    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LivePicture:
    media_90k: int
    utc_90k: int
    key: bool
    data: bytes  # length-prefixed NAL units


LiveEvent = LiveParameters | LiveState | LivePicture


class BadUpstream(Exception):
    """The recorder sent what this gateway cannot read."""


@asynccontextmanager
async def connect(socket: Path, camera_id: UUID) -> AsyncIterator[AsyncIterator[LiveEvent]]:
    """Subscribe to one camera; the events end when the recorder closes. Raises OSError where nobody listens."""
    reader, writer = await asyncio.open_unix_connection(str(socket))
    try:
        writer.write(json.dumps({"camera": str(camera_id)}).encode() + b"\n")
        await writer.drain()
        yield _events(reader)
    finally:
        writer.close()


async def _events(reader: asyncio.StreamReader) -> AsyncIterator[LiveEvent]:
    while True:
        try:
            length, kind = _FRAME.unpack(await reader.readexactly(_FRAME.size))
            if length > LARGEST_FRAME:
                raise BadUpstream(f"a frame of {length} bytes")
            payload = await reader.readexactly(length)
        except asyncio.IncompleteReadError:
            return
        event = read_event(bytes([kind]), payload)
        if event is not None:
            yield event


def read_event(kind: bytes, payload: bytes) -> LiveEvent | None:
    """One frame of the live socket; None for a kind that a later release added. Raises BadUpstream."""
    try:
        if kind == b"F":
            media, utc, flags = _PICTURE.unpack_from(payload)
            return LivePicture(media, utc, bool(flags & 1), payload[_PICTURE.size :])
        if kind == b"P":
            fields = json.loads(payload)
            init = base64.b64decode(fields["init"])
            return LiveParameters(fields["codec"], fields["width"], fields["height"], fields["fps"], init)
        if kind == b"S":
            return LiveState(json.loads(payload))
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise BadUpstream(f"a frame of kind {kind!r} that cannot be read: {error}") from error
    return None
