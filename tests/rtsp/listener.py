"""A sink that remembers, and helpers to run a camera until something is seen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from footage.rtsp.client import SessionPolicy, StreamTarget, run_camera
from footage.rtsp.events import AccessUnit, LossCause, Oddity, SoundSink, SoundUnit, VideoParameters
from footage.segments.aac import SoundParameters

#: Real patience would make the tests slow; the proportions are the product's.
IMPATIENT = SessionPolicy(
    connect=2.0,
    answer=1.0,
    silence=0.6,
    silence_most=0.6,
    first_most=1.0,
    retry_first=0.05,
    retry_most=0.4,
    refused_first=0.3,
    refused_most=0.6,
    healthy=1.0,
)


@dataclass
class Listener:
    """Everything a StreamSink is told, in order; `story` has one word for each event."""

    parameters: list[VideoParameters] = field(default_factory=list)
    units: list[AccessUnit] = field(default_factory=list)
    lost_packets: list[int] = field(default_factory=list)
    reports: list[tuple[int, int, int]] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    quiet: list[str] = field(default_factory=list)
    stamp_rates: list[float] = field(default_factory=list)
    losses: list[tuple[LossCause, str]] = field(default_factory=list)
    story: list[str] = field(default_factory=list)

    def on_parameters(self, parameters: VideoParameters) -> None:
        self.parameters.append(parameters)
        self.story.append("parameters")

    def on_access_unit(self, unit: AccessUnit) -> None:
        self.units.append(unit)
        self.story.append("key" if unit.key else "picture")

    def on_packets_lost(self, packets: int, wall: int) -> None:
        self.lost_packets.append(packets)
        self.story.append("packets-lost")

    def on_sender_report(self, camera: int, wall: int, media_90k: int) -> None:
        self.reports.append((camera, wall, media_90k))

    def on_oddity(self, oddity: Oddity, wall: int) -> None:
        self.oddities.append(oddity)

    def on_stamp_rate(self, rate: float) -> None:
        self.stamp_rates.append(rate)

    def on_quiet(self, detail: str, wall: int) -> None:
        self.quiet.append(detail)

    def on_lost(self, cause: LossCause, detail: str, wall: int) -> None:
        self.losses.append((cause, detail))
        self.story.append(cause)

    def pictures(self) -> list[list[bytes]]:
        return [nals_of(unit) for unit in self.units]


@dataclass
class Ear:
    """Everything a SoundSink is told."""

    parameters: list[SoundParameters] = field(default_factory=list)
    units: list[SoundUnit] = field(default_factory=list)
    reports: list[tuple[int, int]] = field(default_factory=list)
    none: list[str] = field(default_factory=list)

    def on_sound_parameters(self, parameters: SoundParameters) -> None:
        self.parameters.append(parameters)

    def on_sound(self, unit: SoundUnit) -> None:
        self.units.append(unit)

    def on_sound_report(self, camera: int, media: int) -> None:
        self.reports.append((camera, media))

    def on_no_sound(self, why: str) -> None:
        self.none.append(why)


def nals_of(unit: AccessUnit) -> list[bytes]:
    """The NAL units of a picture; its size and its lengths have to add up."""
    data = b"".join(unit.parts)
    assert len(data) == unit.size_bytes
    nals, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        nals.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    assert at == len(data)
    return nals


@contextlib.asynccontextmanager
async def following(
    target: StreamTarget | str,
    listener: Listener | None = None,
    policy: SessionPolicy = IMPATIENT,
    sound: SoundSink | None = None,
) -> AsyncIterator[Listener]:
    """Runs a camera for the length of a block, and stops it in order."""
    listener = listener if listener is not None else Listener()
    target = StreamTarget(target) if isinstance(target, str) else target
    stop = asyncio.Event()
    task = asyncio.create_task(run_camera(target, listener, stop=stop, policy=policy, sound=sound))
    try:
        yield listener
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


async def until(seen: Callable[[], object], seconds: float = 5.0) -> None:
    """Waits for a fact; fails where it does not come true in time."""
    async with asyncio.timeout(seconds):
        while not seen():
            await asyncio.sleep(0.005)
