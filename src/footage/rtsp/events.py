"""What an RTSP stream tells whoever listens to it: parameter sets, pictures, camera time, loss.

The recorder, the stream checker and the benchmarks each implement `StreamSink`. Nothing is decoded on the way: an
access unit holds the camera's NAL units byte for byte and in order, each behind its four-byte length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from footage.segments.aac import SoundParameters
from footage.times import Camera90k, MonotonicNs, Utc90k


class Codec(StrEnum):
    H264 = "h264"
    H265 = "h265"


@dataclass(frozen=True, slots=True)
class VideoParameters:
    """The parameter sets in force, and what they say of the picture. A change of any of them starts a new run."""

    codec: Codec
    vps: bytes  # empty for H.264
    sps: bytes
    pps: bytes
    width: int
    height: int
    rfc6381: str  # avc1.64001f, hvc1.1.6.L93.B0
    fps: float  # 0.0 where the camera does not say


@dataclass(slots=True)
class AccessUnit:
    """One coded picture: `parts` joined are length-prefixed NAL units (AVCC/HVCC), `size_bytes` in all.

    `media_90k` is the RTP clock unwrapped to 64 bits, from zero at the start of the connection. `wall` and
    `monotonic` were read when the picture's last packet arrived.
    """

    parts: Sequence[bytes | memoryview]
    size_bytes: int
    media_90k: int
    key: bool
    wall: Utc90k
    monotonic: MonotonicNs


@dataclass(frozen=True, slots=True)
class SoundUnit:
    """One coded frame of sound. `media` is the RTP clock in samples, unwrapped, from the connection's first packet.

    `wall` and `monotonic` were read when its last packet arrived.
    """

    data: bytes
    media: int
    wall: Utc90k
    monotonic: MonotonicNs


class LossCause(StrEnum):
    UNREACHABLE = "unreachable"  # no connection
    CLOSED = "closed"  # the camera closed the connection
    SILENT = "silent"  # nothing for three seconds
    REFUSED = "refused"  # wrong credentials (401), forbidden, no such stream
    UNTRUSTED = "untrusted"  # its certificate is neither one that the system trusts nor the pinned one
    UNSUPPORTED = "unsupported"  # no video track that can be recorded
    PROTOCOL = "protocol"  # bytes that are no RTSP, or packets past their bounds
    FAULT = "fault"  # the listener failed, not the camera
    STOPPED = "stopped"  # we asked for it


class StreamSink(Protocol):
    """Told of a stream's life, always from the event loop's thread. None of these may block."""

    def on_parameters(self, parameters: VideoParameters) -> None: ...

    def on_access_unit(self, unit: AccessUnit) -> None: ...

    def on_packets_lost(self, packets: int, wall: Utc90k) -> None:
        """So many sequence numbers were skipped; 0 where the camera left a picture unfinished without skipping any.

        The picture they belonged to is not told, nor any other before the next key frame.
        """

    def on_sender_report(self, camera: Camera90k, wall: Utc90k, media_90k: int) -> None:
        """The camera's clock against ours, from an RTCP sender report."""

    def on_lost(self, cause: LossCause, detail: str, wall: Utc90k) -> None: ...


class SoundSink(Protocol):
    """Told of a stream's sound, where it was asked for. None of these may block; one that raises loses the sound."""

    def on_sound_parameters(self, parameters: SoundParameters) -> None:
        """A sound track was set up; told before the first picture."""

    def on_sound(self, unit: SoundUnit) -> None: ...

    def on_sound_report(self, camera: Camera90k, media: int) -> None:
        """The camera's clock at a moment of the sound's, from an RTCP sender report."""

    def on_no_sound(self, why: str) -> None:
        """There is none, or no more of it, on this connection: a sentence why. The pictures go on."""
