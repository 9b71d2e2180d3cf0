"""What was learned of one camera, kept from one session to the next for as long as it is followed."""

from __future__ import annotations

from dataclasses import dataclass, field

from footage.rtsp.control.auth import Credentials
from footage.rtsp.errors import StreamLost


@dataclass(slots=True)
class CameraMemory:
    """What to try first, and what not to try again. A camera that changed costs one more try, never the stream."""

    skip_options: bool = False  # it does not answer OPTIONS, or closes the connection on it
    bad_keep_alives: set[str] = field(default_factory=set)  # methods that it refuses, does not answer or closes on
    closes_on: set[str] = field(default_factory=set)  # of these, the ones after which the connection ended
    way: str = ""  # how a track's address was joined when it took it, see control.py
    needs_sound: bool = False  # it sends no pictures unless its sound is set up as well
    refused_algorithms: set[str] = field(default_factory=set)  # of Digest, that it offers and does not take
    offered_digest: bool = False  # so that nobody in between can make us say the password itself later
    #: Of a camera that closes the connection with its challenge: the answer, to be given first on the next one.
    credentials: Credentials | None = None
    answered_elsewhere: bool = False  # that was done, for want of another way


class TryAgain(Exception):
    """Another connection, made at once, can do better: what this one taught stands in the camera's memory.

    `lost` is how the session ends where that was tried often enough. `took_time`: so long that it has to be told.
    """

    def __init__(self, lost: StreamLost, *, took_time: bool = False) -> None:
        super().__init__(lost.detail)
        self.lost, self.took_time = lost, took_time
