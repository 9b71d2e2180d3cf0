"""Live pictures handed out: one connection to the recorder for each camera, however many people watch it.

A camera's connection opens with its first viewer and closes with its last. Fragments are made once and shared.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from footage.gateway.broadcast import Broadcast
from footage.gateway.upstream import BadUpstream, connect
from footage.gateway.viewer import Viewer

_log = logging.getLogger(__name__)

#: Between attempts to reach a recorder that is not there, seconds.
_RETRY = (0.25, 0.5, 1.0, 2.0)

_LOST = "The recorder is not running, so nothing is known of this camera."
_NOT_RECORDED = "The recorder does not record this camera."


class LiveHub:
    """Which cameras are being watched now, in this process."""

    def __init__(self, run: Path) -> None:
        self._socket = run / "live.sock"
        self._cameras: dict[UUID, tuple[Broadcast, asyncio.Task[None]]] = {}

    @property
    def watched(self) -> int:
        """Cameras with an upstream connection now."""
        return len(self._cameras)

    @contextmanager
    def watching(self, camera_id: UUID) -> Iterator[Viewer]:
        """A viewer of the camera, joined at its last key frame, for as long as the block runs."""
        broadcast, _ = self._cameras.get(camera_id) or self._open(camera_id)
        viewer = Viewer()
        broadcast.join(viewer)
        try:
            yield viewer
        finally:
            broadcast.leave(viewer)
            if not broadcast.viewers:
                self._cameras.pop(camera_id)[1].cancel()

    def _open(self, camera_id: UUID) -> tuple[Broadcast, asyncio.Task[None]]:
        broadcast = Broadcast()
        task = asyncio.create_task(self._follow(camera_id, broadcast), name=f"live {camera_id}")
        self._cameras[camera_id] = (broadcast, task)
        return broadcast, task

    async def _follow(self, camera_id: UUID, broadcast: Broadcast) -> None:
        """Keep one camera's connection until cancelled; a recorder that is away is a state that viewers are told."""
        failures = 0
        while True:
            trouble = _NOT_RECORDED
            try:
                async with connect(self._socket, camera_id) as events:
                    async for event in events:
                        failures, trouble = 0, _LOST
                        broadcast.on_event(event)
            except OSError as error:
                trouble = _LOST
                _log.debug("live socket of %s: %s", camera_id, error)
            except BadUpstream as error:
                _log.warning("live socket of %s sent %s", camera_id, error)
            except Exception:
                _log.exception("live socket of %s", camera_id)  # one camera's fault; its viewers see it as lost
            broadcast.on_upstream_lost(trouble)
            await asyncio.sleep(_RETRY[min(failures, len(_RETRY) - 1)])
            failures += 1
