"""Finds the sound that a camera offers, and whether it can be recorded. Source: RFC 4566, RFC 3640 (AAC-hbr)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from footage.rtsp.control.messages import printable
from footage.rtsp.description.sdp import Media, fields_of, read_medias
from footage.rtsp.errors import StreamLost
from footage.segments.aac import MAX_CONFIG_BYTES, SoundParameters, sound_parameters
from footage.segments.bits import BadParameterSet

#: What AAC-hbr fixes (RFC 3640, 3.3.6); a camera that says otherwise sends something else.
_HIGH_BITRATE = {"sizelength": "13", "indexlength": "3", "indexdeltalength": "3"}
#: Fields that would stand in the headers of each frame; AAC-hbr has none of them.
_MORE_FIELDS = ("ctsdeltalength", "dtsdeltalength", "auxiliarydatasizelength", "streamstateindication")
_HEX = re.compile(rf"(?:[0-9a-fA-F]{{2}}){{2,{MAX_CONFIG_BYTES}}}")


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """A sound track that can be set up; `control` is its address as the camera wrote it, see control.py."""

    control: str
    parameters: SoundParameters


@dataclass(frozen=True, slots=True)
class SoundOffer:
    """What the camera offers, in words (empty where it offers no sound), and the track where it can be recorded.

    `control` is the address of the first sound, whether or not it can be recorded; None where there is none.
    """

    words: str
    track: SoundTrack | None = None
    control: str | None = None


def find_sound(body: bytes) -> SoundOffer:
    """The first AAC track of a session description, else why there is none. Raises nothing.

    Looking costs the camera nothing and sets nothing up.
    """
    try:
        medias = read_medias(body)[1]
    except StreamLost:
        return SoundOffer("")
    offers = [_offer(media) for media in medias if media.kind == "audio" and not media.to_the_camera]
    return next((offer for offer in offers if offer.track), offers[0] if offers else SoundOffer(""))


def _offer(media: Media) -> SoundOffer:
    payload_type = media.formats[0] if media.formats else ""
    coding = media.codecs.get(payload_type, "")
    name, _, rest = coding.partition("/")
    if name.lower() != "mpeg4-generic":
        words = f"{printable(coding)[:24] or 'sound in a coding without a name'}: only AAC is recorded"
        return SoundOffer(words, control=media.control)
    told = fields_of(media.formats_told.get(payload_type) or _only(media.formats_told))
    try:
        parameters = _parameters(told)
    except BadParameterSet as error:
        return SoundOffer(f"AAC that is not recorded: {error}", control=media.control)
    if rest.partition("/")[0] != str(parameters.rate):
        words = "AAC that is not recorded: its clock is not the one that its configuration names"
        return SoundOffer(words, control=media.control)
    return SoundOffer(parameters.words, SoundTrack(media.control, parameters), media.control)


def _only(told: Mapping[str, str]) -> str:
    """The one format of a section, for a camera that tells it under another payload type; else nothing."""
    return next(iter(told.values())) if len(told) == 1 else ""


def _parameters(told: Mapping[str, str]) -> SoundParameters:
    """Raises BadParameterSet."""
    if told.get("mode", "").lower() != "aac-hbr" or any(
        told.get(name, value) != value for name, value in _HIGH_BITRATE.items()
    ):
        raise BadParameterSet("it does not come in the mode AAC-hbr")
    if any(told.get(name, "0") != "0" for name in _MORE_FIELDS):
        raise BadParameterSet("its frames carry fields that the mode AAC-hbr has not")
    if not _HEX.fullmatch(told.get("config", "")):
        raise BadParameterSet("the camera does not tell its configuration")
    return sound_parameters(bytes.fromhex(told["config"]))
