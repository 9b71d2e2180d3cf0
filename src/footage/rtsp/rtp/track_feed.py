"""Puts packets back in order before a track gets them: datagrams, and those of a camera that swaps them itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from footage.rtsp.errors import StreamLost
from footage.rtsp.events import LossCause
from footage.rtsp.rtp.track import RtpTrack

log = logging.getLogger("footage.rtsp")
#: How far, and how long, a packet may be overtaken before those behind it are taken without it.
MOST_HELD = 64
HELD_SECONDS = 0.1


class TrackFeed:
    """Feeds a track with packets in the order of their numbers. What it raises ends the session through `end`.

    `continues`: the track got packets before, and these follow them.
    """

    def __init__(self, track: RtpTrack, end: Callable[[StreamLost], None], *, continues: bool = False) -> None:
        self._track, self._end = track, end
        self._loop = asyncio.get_running_loop()
        self._expected = -1  # the number that comes next; -1 before the first packet
        self._source = b""  # whose packets are put in order; those of others the track judges as they come
        self._held: dict[int, bytes] = {}
        self._timer: asyncio.TimerHandle | None = None
        self.closed = False
        if continues and track.source >= 0:
            self._expected, self._source = track.sequence, track.source.to_bytes(4, "big")

    def packet(self, buffer: bytearray, view: memoryview, start: int, end: int) -> bool:
        """Take a packet as it came where it lies in a receive buffer, as RtpTrack.packet does. Raises StreamLost."""
        if not self.closed:
            self._place(bytes(view[start:end]))
        return True

    def rtp(self, packet: bytes) -> None:
        """Take a packet as it came."""
        self._guard(lambda: self._place(packet))

    def rtcp(self, packet: bytes) -> None:
        """Take a report."""
        self._guard(lambda: self._track.control(packet))

    def close(self) -> None:
        """Take nothing more."""
        self.closed = True
        self._held.clear()
        if self._timer:
            self._timer.cancel()

    def _place(self, packet: bytes) -> None:
        number, source = int.from_bytes(packet[2:4], "big"), packet[8:12]
        if self._expected < 0 and len(packet) >= 12:
            # The first ones wait as if something before them were missing: it may only have been overtaken.
            self._expected, self._source = (number - MOST_HELD) & 0xFFFF, source
        ahead = (number - self._expected) & 0xFFFF
        if source != self._source or ahead == 0 or ahead >= 0x1_0000 - MOST_HELD:
            self._tell(packet)  # a late one, or one that came twice, the track passes over itself
            if source == self._source and ahead == 0:
                self._go_on(number)
            return
        self._held.setdefault(number, packet)
        if len(self._held) >= MOST_HELD:
            self._skip()
        elif self._timer is None:
            self._timer = self._loop.call_later(HELD_SECONDS, self._waited)

    def _go_on(self, number: int) -> None:
        """Tell what was held behind the packet of this number, up to the next that is missing."""
        self._expected = (number + 1) & 0xFFFF
        while self._held and (packet := self._held.pop(self._expected, None)) is not None:
            self._expected = (self._expected + 1) & 0xFFFF
            self._tell(packet)
        if not self._held and self._timer:
            self._timer.cancel()
            self._timer = None

    def _skip(self) -> None:
        """Go on without what is missing; the track sees the hole and tells it as a loss."""
        nearest = min(self._held, key=lambda number: (number - self._expected) & 0xFFFF)
        self._go_on((nearest - 1) & 0xFFFF)

    def _waited(self) -> None:
        self._timer = None
        if self._held:
            self._guard(self._skip)
        if self._held and not self.closed:
            self._timer = self._loop.call_later(HELD_SECONDS, self._waited)

    def _tell(self, packet: bytes) -> None:
        buffer = bytearray(packet)
        self._track.start_burst()
        self._track.packet(buffer, memoryview(buffer), 0, len(buffer))

    def _guard(self, act: Callable[[], None]) -> None:
        if self.closed:
            return
        try:
            act()
        except StreamLost as lost:
            self._end(lost)
        except Exception:
            log.exception("a stream's listener failed")
            self._end(StreamLost(LossCause.FAULT, "The recorder failed on this stream; its log has the details."))
