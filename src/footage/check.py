"""Looks at a camera's stream for a few seconds and says what it found. Records nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from ipaddress import ip_network

from footage.contract import CameraSource, CheckOutcome, CheckResult
from footage.rtsp.client import ProbeResult, SessionPolicy, probe
from footage.rtsp.control.target import split_credentials, target_of
from footage.rtsp.errors import BadAddress
from footage.rtsp.events import Codec, LossCause
from footage.rtsp.probe import SLOW_SECONDS

#: For the first picture with which a recording may begin; smart codecs send one in 20 s and fewer.
KEY_FRAME_SECONDS = 20.0
_CODEC_WORDS = {Codec.H264: "H.264", Codec.H265: "H.265"}
_LOOK_AT = "look at its network, its power and how many viewers it serves"
_OUTCOMES = {
    LossCause.UNREACHABLE: CheckOutcome.UNREACHABLE,
    LossCause.CLOSED: CheckOutcome.SILENT,
    LossCause.SILENT: CheckOutcome.SILENT,
    LossCause.REFUSED: CheckOutcome.REFUSED,
    LossCause.UNTRUSTED: CheckOutcome.UNTRUSTED,
    LossCause.UNSUPPORTED: CheckOutcome.NO_VIDEO,
}


def split_address(url: str) -> tuple[str, str, str]:
    """The address without credentials, the user name and the password. Raises FootageError with what is wrong."""
    return split_credentials(url)


def check_source(
    source: CameraSource,
    seconds: float = 4.0,
    *,
    networks: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> CheckResult:
    """Connect, watch for `seconds`, say what came. Every failure is a result, none an exception.

    A slow camera is waited for longer: 20 s for its first key frame, 15 s for its second picture. `progress` is told
    about each second what is waited for.
    `networks` are those in which a camera may live, asked again here because a name may lead elsewhere by now;
    empty means any.
    """
    try:
        target = target_of(source)
    except BadAddress as error:
        return CheckResult(CheckOutcome.BAD_ADDRESS, str(error))
    allowed = tuple(ip_network(one, strict=False) for one in networks)
    # Somebody waits for the answer, so a camera gets less time for its first key frame than recording gives it; and
    # more between two pictures, for here nobody loses anything by waiting.
    policy = SessionPolicy(key_frame=KEY_FRAME_SECONDS, silence=SLOW_SECONDS, networks=allowed)
    return _told(asyncio.run(probe(target, seconds, policy, progress)))


def _told(seen: ProbeResult) -> CheckResult:
    if seen.cause is not None:
        detail = seen.detail
        if seen.pictures and seen.cause in (LossCause.CLOSED, LossCause.SILENT):
            after = f"{seen.pictures} picture{'' if seen.pictures == 1 else 's'}"
            detail = f"{detail.rstrip('.')} after {after}; {_LOOK_AT}."
        return CheckResult(_OUTCOMES.get(seen.cause, CheckOutcome.PROTOCOL), detail, notes=seen.notes)
    if seen.parameters is None:
        return CheckResult(CheckOutcome.SILENT, "The camera sent no whole picture in the time that was given.")
    return CheckResult(
        CheckOutcome.CONNECTS,
        "The camera sends pictures.",
        codec=_CODEC_WORDS[seen.parameters.codec],
        width=seen.parameters.width,
        height=seen.parameters.height,
        fps=seen.fps or seen.parameters.fps,
        bitrate_bps=seen.bitrate_bps,
        clock_offset_ms=seen.clock_offset_ms,
        sound=seen.sound,
        notes=seen.notes,
    )
