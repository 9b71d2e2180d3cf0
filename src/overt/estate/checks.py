"""A look at a camera's stream: does it connect, what does it send, how is its clock; told plainly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from footage.check import check_source
from footage.contract import CameraSource, CheckOutcome, CheckResult
from overt.estate.addresses import Address, check_networks
from overt.estate.models import Camera
from overt.estate.node import source_of
from overt.estate.rules import BadCamera
from overt.logbook.services import record
from overt.policy.queries import policy_in_force

if TYPE_CHECKING:
    from overt.accounts.models import User

SECONDS = 4.0

_WHAT_TO_DO = {
    CheckOutcome.UNREACHABLE: "Check the camera's power and cable, its address and its port.",
    CheckOutcome.REFUSED: "Check the user name, the password and the path behind the host.",
    CheckOutcome.UNTRUSTED: "If it is this camera's own (its page tells), give it under Camera's certificate.",
    CheckOutcome.NO_VIDEO: "Set the camera to send H.264 or H.265, or use the path of its video stream.",
    CheckOutcome.SILENT: "The camera answers but sends no picture: restart it, or look at its stream settings.",
    CheckOutcome.PROTOCOL: "Something else answers there: check the port; RTSP is usually 554.",
    CheckOutcome.BAD_ADDRESS: "Correct the address.",
}


def check_camera(camera: Camera, *, by: User | None, seconds: float = SECONDS) -> CheckResult:
    """Connect for a few seconds beside the recorder, and write down what was seen."""
    result = _look(source_of(camera, policy_in_force().retention_days), seconds)
    facts = {
        "outcome": result.outcome.value,
        "codec": result.codec,
        "width": result.width,
        "height": result.height,
        "millihertz": round(result.fps * 1000),
        "bits_per_second": result.bitrate_bps,
        "sound": result.sound,
        "clock_ms": None if result.clock_offset_ms is None else round(result.clock_offset_ms),
    }
    with transaction.atomic():
        record("estate.camera.checked", camera, by=by, facts=facts)
    return result


def _look(source: CameraSource, seconds: float) -> CheckResult:
    try:
        check_networks(Address(source.url))  # a name may lead elsewhere than when the camera was added
    except BadCamera as error:
        return CheckResult(CheckOutcome.BAD_ADDRESS, str(error))
    return check_source(source, seconds, networks=settings.CAMERA_NETWORKS)


def sentence(result: CheckResult) -> str:
    """`connects; H.264 1280x720 25 fps; clock 0.4 s behind; 2.1 Mbit/s`, or what is wrong and what to do."""
    if result.outcome is not CheckOutcome.CONNECTS:
        return f"{result.detail.rstrip('.')}. {_WHAT_TO_DO[result.outcome]}"
    rate = f"{result.fps:.1f}".rstrip("0").rstrip(".")
    picture = f"{result.codec} {result.width}x{result.height} {rate} fps"
    seen = f"connects; {picture}; {clock_words(result.clock_offset_ms)}; {result.bitrate_bps / 1e6:.1f} Mbit/s"
    return f"{seen}; offers sound ({result.sound})" if result.sound else seen


def clock_words(offset_ms: float | None) -> str:
    """How the camera's clock stands to the server's."""
    if offset_ms is None:
        return "clock not told"
    if abs(offset_ms) < 50:
        return "clock right"
    return f"clock {abs(offset_ms) / 1000:.1f} s {'behind' if offset_ms < 0 else 'ahead'}"
