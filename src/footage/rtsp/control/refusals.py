"""What is said where a camera refuses a step: which one, in its own words, and what to set."""

from __future__ import annotations

from footage.rtsp.control.messages import Message, printable, printable_address
from footage.rtsp.errors import StreamLost
from footage.rtsp.events import LossCause

UDP_ONLY = "The camera refuses to send its video over TCP; in its row here, set how its pictures come to UDP."
TCP_ONLY = (
    "The camera refuses to send its video over UDP; in its row here, set how its pictures come back to TCP. "
    "Where both are refused, look at the transport in its stream settings."
)

_NO_ROOM = (453, 503)
_WHAT_TO_DO = {
    403: "Let this user see the stream in the camera's settings.",
    404: "Check the path behind the host.",
    453: "End another connection to it.",
    454: "It may end sessions too early: restart it.",
    503: "End another connection to it, or restart it.",
}


def check(answer: Message, step: str, secret: str = "") -> None:
    """Raises StreamLost unless the answer to a step is a success. `secret` is the password, which is never shown."""
    status, said = answer.status, f"{answer.status} {printable(answer.reason)}".strip()
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise StreamLost(LossCause.REFUSED, _elsewhere(answer, secret))
    told, what_to_do = f"{said} to {step}", _WHAT_TO_DO.get(status, "")
    if status == 404:
        text = f"The camera has no such stream ({told})."
    elif status in _NO_ROOM:
        text = f"The camera has no room for another viewer ({told})."
    else:
        text = f"The camera refused what was asked: {told}."
    cause = LossCause.REFUSED if status < 500 or status in _NO_ROOM else LossCause.CLOSED
    raise StreamLost(cause, f"{text} {what_to_do}".strip())


def _elsewhere(answer: Message, secret: str) -> str:
    """A redirect is never followed: whoever stands in between could lead the recorder, and the password, anywhere."""
    address = printable_address(answer.header("location"), secret)
    if not address:
        return f"The camera sends us elsewhere ({answer.status}), to no address; redirects are not followed."
    said = "The camera sends us elsewhere; redirects are not followed."
    return f"{said} If that is this camera, make it its address here: {address}"
