"""How a server of simulated cameras behaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from footage.simcam.auth import Scheme


@dataclass(frozen=True)
class Options:
    """What all cameras of a server have in common."""

    username: str = ""
    password: str = field(default="", repr=False)
    schemes: tuple[Scheme, ...] = (Scheme.DIGEST,)
    qop: bool = False
    tls: bool = False
    session_timeout_s: float = 60.0
    report_every_s: float = 5.0
    sdp_parameters: bool = True
    in_band: bool = True  # parameter sets in front of each key frame that does not bring its own
    packets_apart: bool = False  # a write for each packet; needs asyncio's own loop, uvloop joins writes
    grid_s: float = 0.0  # pictures go out at multiples of this, so that one waking serves many cameras
    spread_s: float = 0.0  # a picture's packets one by one over so long, as cameras that pace their line send
    clock_offset_s: float = 0.0
    clock: bool = True  # write the true time into films that have a caption row
    sent_log: int = 0  # remember the moments of this many pictures of each camera
    cache: Path | None = None
