"""How patient a session is, and how long it waits before the next one."""

from __future__ import annotations

import random
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from footage.rtsp.events import LossCause

#: Asking again at once gets nothing but a locked account or the same answer.
_SLOW = frozenset({LossCause.REFUSED, LossCause.UNTRUSTED, LossCause.UNSUPPORTED})


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """Seconds, unless said. `networks` are those a camera may live in; empty means any.

    `bytes_a_minute` is what one camera may send, whatever it sends: 100 Mbit/s, four times what a 4K camera is usually
    set to. One that sends more is paused for `paused` seconds and then followed again; 0 sets no bound.
    """

    connect: float = 5.0
    answer: float = 5.0  # to a request; also from PLAY to the first packet
    silence: float = 3.0  # without a video packet
    key_frame: float = 60.0  # until pictures can be told; smart codecs send a key frame every 20 s or fewer
    retry_first: float = 0.5
    retry_most: float = 30.0
    refused_first: float = 10.0
    refused_most: float = 60.0
    healthy: float = 10.0  # of pictures, after which a loss counts as the first
    sound_again: float = 600.0  # a camera that sent no pictures once its sound was asked for is left without so long
    paused: float = 60.0  # a camera that sent too much, so that in the mean it has what it may
    bytes_a_minute: int = 750_000_000
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def allows(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether a camera may live at this address."""
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return not self.networks or any((mapped or address) in network for network in self.networks)


class Backoff:
    """Waits that double, with up to a third taken off at random so that a street of cameras does not call at once."""

    def __init__(self, policy: SessionPolicy) -> None:
        self._policy = policy
        self._losses = 0
        self._slow = False

    def after(self, cause: LossCause, seconds_of_pictures: float) -> float:
        """Seconds to wait after a session that ended so; at least the policy's first wait, at most its longest.

        A camera that sent too much waits a time of its own.
        """
        if cause is LossCause.TOO_MUCH:
            return random.uniform(self._policy.paused, self._policy.paused * 4 / 3)  # noqa: S311
        slow = cause in _SLOW
        if seconds_of_pictures >= self._policy.healthy or slow != self._slow:
            self._losses = 0
        self._slow = slow
        first = self._policy.refused_first if slow else self._policy.retry_first
        most = self._policy.refused_most if slow else self._policy.retry_most
        longest = min(most, 1.5 * first * 2.0 ** min(self._losses, 16))
        self._losses += 1
        return random.uniform(longest * 2 / 3, longest)  # noqa: S311  # spreads load, guards nothing
