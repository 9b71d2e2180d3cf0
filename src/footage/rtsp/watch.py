"""Notices that a camera fell silent. Off the data path: a timer looks whether the last sequence number has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from footage.rtsp.errors import StreamLost
from footage.rtsp.events import LossCause
from footage.rtsp.policy import SessionPolicy
from footage.rtsp.track import RtpTrack

_LOOK_SECONDS = 0.25


class SilenceWatch:
    """Calls `give_up` once, when nothing came for too long or nothing that came could be told."""

    def __init__(self, track: RtpTrack, policy: SessionPolicy, give_up: Callable[[StreamLost], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._track, self._policy, self._give_up = track, policy, give_up
        self._sequence = track.sequence
        self._started = self._changed = self._loop.time()
        self._timer = self._loop.call_later(_LOOK_SECONDS, self._look)

    def stop(self) -> None:
        self._timer.cancel()

    def _look(self) -> None:
        now = self._loop.time()
        if self._track.sequence != self._sequence:
            self._sequence, self._changed = self._track.sequence, now
        lost = self._verdict(now)
        if lost:
            self._give_up(lost)
        else:
            self._timer = self._loop.call_later(_LOOK_SECONDS, self._look)

    def _verdict(self, now: float) -> StreamLost | None:
        heard = self._sequence >= 0
        patience = self._policy.silence if heard else max(self._policy.answer, self._policy.silence)
        if now - self._changed >= patience:
            return StreamLost(LossCause.SILENT, f"The camera sent no video for {patience:g} s.")
        if not self._track.pictures and now - self._started >= self._policy.key_frame:
            detail = f"The camera sent no key frame with its parameter sets within {self._policy.key_frame:g} s."
            return StreamLost(LossCause.UNSUPPORTED, detail)
        return None
