"""The cameras being recorded, kept equal to what the journal orders."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from footage.catalogue import Catalogue
from footage.contract import CameraCondition, CameraHealth, CameraId, CameraSource, GapCause, SegmentClosed
from footage.recorder.budget import FILES_A_MINUTE
from footage.recorder.camera import BUFFER_BYTES, CameraRecorder
from footage.recorder.disk import CameraDisk, DiskTrouble
from footage.recorder.live import LiveServer
from footage.recorder.pressure import Room, next_to_shed, next_to_unshed
from footage.recorder.resume import resume_point
from footage.recorder.strand import Pool
from footage.rtsp.client import SessionPolicy, run_camera
from footage.rtsp.control.target import target_of
from footage.rtsp.errors import BadAddress
from footage.rtsp.events import LossCause
from footage.times import utc_now

log = logging.getLogger("footage.node")
Credentials = Mapping[CameraId, tuple[str, str]]
_GOODBYE_SECONDS = 5.0


@dataclass(slots=True)
class _Running:
    recorder: CameraRecorder
    sounding: bool  # its sound was asked for
    stop: asyncio.Event
    task: asyncio.Task[None]


class Cameras:
    """Starts, changes and stops recorders. `credentials` override those of the journal, and are never written."""

    def __init__(
        self,
        store: Path,
        catalogue: Catalogue,
        pool: Pool,
        live: LiveServer,
        *,
        credentials: Credentials,
        policy: SessionPolicy,
        buffer_bytes: int = BUFFER_BYTES,
        files_a_minute: int = FILES_A_MINUTE,
    ) -> None:
        self._store, self._catalogue, self._pool, self._live = store, catalogue, pool, live
        self._credentials, self._policy = credentials, policy
        self._buffer_bytes, self._files_a_minute = buffer_bytes, files_a_minute
        self._disk_lost = ""
        self._ordered: list[CameraSource] = []
        self._running: dict[CameraId, _Running] = {}
        # Kept while the process lives: a camera that is switched on again goes on with its numbers and its viewers.
        self._recorders: dict[CameraId, CameraRecorder] = {}

    async def sync(self, ordered: Iterable[CameraSource]) -> None:
        """Record exactly these: stop what is gone or switched off, begin what is new, follow what changed."""
        self._ordered = list(ordered)
        wanted = {camera.camera_id: self._with_credentials(camera) for camera in self._ordered if camera.enabled}
        for camera_id in [known for known in self._running if known not in wanted]:
            await self._end(camera_id, GapCause.OPERATOR_STOP, "recording of this camera was switched off")
        for camera in wanted.values():
            running = self._running.get(camera.camera_id)
            if running is None:
                self._start(camera)
            else:
                await self._follow_changes(running, camera)

    async def _follow_changes(self, running: _Running, camera: CameraSource) -> None:
        """Go on as ordered now. Another stream is another connection; so is sound that begins or ends."""
        running.recorder.sound.permit(camera.sound_until_90k)
        sounding = running.recorder.sound.permitted()
        if _stream(running.recorder.camera) != _stream(camera):
            await self._end(camera.camera_id, GapCause.OPERATOR_STOP, "the camera's settings were changed")
        elif running.sounding != sounding:
            switched = "on" if sounding else "off"
            await self._end(camera.camera_id, GapCause.OPERATOR_STOP, f"the camera's sound was switched {switched}")
        else:
            running.recorder.camera = camera
            return
        self._start(camera)

    def sound_is_over(self) -> bool:
        """Whether a camera's sound has come to its end: it is to be asked for its pictures alone."""
        return any(one.sounding and not one.recorder.sound.permitted() for one in self._running.values())

    async def stop(self, cause: GapCause, detail: str) -> None:
        """End all of them in good order, at the same time."""
        await asyncio.gather(*(self._end(camera_id, cause, detail) for camera_id in list(self._running)))

    async def close_segment(self, camera_id: CameraId) -> bool:
        """Commit the file being written; False for a camera that is not recorded."""
        running = self._running.get(camera_id)
        if running is None:
            return False
        await running.recorder.close_segment()
        return True

    def health(self) -> tuple[CameraHealth, ...]:
        """Each ordered camera's condition, also of those switched off."""
        found = []
        for camera in self._ordered:
            recorder = self._recorders.get(camera.camera_id)
            if recorder is None:
                found.append(
                    CameraHealth(camera.camera_id, CameraCondition.STOPPED, utc_now(), "recording is switched off")
                )
            else:
                found.append(recorder.health())
        return tuple(found)

    def shed_one(self, room: Room, greedy: CameraId | None = None) -> None:
        """Let one more camera go, or take one back, as the disk allows. `greedy` as in next_to_shed."""
        if self._disk_lost:
            return
        recorders = [running.recorder for running in self._running.values()]
        if room.critical:
            if greedy in self._running and self._running[greedy].recorder.is_shed:
                return  # its file is being closed, and is deleted next
            chosen = next_to_shed([_rank(one) for one in recorders if not one.is_shed], greedy)
            if chosen is not None:
                why = "this one fills it" if chosen == greedy else "cameras of higher priority go on"
                log.error("%s is not recorded any more: the disk is full", self._running[chosen].recorder.camera.name)
                self._running[chosen].recorder.shed(f"the disk is full, and {why}")
        elif room.easy:
            chosen = next_to_unshed([_rank(one) for one in recorders if one.is_shed])
            if chosen is not None:
                self._running[chosen].recorder.unshed()

    def lose_disk(self, words: str) -> None:
        """Record nothing more: the disk is not there. Live pictures go on; what comes after is another set of these."""
        self._disk_lost = words
        for running in self._running.values():
            running.recorder.shed(words, GapCause.DISK_LOST)

    def settle(self) -> None:
        """Let every camera try again to write the rows it owes the journal."""
        for recorder in self._recorders.values():
            recorder.disk.settle()

    def _with_credentials(self, camera: CameraSource) -> CameraSource:
        given = self._credentials.get(camera.camera_id)
        return replace(camera, username=given[0], password=given[1]) if given else camera

    def _start(self, camera: CameraSource) -> None:
        recorder = self._recorders.get(camera.camera_id)
        if recorder is None:
            recorder = CameraRecorder(
                camera,
                resume_point(self._catalogue, camera.camera_id),
                self._make_disk,
                self._live.channel(camera.camera_id),
                buffer_bytes=self._buffer_bytes,
                files_a_minute=self._files_a_minute,
            )
            self._recorders[camera.camera_id] = recorder
        if self._disk_lost:
            recorder.shed(self._disk_lost, GapCause.DISK_LOST)
        recorder.camera = camera
        recorder.sound.permit(camera.sound_until_90k)
        sounding = recorder.sound.permitted()
        stop = asyncio.Event()
        following = self._follow(camera, recorder, stop, audio=sounding)
        task = asyncio.create_task(following, name=f"camera {camera.name}")
        self._running[camera.camera_id] = _Running(recorder, sounding, stop, task)

    async def _follow(
        self, camera: CameraSource, recorder: CameraRecorder, stop: asyncio.Event, *, audio: bool
    ) -> None:
        try:
            target = target_of(camera, audio=audio)
        except BadAddress as error:
            log.error("%s: %s", camera.name, error)
            recorder.on_lost(LossCause.REFUSED, str(error), utc_now())
            await stop.wait()
            return
        await run_camera(target, recorder, stop=stop, policy=self._policy, sound=recorder.sound)

    async def _end(self, camera_id: CameraId, cause: GapCause, detail: str) -> None:
        running = self._running.pop(camera_id)
        running.stop.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await running.task
        running.recorder.stop(cause, detail)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await running.recorder.drained()

    def _make_disk(
        self, on_closed: Callable[[SegmentClosed], None], on_trouble: Callable[[DiskTrouble], None]
    ) -> CameraDisk:
        return CameraDisk(self._store, self._catalogue, self._pool.strand(), on_closed=on_closed, on_trouble=on_trouble)


def _stream(camera: CameraSource) -> tuple[object, ...]:
    """What takes another connection where it changes."""
    return (
        camera.url,
        camera.username,
        camera.password,
        camera.tls_pin,
        camera.basic_allowed,
        camera.transport,
    )


def _rank(recorder: CameraRecorder) -> tuple[int, CameraId]:
    return recorder.camera.priority, recorder.camera.camera_id
