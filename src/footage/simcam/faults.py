"""What can be wrong with a simulated camera, as data: from the command line, the control port or a test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from footage.contract import FootageError


class FaultError(FootageError):
    """No such fault, or a parameter it does not have."""

    code = "simcam-fault"


class FaultKind(StrEnum):
    DROP = "drop"  # close every connection now; new ones are welcome
    STALL = "stall"  # no pictures for `seconds`; requests are still answered
    RESOLUTION = "resolution"  # go on in `width` x `height`, or back to the film's own without them
    WRONG_DIGEST = "wrong-digest"  # refuse right credentials, for `seconds` or until plugged
    GARBAGE = "garbage"  # `bytes` of noise: between frames (`where` stream) or as RTP payload (`where` payload)
    NO_PARAMETERS = "no-parameters"  # no parameter sets in the SDP from now on
    CLOCK_OFFSET = "clock-offset"  # sender reports are `seconds` ahead of our clock
    UNPLUG = "unplug"  # silence on every connection, nothing answered, for `seconds` or until plugged
    REFUSE = "refuse"  # as unplug, but connections are closed: a camera that is starting up
    PLUG = "plug"  # everything is well again
    MUTE = "mute"  # no sound for `seconds`, or until plugged
    BABBLE = "babble"  # the next `packets` of sound are noise
    LOSS = "loss"  # leave out the next `packets` RTP packets; their sequence numbers are used up


#: The parameters of each fault and their defaults; None means without end, or the film's own.
PARAMETERS: dict[FaultKind, dict[str, float | str | None]] = {
    FaultKind.DROP: {},
    FaultKind.STALL: {"seconds": 5.0},
    FaultKind.RESOLUTION: {"width": None, "height": None},
    FaultKind.WRONG_DIGEST: {"seconds": None},
    FaultKind.GARBAGE: {"bytes": 4096, "where": "stream"},
    FaultKind.NO_PARAMETERS: {},
    FaultKind.CLOCK_OFFSET: {"seconds": 0.0},
    FaultKind.UNPLUG: {"seconds": None},
    FaultKind.REFUSE: {"seconds": None},
    FaultKind.PLUG: {},
    FaultKind.MUTE: {"seconds": None},
    FaultKind.BABBLE: {"packets": 100},
    FaultKind.LOSS: {"packets": 1},
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault with its parameters checked. `after_s` is the time from the camera's start, for the command line."""

    kind: FaultKind
    values: dict[str, float | str | None] = field(default_factory=dict)
    after_s: float = 0.0

    def number(self, name: str) -> float:
        value = self.values[name]
        return 0.0 if value is None else float(value)

    def optional(self, name: str) -> float | None:
        value = self.values[name]
        return None if value is None else float(value)


def make_fault(kind: str, given: Mapping[str, object] | None = None, *, after_s: float = 0.0) -> Fault:
    """A checked fault. Raises FaultError with what is known, for a kind, a name or a value that is not."""
    try:
        known = PARAMETERS[FaultKind(kind)]
    except ValueError:
        raise FaultError(f"{kind}: no such fault; there are {', '.join(FaultKind)}") from None
    values = dict(known)
    for name, value in (given or {}).items():
        if name not in known:
            raise FaultError(f"{kind} has no {name}; it has {', '.join(known) or 'no parameters'}")
        values[name] = _checked(kind, name, value)
    return Fault(FaultKind(kind), values, after_s)


def _checked(kind: str, name: str, value: object) -> float | str | None:
    if name == "where":
        if value not in ("stream", "payload"):
            raise FaultError(f"{kind}: where is stream or payload, not {value}")
        return str(value)
    if value is None:
        return None
    try:
        number = float(str(value))
    except ValueError:
        raise FaultError(f"{kind}: {name} is a number, not {value}") from None
    if (number < 0 and name != "seconds") or abs(number) > 1e7:
        raise FaultError(f"{kind}: {name} of {value} is out of bounds")
    return number


def parse_fault(text: str) -> tuple[str, Fault]:
    """A camera's name and its fault from `CAMERA:KIND[@SECONDS][,NAME=VALUE...]`, e.g. `cam1:stall@10,seconds=4`."""
    match = re.fullmatch(r"([^:]+):([a-z-]+)(?:@([\d.]+))?((?:,[a-z]+=[^,]+)*)", text)
    if not match:
        raise FaultError(f"{text}: write CAMERA:KIND[@SECONDS][,NAME=VALUE...]")
    camera, kind, after, rest = match.groups()
    given = dict(part.split("=", 1) for part in rest.split(",") if part)
    return camera, make_fault(kind, given, after_s=float(after or 0))
