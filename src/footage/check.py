"""Looks at a camera's stream for a few seconds and says what it found. Records nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from footage.contract import CameraSource, CheckOutcome, CheckResult
from footage.rtsp.errors import BadAddress
from footage.rtsp.events import AccessUnit, Codec, LossCause, VideoParameters
from footage.rtsp.policy import SessionPolicy
from footage.rtsp.session import Ending, RtspSession
from footage.rtsp.target import StreamTarget, split_credentials
from footage.times import HZ, Camera90k, Utc90k

Networks = tuple[IPv4Network | IPv6Network, ...]

_CODEC_WORDS = {Codec.H264: "H.264", Codec.H265: "H.265"}
_OUTCOMES = {
    LossCause.UNREACHABLE: CheckOutcome.UNREACHABLE,
    LossCause.CLOSED: CheckOutcome.SILENT,
    LossCause.SILENT: CheckOutcome.SILENT,
    LossCause.REFUSED: CheckOutcome.REFUSED,
    LossCause.UNSUPPORTED: CheckOutcome.NO_VIDEO,
    LossCause.PROTOCOL: CheckOutcome.PROTOCOL,
    LossCause.STOPPED: CheckOutcome.SILENT,
}


def split_address(url: str) -> tuple[str, str, str]:
    """The address without credentials, the user name and the password. Raises FootageError with what is wrong."""
    return split_credentials(url)


def check_source(source: CameraSource, seconds: float = 4.0, *, networks: Sequence[str] = ()) -> CheckResult:
    """Connect, watch for `seconds`, say what came. Every failure is a result, none an exception.

    `networks` are those in which a camera may live, asked again here because a name may lead elsewhere by now;
    empty means any.
    """
    allowed = tuple(ip_network(one, strict=False) for one in networks)
    return asyncio.run(_check(source, seconds, allowed))


async def _check(source: CameraSource, seconds: float, networks: Networks) -> CheckResult:
    try:
        target = StreamTarget(source.url, source.username, source.password)
    except BadAddress as error:
        return CheckResult(CheckOutcome.BAD_ADDRESS, str(error))
    stop, sink = asyncio.Event(), _Witness()
    policy = SessionPolicy(connect=min(5.0, seconds + 1), key_frame=max(seconds * 2, 8.0), networks=networks)
    watching = asyncio.create_task(RtspSession(target, sink, policy).run(stop))
    try:
        await _until_seen(watching, sink, seconds)
    finally:
        stop.set()
        ending = await watching
    return sink.result() if sink.units > 1 else _failure(ending, sink)


async def _until_seen(watching: asyncio.Task[Ending], sink: _Witness, seconds: float) -> None:
    """Wait until pictures came for `seconds`, and a little longer for a sender report, or until the session ended."""
    longest = 2 * seconds + 5.0
    started = time.monotonic()
    while not watching.done() and time.monotonic() - started < longest:
        await asyncio.wait({watching}, timeout=0.1)
        if sink.seconds >= seconds and (sink.clock_offset_ms is not None or sink.seconds >= seconds + 3.0):
            return


class _Witness:
    """A listener that counts, and keeps nothing of the pictures."""

    def __init__(self) -> None:
        self.parameters: VideoParameters | None = None
        self.units = 0
        self.bytes = 0
        self.clock_offset_ms: float | None = None
        self._first: AccessUnit | None = None
        self._last: AccessUnit | None = None

    @property
    def seconds(self) -> float:
        """How long pictures have been coming, by our own clock."""
        if self._first is None or self._last is None:
            return 0.0
        return (self._last.monotonic - self._first.monotonic) / 1e9

    def on_parameters(self, parameters: VideoParameters) -> None:
        self.parameters = parameters

    def on_access_unit(self, unit: AccessUnit) -> None:
        self._first = self._first or unit
        self._last = unit
        self.units += 1
        self.bytes += unit.size_bytes

    def on_packets_lost(self, packets: int, wall: Utc90k) -> None: ...

    def on_sender_report(self, camera: Camera90k, wall: Utc90k, media_90k: int) -> None:
        # Two clocks told together by one report: a difference between kinds, made here on purpose.
        self.clock_offset_ms = (int(camera) - int(wall)) / 90

    def on_lost(self, cause: LossCause, detail: str, wall: Utc90k) -> None: ...

    def result(self) -> CheckResult:
        if self.parameters is None or self._first is None or self._last is None:
            raise ValueError("nothing was seen")
        media = (self._last.media_90k - self._first.media_90k) / HZ
        heard = self.seconds or media
        return CheckResult(
            CheckOutcome.CONNECTS,
            "The camera sends pictures.",
            codec=_CODEC_WORDS[self.parameters.codec],
            width=self.parameters.width,
            height=self.parameters.height,
            fps=round((self.units - 1) / media, 2) if media > 0 else self.parameters.fps,
            bitrate_bps=round(self.bytes * 8 / heard) if heard > 0 else 0,
            clock_offset_ms=self.clock_offset_ms,
        )


def _failure(ending: Ending, sink: _Witness) -> CheckResult:
    outcome = _OUTCOMES.get(ending.cause, CheckOutcome.PROTOCOL)
    if outcome is CheckOutcome.SILENT and sink.parameters is None and ending.cause is LossCause.STOPPED:
        return CheckResult(outcome, "The camera sent no whole picture in the time that was given.")
    return CheckResult(outcome, ending.detail)
