"""A look at a camera's stream: does it connect, what does it send, how is its clock; told plainly."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from footage.contract import CameraSource, CheckOutcome, CheckResult
from overt.estate.cameras.addresses import Address, check_networks
from overt.estate.log_actions import CAMERA_CHECKED, CameraChecked
from overt.estate.models import Camera
from overt.estate.node import source_of
from overt.estate.rules import BadCamera
from overt.logbook.services import log
from overt.policy.queries import policy_in_force
from overt.shared.engine import check_source, rounded, span_words

if TYPE_CHECKING:
    from overt.accounts.models import User

SECONDS = 4.0

_WHAT_TO_DO = {
    CheckOutcome.UNREACHABLE: "Check the camera's power and cable, its address and its port.",
    CheckOutcome.REFUSED: "Check the user name, the password and the path behind the host.",
    CheckOutcome.UNTRUSTED: "If it is this camera's own (its page tells), give it under Camera's certificate.",
    CheckOutcome.NO_VIDEO: "Set the camera to H.264 or H.265 and a key frame each second, or give its video's path.",
    CheckOutcome.SILENT: "The camera answers but sends no picture: restart it, or look at its stream settings.",
    CheckOutcome.PROTOCOL: "Something else answers there: check the port; RTSP is usually 554.",
    CheckOutcome.BAD_ADDRESS: "Correct the address.",
}


#: A detail of two parts says by itself what to set.
_ADVISES = re.compile(r"[.;] +\S")


def check_camera(
    camera: Camera, *, by: User | None, seconds: float = SECONDS, progress: Callable[[str], None] | None = None
) -> CheckResult:
    """Connect for a few seconds beside the recorder, and write down what was seen.

    `progress` is told about each second what is waited for.
    """
    result = _look(source_of(camera, policy_in_force().retention_days), seconds, progress)
    facts = CameraChecked(
        outcome=result.outcome.value,
        codec=result.codec,
        width=result.width,
        height=result.height,
        millihertz=round(result.fps * 1000),
        bits_per_second=result.bitrate_bps,
        sound=result.sound,
        clock_ms=None if result.clock_offset_ms is None else round(result.clock_offset_ms),
        notes=tuple(note.code for note in result.notes),
    )
    with transaction.atomic():
        log(CAMERA_CHECKED, camera, by=by, facts=facts)
    return result


def _look(source: CameraSource, seconds: float, progress: Callable[[str], None] | None) -> CheckResult:
    try:
        check_networks(Address(source.url))  # a name may lead elsewhere than when the camera was added
    except BadCamera as error:
        return CheckResult(CheckOutcome.BAD_ADDRESS, str(error))
    return check_source(source, seconds, networks=settings.CAMERA_NETWORKS, progress=progress)


def sentence(result: CheckResult) -> str:
    """`connects; H.264 1280x720 25 fps; clock 0.4 s behind; 2.1 Mbit/s`, or what is wrong and what to do."""
    if result.outcome is not CheckOutcome.CONNECTS:
        advises = _ADVISES.search(result.detail) and result.outcome is not CheckOutcome.UNTRUSTED
        advice = "" if advises else f" {_WHAT_TO_DO[result.outcome]}"
        return f"{result.detail.rstrip('.')}.{advice}"
    picture = f"{result.codec} {result.width}x{result.height} {rate_words(result.fps)}"
    seen = f"connects; {picture}; {clock_words(result.clock_offset_ms)}; {_bits(result.bitrate_bps)}"
    return f"{seen}; offers sound ({result.sound})" if result.sound else seen


def rate_words(fps: float) -> str:
    """`25 fps`, `12.5 fps`; below one a second `a picture each 5 s`."""
    if 0 < fps < 0.95:
        return f"a picture each {span_words(rounded(1 / fps))}"
    return f"{fps:.1f}".rstrip("0").rstrip(".") + " fps"


def _bits(bits_per_second: int) -> str:
    millions = bits_per_second / 1e6
    return f"{millions:.1f} Mbit/s" if millions >= 0.1 else f"{millions:.1g} Mbit/s"


def clock_words(offset_ms: float | None) -> str:
    """How the camera's clock stands to the server's."""
    if offset_ms is None:
        return "clock not told"
    if abs(offset_ms) < 50:
        return "clock right"
    seconds = abs(offset_ms) / 1000
    length = f"{seconds:.1f} s" if seconds < 120 else span_words(seconds)
    return f"clock {length} {'behind' if offset_ms < 0 else 'ahead'}"
