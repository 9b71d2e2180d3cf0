"""Pictures to record: a short real film, fed to a recorder with whatever clocks a test wants."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import av
import numpy as np

from footage.catalogue import Catalogue
from footage.contract import CameraId, CameraSource
from footage.recorder.budget import FILES_A_MINUTE
from footage.recorder.camera import CameraRecorder
from footage.recorder.disk import CameraDisk
from footage.recorder.live import LiveChannel
from footage.recorder.resume import resume_point
from footage.recorder.runs import MINUTE_90K
from footage.recorder.strand import Pool
from footage.rtsp.events import AccessUnit, Codec, LossCause, VideoParameters
from footage.rtsp.timing.placing import Placing
from footage.segments.codecs import parameters_from
from footage.times import MonotonicNs, Utc90k, utc_now

FRAME = 3600
SECOND = 90_000
#: Sunday 22 November 2026, 02:14:00.000 UTC: exactly on a minute.
START = 1_795_313_640 * SECOND


@dataclass(frozen=True)
class Film:
    """A group of pictures that may be repeated without end, and what it is coded with."""

    parameters: VideoParameters
    pictures: tuple[bytes, ...]  # length-prefixed; the first is a key frame, the others are not


@cache
def film(width: int = 160, height: int = 96, pictures: int = 25, *, told_apart: bool = False) -> Film:
    """One closed group of H.264, a grey picture that brightens; with noise in it no two are coded alike."""
    codec = av.CodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt, codec.time_base = width, height, "yuv420p", Fraction(1, 25)
    codec.options = {"preset": "ultrafast", "bf": "0", "g": "250", "x264-params": "sliced-threads=0:aud=0"}
    coded: list[bytes] = []
    for number in range(pictures):
        picture = np.full((height, width, 3), number * 8 % 256, np.uint8)
        if told_apart:
            picture[:16] = np.random.default_rng(number).integers(0, 255, (16, width, 3), dtype=np.uint8)
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = number
        coded += [bytes(packet) for packet in codec.encode(frame)]
    coded += [bytes(packet) for packet in codec.encode(None)]
    first = {nal[0] & 31: nal for nal in _nals(coded[0])}
    return Film(parameters_from(Codec.H264, b"", first[7], first[8]), tuple(map(_prefixed, coded)))


def write_film(path: Path, seconds: int = 4, *, width: int = 320, height: int = 180, codec: str = "libx264") -> Path:
    """An MP4 for a simulated camera, each picture different from the others, a key frame each second."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if codec == "libx264":
            stream.options = {"preset": "ultrafast", "bf": "0", "g": "25", "sc_threshold": "0"}
        else:
            stream.options = {"preset": "ultrafast", "x265-params": "bframes=0:keyint=25:scenecut=0:log-level=none"}
        noise = np.random.default_rng(1).integers(0, 255, (height // 4, width, 3), dtype=np.uint8)
        for number in range(seconds * 25):
            picture = np.full((height, width, 3), number % 256, np.uint8)
            picture[: height // 4] = np.roll(noise, number * 4, axis=1)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    return path


def decoded(path: Path) -> int:
    """How many pictures an independent decoder gets out of a file. Raises where it finds an error."""
    with av.open(str(path), options={"err_detect": "explode"}) as container:
        return sum(1 for _ in container.decode(video=0))


@dataclass
class Bench:
    """One recorder with a hand on its clocks: `at` is media time, `wall` what the server's clock says."""

    store: Path
    camera: CameraSource
    catalogue: Catalogue
    pool: Pool
    recorder: CameraRecorder
    live: LiveChannel
    at: int = 0
    wall: int = START
    monotonic: int = 10**15
    sent: int = 0
    connection: Placing | None = None  # what a session puts between the camera's stream and its recorder
    film: Film = field(default_factory=film)

    @classmethod
    def make(
        cls,
        store: Path,
        *,
        buffer_bytes: int = 1 << 24,
        camera_id: UUID | None = None,
        files_a_minute: int = FILES_A_MINUTE,
    ) -> Bench:
        camera = CameraSource(CameraId(camera_id or UUID(int=0)), "127", "rtsp://camera/")
        catalogue = Catalogue(store)
        catalogue.set_cameras([camera])
        pool, live = Pool(1), LiveChannel()

        def disk(on_closed: Callable, on_trouble: Callable) -> CameraDisk:
            return CameraDisk(store, catalogue, pool.strand(), on_closed=on_closed, on_trouble=on_trouble)

        resume = resume_point(catalogue, camera.camera_id)
        recorder = CameraRecorder(camera, resume, disk, live, buffer_bytes=buffer_bytes, files_a_minute=files_a_minute)
        return cls(store, camera, catalogue, pool, recorder, live)

    def begin(self, shown: Film | None = None) -> None:
        """A connection begins: parameters, and a media clock from zero."""
        self.film = shown or self.film
        self.at = self.sent = 0
        self.connection = Placing(self.recorder)
        self.connection.on_parameters(self.film.parameters)

    def send(self, pictures: int, *, delay: int = 0) -> None:
        """Pictures at 25 a second, arriving `delay` ticks late."""
        for _ in range(pictures):
            data = self.film.pictures[self.sent % len(self.film.pictures)]
            key = self.sent % len(self.film.pictures) == 0
            wall, monotonic = Utc90k(self.wall + delay), MonotonicNs(self.monotonic + delay * 100_000 // 9)
            self.connection.on_access_unit(AccessUnit([data], len(data), self.at, key, wall, monotonic))
            self.sent += 1
            self.pass_time(FRAME)

    def pass_time(self, ticks: int) -> None:
        self.at += ticks
        self.wall += ticks
        self.monotonic += ticks * 100_000 // 9

    def seconds(self, seconds: float) -> None:
        self.send(round(seconds * 25))

    def lose(self, cause: LossCause = LossCause.SILENT) -> None:
        self.connection.release()
        self.recorder.on_lost(cause, "nothing for three seconds", Utc90k(self.wall))

    async def settle(self) -> None:
        """Wait until everything handed in is on the disk and told back."""
        done = asyncio.Event()
        loop = asyncio.get_running_loop()
        self.recorder.disk.when_done(lambda: loop.call_soon_threadsafe(done.set))
        await done.wait()
        await asyncio.sleep(0)

    async def settle_or_crash(self) -> None:
        """Wait a moment for a disk whose thread may never answer."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await self.settle()

    async def rows(self) -> list:
        await self.settle()
        return self.catalogue.all_segments(self.camera.camera_id)

    async def timeline(self) -> tuple[list, list]:
        await self.settle()
        found = self.catalogue.timeline(self.camera.camera_id, 0, 1 << 52)
        return list(found.spans), list(found.gaps)

    async def close(self) -> None:
        await asyncio.to_thread(self.pool.close)
        self.catalogue.close()


def new_camera() -> CameraId:
    """A camera of this moment, whose next file begins a whole minute from now: what a test records of it is one file.

    When a camera's file is cut comes from its id, so that not all are cut at once (see CameraRecorder).
    """
    drawn = uuid4().int
    return CameraId(UUID(int=drawn - (drawn - utc_now()) % MINUTE_90K))


def _nals(annex_b: bytes) -> list[bytes]:
    parts = annex_b.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    return [part for part in parts if part]


def _prefixed(annex_b: bytes) -> bytes:
    return b"".join(len(nal).to_bytes(4, "big") + nal for nal in _nals(annex_b))
