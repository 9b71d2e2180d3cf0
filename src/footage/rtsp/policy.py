"""How patient a session is, and how long it waits before the next one."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from footage.rtsp.events import LossCause

#: Asking again at once gets nothing but a locked account or the same answer.
_SLOW = frozenset({LossCause.REFUSED, LossCause.UNTRUSTED, LossCause.UNSUPPORTED})
#: What ends a stream that was good, and may be over at once.
_DROPS = frozenset({LossCause.CLOSED, LossCause.SILENT, LossCause.PROTOCOL})
#: Times that a camera is asked again at once before each next one has to be earned by time.
_QUICK_TRIES = 10
_QUICK_EVERY_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """Seconds, unless said. `networks` are those a camera may live in; empty means any.

    `bytes_a_minute` is what one camera may send, whatever it sends: 100 Mbit/s, four times what a 4K camera is usually
    set to. One that sends more is paused for `paused` seconds and then followed again; 0 sets no bound.
    """

    connect: float = 5.0
    answer: float = 5.0  # to a request; also from PLAY to the first packet
    options: float = 2.0  # to the first question, without whose answer a session goes on
    silence: float = 3.0  # without a video packet, of a camera that does not answer either
    silence_most: float = 30.0  # the same of one that does: it may send a picture every so often
    first_most: float = 12.0  # from PLAY to the first packet, of one that answers
    key_frame: float = 60.0  # until pictures can be told; smart codecs send a key frame every 20 s or fewer
    retry_at_once: float = 0.2  # after a drop that good pictures came before
    retry_first: float = 0.5
    retry_most: float = 30.0
    refused_first: float = 10.0
    refused_most: float = 60.0
    healthy: float = 1.0  # of pictures, after which a loss counts as the first
    sound_again: float = 600.0  # a camera that sent no pictures once its sound was asked for is left without so long
    paused: float = 60.0  # a camera that sent too much, so that in the mean it has what it may
    lull: float = 0.0  # the loop rests after reading, so that one waking serves several cameras; for many of them
    bytes_a_minute: int = 750_000_000
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def allows(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether a camera may live at this address."""
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return not self.networks or any((mapped or address) in network for network in self.networks)


class Backoff:
    """Waits that double, with up to a third taken off at random so that a street of cameras does not call at once.

    They grow with failures alone. A drop after good pictures is asked again at once, so that a camera that comes
    back at once is recorded nearly whole; but not without end: ten times, and once more for every three seconds, so
    that none is connected to more than about twenty times a minute.
    """

    def __init__(self, policy: SessionPolicy, clock: Callable[[], float] = time.monotonic) -> None:
        self._policy, self._clock = policy, clock
        self._losses = 0
        self._slow = False
        self._quick, self._counted = float(_QUICK_TRIES), clock()  # tries left, as of when

    def after(self, cause: LossCause, seconds_of_pictures: float) -> float:
        """Seconds to wait after a session that ended so, at most the policy's longest wait.

        A camera that sent too much waits a time of its own.
        """
        if cause is LossCause.TOO_MUCH:
            return random.uniform(self._policy.paused, self._policy.paused * 4 / 3)  # noqa: S311
        slow = cause in _SLOW
        good = seconds_of_pictures >= self._policy.healthy
        if good or slow != self._slow:
            self._losses = 0
        self._slow = slow
        if good and cause in _DROPS:
            return self._earned() + random.uniform(0.5, 1.0) * self._policy.retry_at_once  # noqa: S311  # as below
        first = self._policy.refused_first if slow else self._policy.retry_first
        most = self._policy.refused_most if slow else self._policy.retry_most
        longest = min(most, 1.5 * first * 2.0 ** min(self._losses, 16))
        self._losses += 1
        return random.uniform(longest * 2 / 3, longest)  # noqa: S311  # spreads load, guards nothing

    def _earned(self) -> float:
        """Take one of the tries at once; the seconds until there is one to take."""
        now = self._clock()
        self._quick = min(_QUICK_TRIES, self._quick + (now - self._counted) / _QUICK_EVERY_SECONDS) - 1
        self._counted = now
        return max(0.0, -self._quick * _QUICK_EVERY_SECONDS)
