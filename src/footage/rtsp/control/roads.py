"""How a camera's packets come: inside the connection, or as datagrams beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from footage.rtsp.control.connection import RtspConnection
from footage.rtsp.control.datagrams import DatagramPair, Take
from footage.rtsp.control.refusals import TCP_ONLY, UDP_ONLY
from footage.rtsp.control.setup_answer import Transport
from footage.rtsp.errors import StreamLost
from footage.rtsp.events import LossCause, SoundSink
from footage.rtsp.rtp.sound import SoundChannel
from footage.rtsp.rtp.track import RtpTrack
from footage.rtsp.rtp.track_feed import TrackFeed
from footage.segments.aac import SoundParameters
from footage.times import MonotonicNs, Utc90k

Arrived = Callable[[], tuple[Utc90k, MonotonicNs]]
PICTURES, SOUND = 0, 1  # the tracks' places, each with its own channels or ports


class Road(Protocol):
    """One connection's. `refused` is the sentence where the camera does not go this way."""

    refused: str

    async def asks(self, place: int) -> list[str]:
        """The Transport headers to ask for a track with, one after the other. Raises StreamLost."""

    def carry_pictures(self, told: Transport, track: RtpTrack) -> None:
        """Hand the pictures' packets to a track from now on. Raises StreamLost where they come another way."""

    def carry_sound(self, told: Transport, sink: SoundSink, parameters: SoundParameters, arrived: Arrived) -> bool:
        """Hand the sound's packets on; False where they cannot be told from the pictures'."""

    def knock(self) -> None:
        """Keep the way open, where something on it closes what nobody uses."""

    def close(self) -> None: ...


class Inside:
    """Interleaved with the answers. Source: RFC 2326, 10.12."""

    refused = UDP_ONLY

    def __init__(self, connection: RtspConnection) -> None:
        self._connection = connection
        self._taken: tuple[int, int] = (0, 1)

    async def asks(self, place: int) -> list[str]:
        channels = f"interleaved={2 * place}-{2 * place + 1}"
        return [f"RTP/AVP/TCP;unicast;{channels}", f"RTP/AVP/TCP;{channels}"]

    def carry_pictures(self, told: Transport, track: RtpTrack) -> None:
        if told.datagrams:
            raise StreamLost(LossCause.UNSUPPORTED, UDP_ONLY)
        self._taken = told.channels or (0, 1)
        self._connection.listen(track, *self._taken)

    def carry_sound(self, told: Transport, sink: SoundSink, parameters: SoundParameters, arrived: Arrived) -> bool:
        channels = told.channels or (2, 3)
        if set(channels) & set(self._taken):
            return False
        self._connection.listen_to_sound(SoundChannel(sink, parameters, channels, arrived))
        return True

    def knock(self) -> None: ...

    def close(self) -> None: ...


class Beside:
    """As datagrams to ports of ours. A camera that answers with channels all the same is taken at its word."""

    refused = TCP_ONLY

    def __init__(self, connection: RtspConnection) -> None:
        self._connection, self._inside = connection, Inside(connection)
        self._pairs: dict[int, DatagramPair] = {}
        self._feed: TrackFeed | None = None

    async def asks(self, place: int) -> list[str]:
        here, camera = self._connection.places()
        pair = self._pairs[place] = DatagramPair(camera)
        try:
            await pair.open(here)
        except OSError as error:
            raise StreamLost(
                LossCause.FAULT, f"The recorder has no ports for UDP: {error.strerror or error}."
            ) from None
        ports = f"client_port={pair.ports[0]}-{pair.ports[1]}"
        return [f"RTP/AVP;unicast;{ports}", f"RTP/AVP/UDP;unicast;{ports}"]

    def carry_pictures(self, told: Transport, track: RtpTrack) -> None:
        if told.channels:
            self._inside.carry_pictures(told, track)
            return
        self._feed = TrackFeed(track, self._connection.end)
        self._pairs[PICTURES].listen(self._feed.rtp, self._feed.rtcp, told.server_ports)

    def carry_sound(self, told: Transport, sink: SoundSink, parameters: SoundParameters, arrived: Arrived) -> bool:
        if told.channels:
            return self._inside.carry_sound(told, sink, parameters, arrived)
        sound = SoundChannel(sink, parameters, (2, 3), arrived)
        self._pairs[SOUND].listen(_into(sound, 2), _into(sound, 3), told.server_ports)
        return True

    def knock(self) -> None:
        for pair in self._pairs.values():
            pair.knock()

    def close(self) -> None:
        if self._feed:
            self._feed.close()
        for pair in self._pairs.values():
            pair.close()


def _into(sound: SoundChannel, channel: int) -> Take:
    def take(packet: bytes) -> None:
        buffer = bytearray(packet)
        sound.packet(channel, buffer, memoryview(buffer), 0, len(buffer))

    return take
