"""Reads the camera's clock out of RTCP sender reports. Source: RFC 3550, 6.4.1."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from footage.times import HZ, Camera90k

_HEADER = Struct("!BBH")
_SENDER = Struct("!IIII")
_SENDER_REPORT = 200
#: Seconds from 1900, where NTP counts from, to 1970.
_TO_1970 = 2_208_988_800
_ERA = 1 << 32
_A_YEAR = 366 * 86_400


@dataclass(frozen=True, slots=True)
class SenderReport:
    """The camera's clock at a moment of its media clock. `source` is the SSRC that it is about."""

    camera: Camera90k
    rtp_timestamp: int
    source: int


def sender_reports(packet: bytes, now_seconds: float) -> tuple[list[SenderReport], bool]:
    """The sender reports of a compound packet, and whether all of it could be read.

    Cameras send compounds that are cut short or lie about their length: what stands before that place is good.
    `now_seconds` is our time, needed only to tell which era an NTP time beyond 2036 lies in.
    """
    reports, at = list[SenderReport](), 0
    while len(packet) - at >= 4:
        head, kind, words = _HEADER.unpack_from(packet, at)
        end = at + 4 + 4 * words
        if head >> 6 != 2 or end > len(packet):
            return reports, False
        if kind == _SENDER_REPORT and words >= 6:
            source, seconds, fraction, timestamp = _SENDER.unpack_from(packet, at + 4)
            camera = _camera_time(seconds, fraction, now_seconds)
            if camera is not None:
                reports.append(SenderReport(camera, timestamp, source))
        at = end
    return reports, at == len(packet) > 0


def _camera_time(seconds: int, fraction: int, now_seconds: float) -> Camera90k | None:
    """None where the camera counts from its own start and not from 1900, which says nothing of the time of day."""
    since_1970 = seconds - _TO_1970
    if since_1970 < 0:
        since_1970 += _ERA
        if abs(since_1970 - now_seconds) > _A_YEAR:
            return None
    return Camera90k(since_1970 * HZ + (fraction * HZ >> 32))
