"""One store, one process: opens the store, adopts what a crash left, records, keeps house, and ends in good order.

Starts with `Node(...).run()`, which returns after SIGTERM, SIGINT, the control socket's `stop`, or `stop()`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from footage.catalogue import Catalogue
from footage.catalogue.ballast import throw_out
from footage.catalogue.lived import read_clocks
from footage.catalogue.store import REMEMBERED_FILE, expect_identity, lock_store, refuse_absent
from footage.catalogue.volume import StoreLost
from footage.contract import CameraId, CameraSource, FootageError, GapCause, NodeHealth
from footage.node.cameras import Cameras, Credentials
from footage.node.control import ControlServer
from footage.node.disk_watch import DiskWatch
from footage.node.process import process_facts
from footage.recorder.adopt import ENDED, adopt_unfinished
from footage.recorder.budget import FILES_A_MINUTE
from footage.recorder.camera import BUFFER_BYTES
from footage.recorder.housekeeping import Housekeeper, Upkeep
from footage.recorder.live import LiveServer
from footage.recorder.pressure import Room, look
from footage.recorder.restart import tell_of_restart
from footage.recorder.strand import Pool
from footage.rtsp.client import SessionPolicy
from footage.rtsp.control.lull import lull_of
from footage.times import utc_now

log = logging.getLogger("footage.node")
_POLL_SECONDS = 2.0
_HOUSEKEEPING_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """How a node runs. `run` is the folder of its sockets; without one it has none."""

    store: Path
    run: Path | None = None
    key: bytes | None = None
    cameras: Sequence[CameraSource] | None = None  # order these at the start; None: as the journal has them
    credentials: Credentials = field(default_factory=dict)
    seconds: float | None = None
    reserve_bytes: int | None = None
    writers: int = 4
    buffer_bytes: int = BUFFER_BYTES
    files_a_minute: int = FILES_A_MINUTE  # that one camera may begin; 0 sets no bound
    policy: SessionPolicy = field(default_factory=SessionPolicy)  # also what it may send: bytes_a_minute


class Node:
    """The recorder process."""

    def __init__(self, options: NodeOptions) -> None:
        self._options = options
        self._stop = asyncio.Event()
        self._upkeep: Upkeep | None = None
        self._untended = ""  # why the last round of housekeeping came to nothing
        self._revision = -1
        self._syncing = asyncio.Lock()
        self._closing: asyncio.Task[None] | None = None
        self._ends_at: float | None = None

    def stop(self) -> None:
        """End in good order."""
        self._stop.set()

    async def run(self) -> None:
        """Record until told to stop. Raises FootageError where the store cannot be used.

        Where the disk was lost meanwhile and is there again, the store is opened anew, as at a start.
        """
        loop = asyncio.get_running_loop()
        self._ends_at = None if self._options.seconds is None else loop.time() + self._options.seconds
        lost = ""
        while True:
            catalogue, lock = _open_store(self._options)
            try:
                lost = await self._run_with(catalogue, lost)
            finally:
                with contextlib.suppress(sqlite3.Error, StoreLost):
                    catalogue.live_on(read_clocks(), store=True)
                catalogue.close()
                os.close(lock)
            if not lost:
                return

    async def _run_with(self, catalogue: Catalogue, lost: str) -> str:
        """Record into an open store. `lost`: why nothing was recorded before. Returns why it is to be opened anew."""
        options = self._options
        if options.cameras is not None:
            catalogue.set_cameras(options.cameras)
        catalogue.cameras()  # a wrong key is told before anything starts
        await asyncio.to_thread(_take_up, catalogue, lost)
        self._catalogue = catalogue
        lull = lull_of(asyncio.get_running_loop(), options.policy.lull)
        self._pool, self._live = Pool(options.writers, lull), LiveServer(lull)
        self._cameras = Cameras(
            options.store,
            catalogue,
            self._pool,
            self._live,
            credentials=options.credentials,
            policy=options.policy,
            buffer_bytes=options.buffer_bytes,
            files_a_minute=options.files_a_minute,
        )
        control = ControlServer(
            {
                "health": self._health,
                "reload": self._reload,
                "close-segment": self._close_segment,
                "process": self._process,
                "stop": self._stop_asked,
            },
            lull,
        )
        self._disk = DiskWatch(catalogue.volume, self._cameras.lose_disk)
        again = ""
        try:
            if options.run is not None:
                await self._live.start(options.run / "live.sock")
                await control.start(options.run / "node.sock")
            again = await self._record()
        finally:
            why = (GapCause.DISK_LOST, again) if again else (GapCause.NODE_STOPPED, "the recorder was stopped")
            await self._cameras.stop(*why)
            await asyncio.to_thread(self._pool.close)
            await asyncio.to_thread(_count_on, catalogue)
            await control.stop()
            await self._live.stop()
        log.info("stopped in good order")
        return again

    async def _record(self) -> str:
        """Record until told to stop, or until the disk was lost and is there again: then what was wrong with it."""
        self._catch_signals()
        await self._sync()
        log.info("recording into %s", self._options.store)
        house = asyncio.create_task(self._keep_house())
        poll = asyncio.create_task(self._poll())
        back = asyncio.create_task(self._disk.run())
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait((back, stop), timeout=self._seconds_left(), return_when=asyncio.FIRST_COMPLETED)
            return self._disk.words if back.done() and not self._stop.is_set() else ""
        finally:
            for task in (house, poll, back, stop):
                task.cancel()
            # Not cut off in the middle: a deletion that is under way gets its receipt.
            await asyncio.gather(house, poll, back, stop, return_exceptions=True)

    def _seconds_left(self) -> float | None:
        return None if self._ends_at is None else max(0.0, self._ends_at - asyncio.get_running_loop().time())

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self._stop.set)

    async def _sync(self) -> None:
        async with self._syncing:
            revision = self._catalogue.revision()
            try:
                cameras = self._catalogue.cameras()
            except FootageError as error:
                log.error("the cameras stay as they are: %s", error)
                return
            self._revision = revision
            await self._cameras.sync(cameras)

    async def _poll(self) -> None:
        """Notice orders that were written while nobody could poke us."""
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            try:
                if self._catalogue.revision() != self._revision or self._cameras.sound_is_over():
                    await self._sync()
                self._cameras.settle()
            except Exception:
                log.exception("the journal could not be looked at")

    async def _keep_house(self) -> None:
        keeper = Housekeeper(self._catalogue, reserve_bytes=self._options.reserve_bytes)
        loop = asyncio.get_running_loop()
        due = 0.0
        while True:
            if self._disk.words:
                await asyncio.sleep(_POLL_SECONDS)
                continue  # what lies at the path is not the disk
            try:
                room = look(self._options.store, self._options.reserve_bytes)
                if room.short_bytes or loop.time() >= due:
                    self._upkeep = await _finish(asyncio.to_thread(keeper.round))
                    await _finish(asyncio.to_thread(_count_on, self._catalogue))
                    due = loop.time() + _HOUSEKEEPING_SECONDS
                    self._untended = ""
            except Exception as error:
                log.exception("housekeeping failed; it is tried again")
                self._untended = f"The store cannot be looked after ({error}): nothing is deleted at its date."
            self._shed_or_take_back()  # also after a failed round: then nothing else keeps the disk from filling
            await asyncio.sleep(_POLL_SECONDS)

    def _shed_or_take_back(self) -> None:
        try:
            greedy = self._upkeep.to_close if self._upkeep else None
            room = look(self._options.store, self._options.reserve_bytes)
            self._cameras.shed_one(room, greedy)
            if greedy and room.short_bytes:
                self._close_soon(greedy)
        except OSError:
            log.exception("the disk cannot be looked at")

    def _close_soon(self, camera_id: CameraId) -> None:
        """Close the file that a camera is writing at its next key frame, so that it can make room."""
        if self._closing is None or self._closing.done():
            self._closing = asyncio.create_task(self._closed_in_time(camera_id))

    async def _closed_in_time(self, camera_id: CameraId) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_POLL_SECONDS):
                await self._cameras.close_segment(camera_id)

    async def _health(self, _: dict[str, Any]) -> dict[str, Any]:
        lost, upkeep = self._disk.words, self._upkeep
        room = Room(0, 0, 0)
        with contextlib.suppress(OSError):  # it may be gone and not be noticed yet
            room = room if lost else look(self._options.store, self._options.reserve_bytes)
        alarms = (*((self._untended,) if self._untended else ()), *(upkeep.alarms if upkeep else ()))
        health = NodeHealth(
            alive=True,
            now_90k=utc_now(),
            store_total_bytes=room.total_bytes,
            store_free_bytes=room.free_bytes,
            held_bytes=upkeep.held_bytes if upkeep else 0,
            disk_days_left=upkeep.forecast.days if upkeep and not lost else None,
            disk_forecast_known=upkeep is not None and not lost and upkeep.forecast.known,
            alarms=(f"The footage disk: {lost}. Nothing is recorded until it is back.", *alarms) if lost else alarms,
            disk_lost=lost,
            cameras=self._cameras.health(),
        )
        facts = asdict(health)
        for camera in facts["cameras"]:
            camera["camera_id"] = str(camera["camera_id"])
        return facts

    async def _process(self, _: dict[str, Any]) -> dict[str, Any]:
        return process_facts()

    async def _reload(self, _: dict[str, Any]) -> dict[str, Any]:
        await self._sync()
        return {"ok": True, "revision": self._revision}

    async def _close_segment(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            camera_id = CameraId(UUID(str(question["camera"])))
        except (KeyError, ValueError):
            return {"error": "bad-question", "detail": "camera must be a UUID"}
        try:
            async with asyncio.timeout(30):
                recorded = await self._cameras.close_segment(camera_id)
        except TimeoutError:
            return {"error": "no-key-frame", "detail": "the camera sent no key frame for 30 s"}
        return {"ok": True, "recorded": recorded}

    async def _stop_asked(self, _: dict[str, Any]) -> dict[str, Any]:
        self._stop.set()
        return {"ok": True}


async def _finish(work: Any) -> Any:
    """Wait for a thread's work to its end even when cancelled: it cannot be interrupted, only abandoned."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _count_on(catalogue: Catalogue) -> None:
    """After each round and at the end, so that a copy of the journal is known for one. A full disk need not take it."""
    try:
        catalogue.keep_beside()
        catalogue.count_on()
    except (OSError, sqlite3.Error, FootageError) as error:
        log.warning("the store could not be counted on: %s", error)


def _take_up(catalogue: Catalogue, lost: str) -> None:
    """Before recording: go on counting time, adopt what was left, and say what is known of the time between.

    `lost`: this process went on meanwhile, without the disk.
    """
    last, now = catalogue.remembered_life(), read_clocks()
    catalogue.live_on(now)
    adopt_unfinished(catalogue, (GapCause.DISK_LOST, lost) if lost else ENDED)
    if not lost:
        tell_of_restart(catalogue, last.at if last else None, now)


def _open_store(options: NodeOptions) -> tuple[Catalogue, int]:
    """Refuse a store that is not the one known here before a byte is written; then lock it and count the opening."""
    store, run = options.store, options.run
    if run is not None:
        run.mkdir(parents=True, exist_ok=True, mode=0o700)
        refuse_absent(run / REMEMBERED_FILE, store)
    store.mkdir(parents=True, exist_ok=True)
    throw_out(store)
    lock = lock_store(store)
    try:
        catalogue = Catalogue(store, key=options.key)
        if run is not None:
            expect_identity(run / REMEMBERED_FILE, store, catalogue.identity)
        catalogue.open_for_recording()
    except BaseException:
        os.close(lock)
        raise
    return catalogue, lock
