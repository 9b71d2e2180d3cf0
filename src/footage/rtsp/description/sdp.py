"""Finds the video track to record in a camera's session description. Source: RFC 4566, RFC 6184, RFC 7798.

Cameras write descriptions that no parser of the standard would take. What can be meant only one way is taken: missing
first lines, empty lines, any line ends or none between two attributes, attributes in another track's section.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from footage.rtsp.control.messages import printable
from footage.rtsp.errors import ProtocolError, StreamLost
from footage.rtsp.events import Codec, LossCause

_MAX_LINES = 2000
_MAX_TRACKS = 32
_MAX_PAYLOAD_TYPES = 128
_CODECS = {
    "H264": Codec.H264,
    "H.264": Codec.H264,
    "AVC": Codec.H264,
    "H265": Codec.H265,
    "H.265": Codec.H265,
    "HEVC": Codec.H265,
}
_SET_FIELDS = {Codec.H264: ("sprop-parameter-sets",), Codec.H265: ("sprop-vps", "sprop-sps", "sprop-pps")}
DEFAULT_CLOCK_RATE = 90_000  # what both payload formats ask for (RFC 6184, 8.1; RFC 7798, 7.1)
#: Outside of these no time stamp is one: a clock that ticks once a picture, or faster than any camera's.
_CLOCK_RATES = range(1_000, 10_000_001)
#: Where a line begins whose line end before it is missing. The address of a control line may hold such text itself.
_JOINED = re.compile(
    r"(?<=[^\s])(?=a=(?:rtpmap:|fmtp:|control:|framerate:|framesize:|x-dimensions:|recvonly|sendonly|sendrecv)"
    r"|m=(?:video|audio|application)\s|b=AS:)"
)
_START_CODE = re.compile(rb"\x00\x00\x00?\x01")


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
    """The track to set up. `parameter_sets` are NAL units in the order told; they may be none, or wrong.

    `session_control` and `control` are addresses as the camera wrote them, see control.py. `payload_type` is None
    where the description contradicts itself; `odd` where it had to be guessed what is meant.
    """

    codec: Codec
    session_control: str
    control: str
    parameter_sets: tuple[bytes, ...]
    payload_type: int | None
    clock_rate: int
    odd: bool = False


def find_video(body: bytes) -> VideoTrack:
    """The first H.264 or H.265 track.

    Raises ProtocolError for what is no session description, StreamLost (UNSUPPORTED) where it has no such track.
    Sound is found apart, in sdp_sound.py.
    """
    session_control, medias = read_medias(body)
    for media in medias:
        if media.kind == "video":
            track = _video_of(media, session_control)
            if track:
                return track
    raise StreamLost(
        LossCause.UNSUPPORTED,
        f"The stream has no H.264 or H.265 video; it offers {_offer(medias)}. Set the camera to send one of them.",
    )


def _video_of(media: Media, session_control: str) -> VideoTrack | None:
    """The track of a section: of the first payload type that it lists, or names, as one that can be recorded."""
    for payload_type in [*media.formats, *(one for one in media.codecs if one not in media.formats)]:
        told = fields_of(media.formats_told.get(payload_type, ""))
        name, _, rest = media.codecs.get(payload_type, "").partition("/")
        codec = _CODECS.get(name.strip().upper()) if name else _guessed(payload_type, told)
        if codec:
            _check_supported(told)
            rate = _clock_rate(rest)
            agrees = payload_type in media.formats or not media.formats
            number = int(payload_type) if agrees and payload_type.isdecimal() and int(payload_type) < 128 else None
            interleaved = told.get("packetization-mode", "").strip('"') == "2"
            odd = not name or number is None or rate is None or interleaved
            sets = _parameter_sets(codec, told)
            clock_rate = DEFAULT_CLOCK_RATE if rate is None else rate
            return VideoTrack(codec, session_control, media.control, sets, number, clock_rate, odd)
    return None


def _guessed(payload_type: str, told: Mapping[str, str]) -> Codec | None:
    """The codec of a payload type that has no name: only H.264 and H.265 tell parameter sets."""
    if payload_type.isdecimal() and "sprop-parameter-sets" in told:
        return Codec.H264
    return Codec.H265 if "sprop-sps" in told or "sprop-vps" in told else None


def _clock_rate(rest: str) -> int | None:
    """Ticks of the time stamps in a second. None where none is told, or one that cannot be."""
    text = rest.partition("/")[0].strip()
    return int(text) if re.fullmatch(r"\d{1,9}", text) and int(text) in _CLOCK_RATES else None


def read_medias(body: bytes) -> tuple[str, list[Media]]:
    """The session's control address and its media sections. Raises ProtocolError where there is no section at all."""
    lines = _lines(body)
    session_control, medias, before = "", list[Media](), Media("", [])
    for line in lines:
        key, _, value = line.partition("=")
        key = key.strip().lower()
        if key == "m" and len(medias) < _MAX_TRACKS:
            kind, *rest = value.split()[:64] or [""]
            medias.append(Media(kind.lower(), [one for one in rest[1:] if one.isdecimal()]))
        elif key == "a" and not medias and value.startswith("control:"):
            session_control = value[8:].strip()
        elif key == "a":
            _attribute(medias[-1] if medias else before, value)
    _put_right([before, *medias])
    if not medias or len(lines) > _MAX_LINES:
        raise ProtocolError("The camera's session description is none.")
    return session_control, medias


def _put_right(sections: list[Media]) -> None:
    """Give each track what stands in a section that has no such payload type itself, where it has none of its own."""
    for media in sections:
        for kind in media.formats:
            for other in sections:
                if kind not in other.formats and kind in other.codecs:
                    media.codecs.setdefault(kind, other.codecs[kind])
                if kind not in other.formats and kind in other.formats_told:
                    media.formats_told.setdefault(kind, other.formats_told[kind])


def _lines(body: bytes) -> list[str]:
    """The lines that say something, whatever stands between them."""
    text = body.decode("utf-8", "replace").lstrip("\ufeff").replace("\x00", "")
    found = list[str]()
    for line in text.splitlines():
        line = line.strip()
        found += [line] if line.startswith("a=control:") else [one.strip() for one in _JOINED.split(line)]
    return [line for line in found if line]


def _attribute(media: Media, value: str) -> None:
    name, _, rest = value.partition(":")
    payload_type, *more = rest.split(None, 1) or [""]
    detail = more[0].strip() if more else ""
    if name == "control":
        media.control = rest.strip()
    elif name == "sendonly":
        media.to_the_camera = True
    elif name == "rtpmap" and len(media.codecs) < _MAX_PAYLOAD_TYPES:
        media.codecs[payload_type] = detail
    elif name == "fmtp" and len(media.formats_told) < _MAX_PAYLOAD_TYPES:
        media.formats_told[payload_type] = detail


def fields_of(told: str) -> dict[str, str]:
    """The fields of an fmtp line by their names in lower case."""
    pairs = (part.strip().partition("=") for part in told.split(";")[:64])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _check_supported(told: Mapping[str, str]) -> None:
    """Raises StreamLost where units come out of order, and with a number each. Source: RFC 7798, 7.1.

    H.264's interleaved mode has packets of its own, so what is told of it does no harm: some tell it and send none.
    """
    if told.get("sprop-max-don-diff", "0") not in ("0", ""):
        raise StreamLost(
            LossCause.UNSUPPORTED,
            "The camera sends its video out of decoding order (interleaved), which is not read. Set it to send in "
            "decoding order (sprop-max-don-diff 0).",
        )


def _parameter_sets(codec: Codec, told: Mapping[str, str]) -> tuple[bytes, ...]:
    """What can be read of the sets. A wrong one is left out: nearly every camera sends them in band as well."""
    found = []
    for name in _SET_FIELDS[codec]:
        for text in told.get(name, "").strip('"').split(",")[:16]:
            found += [nal for nal in _units(text.strip()) if 2 < len(nal) <= 4096]
    return tuple(found)


def _units(text: str) -> list[bytes]:
    """The NAL units of one base64 text: one, but some cameras put start codes before it and more behind it."""
    try:
        data = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except (binascii.Error, ValueError):
        return []
    return _START_CODE.split(data)


def _offer(medias: list[Media]) -> str:
    named = (f"{media.kind[:16]} {next(iter(media.codecs.values()), 'unnamed')[:24]}" for media in medias[:3])
    return printable(", ".join(named)) or "nothing"
