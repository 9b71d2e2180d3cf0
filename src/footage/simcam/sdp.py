"""The session description of a simulated camera (RFC 4566, RFC 6184 8.2, RFC 7798 7.2)."""

from __future__ import annotations

import base64

from footage.rtsp.events import Codec
from footage.simcam.film import Film
from footage.simcam.rtp import PAYLOAD_TYPE
from footage.simcam.soundtrack import described


def describe(film: Film, name: str, *, parameter_sets: bool) -> str:
    """The video track, with its parameter sets or without, and the sound where the film has some."""
    encoding = "H264" if film.codec is Codec.H264 else "H265"
    lines = [
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        f"s={name}",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=control:*",
        "a=range:npt=now-",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} {encoding}/90000",
        f"a=framerate:{film.fps:.3f}".rstrip("0").rstrip("."),
        f"a=fmtp:{PAYLOAD_TYPE} {_format(film, parameter_sets=parameter_sets)}",
        "a=control:trackID=0",
        "a=recvonly",
        *(described(film.sound) if film.sound else ()),
    ]
    return "\r\n".join(lines) + "\r\n"


def _format(film: Film, *, parameter_sets: bool) -> str:
    texts = [base64.b64encode(nal).decode() for nal in film.parameter_sets]
    if film.codec is Codec.H264:
        sps = film.parameter_sets[0]
        head = f"packetization-mode=1;profile-level-id={sps[1:4].hex()}"
        return f"{head};sprop-parameter-sets={','.join(texts)}" if parameter_sets else head
    named = zip(("sprop-vps", "sprop-sps", "sprop-pps"), texts, strict=True)
    return ";".join(f"{name}={text}" for name, text in named) if parameter_sets else "tx-mode=SRST"
