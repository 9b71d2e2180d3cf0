"""How a session ends. None of these leaves the room: run_camera turns each into `StreamSink.on_lost`."""

from __future__ import annotations

from footage.contract import FootageError
from footage.rtsp.events import LossCause


class BadAddress(FootageError):
    """A camera address that cannot be used: what is wrong with it, for the person who typed it."""

    code = "bad-address"


class StreamLost(Exception):
    """The session is over. `detail` is a sentence for the person who looks after the camera; it holds no secret."""

    def __init__(self, cause: LossCause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail


class ProtocolError(StreamLost):
    """The camera sent what is no RTSP, SDP, RTP or RTCP, or something past its bounds."""

    def __init__(self, detail: str) -> None:
        super().__init__(LossCause.PROTOCOL, detail)
