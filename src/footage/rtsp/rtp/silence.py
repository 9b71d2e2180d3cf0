"""Notices that a camera fell silent. Off the data path: a timer looks whether the last sequence number has changed.

Cameras send a picture every few seconds at night, or when nothing moves, so silence is held against what this camera
does, and against whether it answers when it is asked.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from footage.rtsp.errors import StreamLost
from footage.rtsp.events import LossCause, Oddity
from footage.rtsp.policy import SessionPolicy
from footage.rtsp.rtp.sources import PATIENCE_NS
from footage.rtsp.rtp.track import RtpTrack

log = logging.getLogger("footage.rtsp")

_LOOK_SECONDS = 0.25
#: Pauses between packets that are remembered, and how many times the longest of them is no silence yet.
_REMEMBERED, _USUAL_TIMES = 8, 4
#: The camera is asked once this much of its time is up, so that a dead one is given up when all of it is.
_ASK_AFTER = 2 / 3
#: Pictures came for so long, and none that a recording can begin with.
_NO_START_SECONDS = 10.0
_NS = 1_000_000_000

#: Asks the camera whether it is there; True if it answered.
Ask = Callable[[], Awaitable[bool]]

SET_THE_CAMERA = "Set its key frame (I-frame) interval, and switch 'smart codec' and intra refresh off."


class SilenceWatch:
    """Calls `give_up` once, when nothing came for too long or nothing that came could be told.

    `alive` asks the camera; without it a camera is given up after the policy's silence or a few of its usual pauses.
    """

    def __init__(
        self, track: RtpTrack, policy: SessionPolicy, give_up: Callable[[StreamLost], None], alive: Ask | None = None
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._track, self._policy, self._give_up, self._alive = track, policy, give_up, alive
        self._sequence, self._pictures = track.sequence, track.pictures
        self._started = self._changed = self._told = self._loop.time()
        self._pauses = deque([0.0], maxlen=_REMEMBERED)
        self._asked_at = self._answered_at = 0.0
        self._told_quiet = 0.0  # of the pause that began then
        self._asking: asyncio.Task[None] | None = None
        self._answers = False  # it ever answered
        self._says_no_start = True
        self._look_at = self._started + _LOOK_SECONDS
        self._timer = self._loop.call_at(self._look_at, self._look)

    def stop(self) -> None:
        self._timer.cancel()
        if self._asking:
            self._asking.cancel()

    def _look(self) -> None:
        now = self._loop.time()
        self._forgive(now - self._look_at)
        try:
            lost = self._observe(now)
        except StreamLost as error:
            lost = error
        except Exception:
            log.exception("a stream's listener failed")
            lost = StreamLost(LossCause.FAULT, "The recorder failed on this stream; its log has the details.")
        if lost:
            self._give_up(lost)
        else:
            self._look_at = now + _LOOK_SECONDS
            self._timer = self._loop.call_at(self._look_at, self._look)

    def _forgive(self, late: float) -> None:
        """While we were paused or too slow nothing was read, which is not the camera's silence."""
        if late > _LOOK_SECONDS:
            self._started += late
            self._changed += late
            self._told += late

    def _observe(self, now: float) -> StreamLost | None:
        track = self._track
        if track.sequence != self._sequence:
            if self._sequence >= 0:
                self._learn(now - self._changed)
            self._sequence, self._changed = track.sequence, now
        else:
            track.settle()
        if track.pictures != self._pictures:
            self._pictures, self._told = track.pictures, now
        return self._silence(now) or self._no_start(now)

    def _learn(self, pause: float) -> None:
        """Remember how long this camera is quiet between packets."""
        self._pauses.append(pause)
        self._track.patience_ns = max(PATIENCE_NS, round(_USUAL_TIMES * self._usual * _NS))

    @property
    def _usual(self) -> float:
        """The longest of the last pauses. A regular camera's are those between two looks."""
        longest = max(self._pauses)
        return longest if longest > 2 * _LOOK_SECONDS else 0.0

    def _silence(self, now: float) -> StreamLost | None:
        quiet, policy = now - self._changed, self._policy
        heard = self._sequence >= 0
        patience = policy.silence if heard else max(policy.answer, policy.silence)
        most = max(patience, policy.silence_most if heard else min(policy.first_most, policy.silence_most))
        if quiet >= max(_ASK_AFTER * patience, 1.5 * self._usual):
            self._ask_once(now, patience)
        if quiet >= most:
            also = ", though it still answers" if self._answered_at > self._changed else ""
            return StreamLost(LossCause.SILENT, f"The camera sent no video for {most:g} s{also}.")
        if quiet < patience:
            return None
        if self._is_waited_for(now, quiet, patience):
            if heard and quiet >= max(patience, _USUAL_TIMES * self._usual) and self._told_quiet != self._changed:
                self._told_quiet = self._changed
                self._track.tell_quiet(f"No picture for {quiet:.0f} s, though the camera still answers.")
            return None
        return StreamLost(LossCause.SILENT, f"The camera sent no video for {patience:g} s.")

    def _ask_once(self, now: float, patience: float) -> None:
        """Ask the camera, unless it was asked since it fell silent and need not be again yet."""
        asked = self._asked_at > self._changed and now - self._asked_at < patience
        if self._alive and not asked:
            self._asked_at = now
            self._asking = self._loop.create_task(self._ask(self._alive))

    def _is_waited_for(self, now: float, quiet: float, patience: float) -> bool:
        """Whether a quiet camera is no dead one: it answered just now, or is quiet no longer than it usually is."""
        if self._answered_at > self._changed and now - self._answered_at < patience * (2 - _ASK_AFTER):
            return True
        if self._answers and self._asked_at > self._changed and self._answered_at < self._asked_at:
            # Asked, and silent this time: it has until a third of its patience is over again.
            return now - self._asked_at < (1 - _ASK_AFTER) * patience
        return quiet < _USUAL_TIMES * self._usual

    async def _ask(self, alive: Ask) -> None:
        if await alive():
            self._answers, self._answered_at = True, self._loop.time()

    def _no_start(self, now: float) -> StreamLost | None:
        """Whether pictures have come for too long without one that could be told."""
        waited, most = now - self._told, self._policy.key_frame
        if not self._track.pictures and waited >= _NO_START_SECONDS and self._says_no_start and self._sequence >= 0:
            self._says_no_start = False
            self._track.note(Oddity.NO_START)
        if waited < most:
            return None
        trouble = self._track.sets.trouble
        if trouble:
            return StreamLost(LossCause.UNSUPPORTED, f"The camera's parameter sets cannot be read: {trouble}.")
        detail = f"The camera sent no key frame with its parameter sets within {most:g} s. {SET_THE_CAMERA}"
        return StreamLost(LossCause.UNSUPPORTED, detail)
