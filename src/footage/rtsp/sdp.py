"""Finds the video track to record in a camera's session description. Source: RFC 4566, RFC 6184, RFC 7798."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

from footage.rtsp.errors import ProtocolError, StreamLost
from footage.rtsp.events import Codec, LossCause
from footage.rtsp.messages import printable

_MAX_LINES = 2000
_MAX_TRACKS = 32
_CODECS = {"H264": Codec.H264, "H265": Codec.H265, "HEVC": Codec.H265}
_SET_FIELDS = {Codec.H264: ("sprop-parameter-sets",), Codec.H265: ("sprop-vps", "sprop-sps", "sprop-pps")}
_ABSOLUTE = re.compile(r"(?i)rtsps?://")
_CONTROL = re.compile(r"[!-~]{1,2048}")


@dataclass(slots=True)
class Media:
    """One m= section as it stands."""

    kind: str
    formats: list[str]
    control: str = ""
    codecs: dict[str, str] = field(default_factory=dict)  # payload type -> "H264/90000"
    formats_told: dict[str, str] = field(default_factory=dict)  # payload type -> fmtp
    to_the_camera: bool = False  # a way to talk to it, not to listen (ONVIF Streaming, 5.3)


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """The track to set up. `parameter_sets` are NAL units in the order told; they may be none, or wrong."""

    codec: Codec
    url: str
    aggregate_url: str
    parameter_sets: tuple[bytes, ...]


def find_video(body: bytes, base: str) -> VideoTrack:
    """The first H.264 or H.265 track. `base` is Content-Base, Content-Location or the address that was asked for.

    Raises ProtocolError for what is no session description, StreamLost (UNSUPPORTED) where it has no such track.
    Sound is found apart, in sdp_sound.py, and only where it was asked for.
    """
    session_control, medias = read_medias(body)
    aggregate = resolve(base, session_control)
    for media in medias:
        if media.kind != "video":
            continue
        for payload_type in media.formats:
            codec = _CODECS.get(media.codecs.get(payload_type, "").partition("/")[0].upper())
            if codec:
                told = fields_of(media.formats_told.get(payload_type, ""))
                _check_supported(media.codecs[payload_type], told)
                return VideoTrack(codec, resolve(aggregate, media.control), aggregate, _parameter_sets(codec, told))
    raise StreamLost(LossCause.UNSUPPORTED, f"The stream has no H.264 or H.265 video; it offers {_offer(medias)}.")


def resolve(base: str, control: str) -> str:
    """The address of a track. As every client does it, a relative one is put behind the base with a slash between.

    RFC 3986 would replace the last part of the base; cameras are made to work with clients, not with the RFC.
    """
    if not control or control == "*":
        return base
    if not _CONTROL.fullmatch(control):
        raise ProtocolError("The session description names a track address that cannot be used.")
    if _ABSOLUTE.match(control):
        return control
    return base + ("" if base.endswith("/") or control[0] in "/?" else "/") + control


def read_medias(body: bytes) -> tuple[str, list[Media]]:
    """The session's control address and its media sections."""
    lines = body.decode("utf-8", "replace").splitlines()
    if not lines or lines[0].strip() != "v=0" or len(lines) > _MAX_LINES:
        raise ProtocolError("The camera's session description is none.")
    session_control, medias = "", list[Media]()
    for line in lines:
        key, _, value = line.strip().partition("=")
        if key == "m" and len(medias) < _MAX_TRACKS:
            kind, *rest = value.split()[:64] or [""]
            medias.append(Media(kind, rest[2:]))
        elif key == "a" and not medias and value.startswith("control:"):
            session_control = value[8:].strip()
        elif key == "a" and medias:
            _attribute(medias[-1], value)
    return session_control, medias


def _attribute(media: Media, value: str) -> None:
    name, _, rest = value.partition(":")
    payload_type, _, detail = rest.strip().partition(" ")
    if name == "control":
        media.control = rest.strip()
    elif name == "sendonly":
        media.to_the_camera = True
    elif name == "rtpmap" and payload_type in media.formats:
        media.codecs[payload_type] = detail.strip()
    elif name == "fmtp" and payload_type in media.formats:
        media.formats_told[payload_type] = detail


def fields_of(told: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in told.split(";")[:64])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _check_supported(codec: str, told: dict[str, str]) -> None:
    if codec.split("/")[1:2] != ["90000"]:
        raise StreamLost(
            LossCause.UNSUPPORTED, f"The video's clock is {printable(codec)}, and 90000 is the only one there is."
        )
    if told.get("packetization-mode", "0") not in ("0", "1") or told.get("sprop-max-don-diff", "0") != "0":
        raise StreamLost(LossCause.UNSUPPORTED, "The camera sends its video out of decoding order, which is not read.")


def _parameter_sets(codec: Codec, told: dict[str, str]) -> tuple[bytes, ...]:
    """What can be read of the sets. A wrong one is left out: nearly every camera sends them in band as well."""
    found = []
    for name in _SET_FIELDS[codec]:
        for text in told.get(name, "").split(",")[:16]:
            try:
                nal = base64.b64decode(text.strip(), validate=True)
            except (binascii.Error, ValueError):
                continue
            if 2 < len(nal) <= 4096:
                found.append(nal)
    return tuple(found)


def _offer(medias: list[Media]) -> str:
    named = (f"{media.kind[:16]} {next(iter(media.codecs.values()), 'unnamed')[:24]}" for media in medias[:3])
    return printable(", ".join(named)) or "nothing"
