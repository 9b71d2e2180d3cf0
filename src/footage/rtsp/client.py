"""Follows a camera: connects, plays, and connects again, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging

from footage.rtsp.control.target import StreamTarget
from footage.rtsp.events import LossCause, SoundSink, StreamSink
from footage.rtsp.memory import CameraMemory
from footage.rtsp.policy import Backoff, SessionPolicy
from footage.rtsp.probe import ProbeResult, probe
from footage.rtsp.rtp.sound import tell_no_sound
from footage.rtsp.session import Ending, RtspSession
from footage.times import utc_now

__all__ = ["ProbeResult", "RtspSession", "SessionPolicy", "StreamTarget", "probe", "run_camera"]

log = logging.getLogger("footage.rtsp")
_DEFAULT_POLICY = SessionPolicy()


async def run_camera(
    source: StreamTarget,
    sink: StreamSink,
    *,
    stop: asyncio.Event,
    policy: SessionPolicy = _DEFAULT_POLICY,
    sound: SoundSink | None = None,
) -> None:
    """Tell `sink` of a camera's pictures until `stop` is set; each loss is told once, the last one is STOPPED.

    Waits between sessions as `policy` says: a moment after a drop that good pictures came before, else 0.5 s doubling
    to 30 s, 10 s to 60 s where the camera refuses, so that its lock against password guessing is not tripped. A
    listener that raises ends its own session (FAULT) and nobody else's. Returns after STOPPED; raises nothing but
    CancelledError.

    `sound` is told of the sound where `source.audio` asks for it. A camera that was asked for its sound and then sent
    no picture is asked for its pictures alone, for as long as `policy.sound_again` says.
    """
    backoff, memory = Backoff(policy), CameraMemory()
    clock = asyncio.get_running_loop().time
    no_sound_until = 0.0
    while True:
        listening = sound if source.audio else None
        if listening and clock() < no_sound_until:
            tell_no_sound(listening, "The camera sent no pictures when it was asked for its sound as well.")
            listening = None
        ending = await _session(source, sink, stop, policy, listening, memory)
        if ending.sound_is_suspect:
            no_sound_until = clock() + policy.sound_again
        _tell_loss(sink, ending)
        if ending.cause is LossCause.STOPPED:
            return
        if await _stopped_within(backoff.after(ending.cause, ending.seconds_of_pictures), stop):
            _tell_loss(sink, Ending(LossCause.STOPPED, "Stopped by order.", 0.0))
            return


async def _session(
    source: StreamTarget,
    sink: StreamSink,
    stop: asyncio.Event,
    policy: SessionPolicy,
    sound: SoundSink | None,
    memory: CameraMemory,
) -> Ending:
    try:
        return await RtspSession(source, sink, policy, sound, memory).run(stop)
    except Exception:
        # A fault of ours must not end the recording of a camera for good.
        log.exception("a session failed")
        return Ending(LossCause.FAULT, "The recorder failed on this stream; its log has the details.", 0.0)


def _tell_loss(sink: StreamSink, ending: Ending) -> None:
    try:
        sink.on_lost(ending.cause, ending.detail, utc_now())
    except Exception:
        log.exception("a stream's listener failed")


async def _stopped_within(seconds: float, stop: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return False
    return True
