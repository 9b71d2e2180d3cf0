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
    reorders: bool = True  # pictures may be shown in another order than they are sent in; True where it is not told
    more_sets: tuple[bytes, ...] = ()  # further sets that pictures may refer to, in the order in which they were met
    shape: tuple[int, ...] = ()  # profile, chroma format and bit depths: what a decoder is set up for

    def continues(self, before: VideoParameters) -> bool:
        """Whether a decoder that was set up for the sets before goes on with these, met in band.

        True where they differ only in what changes neither the picture's size nor its format, such as a VUI.
        """
        ours = (self.codec, self.width, self.height, self.shape)
        return bool(self.shape) and ours == (before.codec, before.width, before.height, before.shape)


@dataclass(slots=True)
class AccessUnit:
    """One coded picture: `parts` joined are length-prefixed NAL units (AVCC/HVCC), `size_bytes` in all.

    `media_90k` is the RTP clock unwrapped to 64 bits, from zero at the start of the connection, in 1/90000 s whatever
    the camera's clock rate. `wall` and `monotonic` were read when the picture's last packet arrived.

    `key`: a recording may begin with it. `recovery`: it is no IDR, but a recovery point or an open group's beginning
    (H.264 recovery point SEI, H.265 CRA or BLA), of which `recovery_frames` following pictures may still be unclean.
    `behind`: when it was read, more was waiting to be read, so that it may have arrived long before `monotonic`.
    `sets_in_band`: a key picture that carries the parameter sets it needs.
    """

    parts: Sequence[bytes | memoryview]
    size_bytes: int
    media_90k: int
    key: bool
    wall: Utc90k
    monotonic: MonotonicNs
    recovery: bool = False
    recovery_frames: int = 0
    behind: bool = False
    sets_in_band: bool = False


class Oddity(StrEnum):
    """What a camera sends that it should not: passed over or put right, counted, and told as a note."""

    NOT_RTP = "not-rtp"  # on the pictures' channel: too short, another version, headers longer than the packet
    OTHER_PAYLOAD_TYPE = "other-payload-type"  # another stream on the same channel
    TYPE_NOT_TOLD = "type-not-told"  # its pictures come under another payload type than it told; taken
    OTHER_SOURCE = "other-source"  # another SSRC on the same channel
    SOURCE_CHANGED = "source-changed"  # the pictures go on under another SSRC; taken
    NUMBERS_STAND_STILL = "numbers-stand-still"  # its packets' numbers do not count, so that no loss can be seen
    SWAPPED = "swapped"  # it sends packets in another order than they are numbered in; put in order
    UNKNOWN_UNIT = "unknown-unit"  # a NAL unit or packet type that the payload format does not know
    EMPTY_UNIT = "empty-unit"  # a NAL unit or fragment with nothing in it
    CUT_UNIT = "cut-unit"  # an aggregation packet or fragment that is cut short
    BAD_REPORT = "bad-report"  # an RTCP packet that is cut short or lies about its length
    BETWEEN_FRAMES = "between-frames"  # bytes between interleaved frames that belong to none
    JOINED_UNITS = "joined-units"  # several NAL units joined by start codes in one; split
    BAD_PARAMETERS = "bad-parameters"  # a parameter set that cannot be read; the one before it goes on
    NO_START = "no-start"  # ten seconds of pictures, and none that a recording can begin with; told once
    BAD_ANSWER = "bad-answer"  # an RTSP answer that is odd, and whose meaning is open to no doubt
    BAD_DESCRIPTION = "bad-description"  # the session description leaves out or contradicts what had to be guessed
    NEEDS_SOUND = "needs-sound"  # it sends pictures only once its sound is set up too; that sound is thrown away
    STRAY_STAMP = "stray-stamp"  # one picture whose time stamp is far from its neighbours'
    STAMP_STEP = "stamp-step"  # the time stamps jumped and went on from there
    STAMP_RATE = "stamp-rate"  # the time stamps run slower or faster than time does
    REPEATED_STAMP = "repeated-stamp"  # two pictures with one time stamp
    OPEN_PASSWORD = "open-password"  # noqa: S105  # signed in with Basic, and without TLS; told once a connection


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
    TOO_MUCH = "too-much"  # more bytes within a minute than a camera may send
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

    def on_oddity(self, oddity: Oddity, wall: Utc90k) -> None:
        """Something odd was passed over or put right; told once for each, so it may come as often as packets do."""

    def on_stamp_rate(self, rate: float) -> None:
        """How fast the camera's time stamps run where they are wrong: seconds of theirs in one of ours.

        1.0 where they run right again, 0.0 where they follow no line and pictures are placed by arrival alone.
        """

    def on_quiet(self, detail: str, wall: Utc90k) -> None:
        """No picture came for longer than is usual, and the camera still answers: more may come, or a loss."""

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
