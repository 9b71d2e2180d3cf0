"""One connection's share of the event loop: a camera that floods rests, and its neighbours are read meanwhile.

The kernel hands on what has come as fast as it is taken, so whoever sends without end is read without end. Work is
therefore counted in the time it took, whatever it consisted of: packets of a few bytes, requests, pictures, noise.
"""

from __future__ import annotations

from footage.rtsp.errors import StreamLost
from footage.rtsp.events import LossCause

#: Work after which the account is settled; about the longest that one connection keeps the others waiting.
SETTLE_SECONDS = 0.010
#: What a received byte costs below us, in the kernel, so that large packets nobody reads are counted too.
BYTE_SECONDS = 1e-9
#: Bytes that one receive may bring, and how many after a rest, when each of them has proved dear.
RECEIVE_BYTES, HOT_RECEIVE_BYTES = 1 << 16, 1 << 14
#: The most of the loop's time for one camera; 100 Mbit/s in ordinary packets are a tenth.
_MOST_SHARE = 0.25
#: And for all together that exceed theirs.
_MOST_TOGETHER = 0.5
#: Work counts for no more at once: a process that was stopped meanwhile has not worked.
_LONGEST_WORK_SECONDS = 0.050
#: Well below the patience with a silent camera.
_LONGEST_REST_SECONDS = 1.0
_MINUTE_SECONDS = 60.0

#: The connections that rested lately and when, all of this process.
_hot: dict[LoopShare, float] = {}


class LoopShare:
    """The account of one connection. `most_bytes`: how much it may be given room for now."""

    def __init__(self, now: float) -> None:
        self.most_bytes = RECEIVE_BYTES
        self._settled = self._minute_began = now
        self._minute_bytes = 0

    def settle(self, now: float, worked: float, received: int, bytes_a_minute: int) -> float:
        """How many seconds nothing more may be read, after so much work in seconds and so many bytes.

        Raises StreamLost (TOO_MUCH) past the bytes that a camera may send in a minute; 0 sets no bound.
        """
        if bytes_a_minute:
            self._count(now, received, bytes_a_minute)
        elapsed, self._settled = now - self._settled, now
        rest = min(worked, _LONGEST_WORK_SECONDS) / self._allowed(now) - elapsed
        if rest <= 0:
            self.most_bytes = RECEIVE_BYTES
            _hot.pop(self, None)
            return 0.0
        self.most_bytes = HOT_RECEIVE_BYTES
        _hot[self] = now
        return min(rest, _LONGEST_REST_SECONDS)

    def close(self) -> None:
        """The connection is gone."""
        _hot.pop(self, None)

    def _allowed(self, now: float) -> float:
        """The part of the loop's time that is left for this one beside the others that flood."""
        for other in [one for one, rested in _hot.items() if now - rested > 2 * _LONGEST_REST_SECONDS]:
            del _hot[other]
        return min(_MOST_SHARE, _MOST_TOGETHER / (len(_hot) or 1))

    def _count(self, now: float, received: int, bytes_a_minute: int) -> None:
        if now - self._minute_began >= _MINUTE_SECONDS:
            self._minute_began, self._minute_bytes = now, 0
        self._minute_bytes += received
        if self._minute_bytes > bytes_a_minute:
            allowed = f"{bytes_a_minute / 1e6:g} MB ({bytes_a_minute * 8 / 60e6:g} Mbit/s)"
            raise StreamLost(LossCause.TOO_MUCH, f"The camera sent more than {allowed} within a minute; it is paused.")
