"""What a stream's parameter sets say: picture size, rate, the name browsers know it by, and its box in an MP4.

Nothing is decoded. Every function takes bytes from a camera, checks every length, and raises BadParameterSet
(a ValueError) where they are not what the standard allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from footage.rtsp.events import Codec, VideoParameters
from footage.segments.bits import MAX_PARAMETER_SET_BYTES, BadParameterSet, Bits, unescaped
from footage.segments.sps_h264 import H264Sps, read_h264_sps
from footage.segments.sps_h265 import H265Sps, read_h265_sps

__all__ = [
    "SET_KINDS",
    "BadParameterSet",
    "SpsFacts",
    "decoder_configuration",
    "parameters_from",
    "parse_h264_sps",
    "parse_h265_sps",
    "set_id",
    "sps_of",
]

#: The NAL unit types of parameter sets, in the order in which they build on one another; the last two are SPS and PPS.
SET_KINDS = {Codec.H264: (7, 8), Codec.H265: (32, 33, 34)}

#: Profiles whose avcC ends with chroma format and bit depths (ISO/IEC 14496-15, 5.3.3.1.2).
_AVCC_WITH_CHROMA = frozenset({100, 110, 122, 144})


class SpsFacts(NamedTuple):
    """`fps` is 0.0 where the camera does not say; width and height are after cropping."""

    width: int
    height: int
    fps: float
    rfc6381: str


def parse_h264_sps(sps: bytes) -> SpsFacts:
    """The facts of an H.264 SPS NAL unit, header included. Raises BadParameterSet."""
    facts = read_h264_sps(sps)
    return SpsFacts(facts.width, facts.height, facts.fps, facts.rfc6381)


def parse_h265_sps(sps: bytes) -> SpsFacts:
    """The facts of an H.265 SPS NAL unit, header included. Raises BadParameterSet."""
    facts = read_h265_sps(sps)
    return SpsFacts(facts.width, facts.height, facts.fps, facts.rfc6381)


def parameters_from(
    codec: Codec, vps: bytes, sps: bytes, pps: bytes, more_sets: Sequence[bytes] = ()
) -> VideoParameters:
    """The parameters in force from their NAL units; `vps` is ignored for H.264. Raises BadParameterSet.

    `more_sets` are further sets of any of the three kinds.
    """
    vps = b"" if codec is Codec.H264 else vps
    facts: H264Sps | H265Sps = read_h264_sps(sps) if codec is Codec.H264 else read_h265_sps(sps)
    _check_header(codec, pps, 8, 34, "picture")
    if codec is Codec.H265:
        _check_header(codec, vps, 0, 32, "video")
    shape = (_profile(facts), facts.chroma_format, facts.bit_depth_luma, facts.bit_depth_chroma)
    told = (facts.width, facts.height, facts.rfc6381, facts.fps, facts.reorders)
    return VideoParameters(codec, vps, sps, pps, *told, tuple(more_sets), shape)


def _profile(facts: H264Sps | H265Sps) -> int:
    """The number of the profile, in H.265 with its space and tier."""
    return facts.profile if isinstance(facts, H264Sps) else facts.profile_tier_level[0]


def set_id(codec: Codec, nal: bytes) -> tuple[int, int]:
    """NAL unit type and id of a parameter set. Raises BadParameterSet for what is none, or cannot be read.

    Source: H.264 7.3.2.1, 7.3.2.2; H.265 7.3.2.1 to 7.3.2.3.
    """
    kind = _kind(codec, nal)
    header = 1 if codec is Codec.H264 else 2
    if kind not in SET_KINDS[codec] or not header < len(nal) <= MAX_PARAMETER_SET_BYTES:
        raise BadParameterSet("this is no parameter set")
    if kind == 32 and codec is Codec.H265:
        return kind, nal[2] >> 4
    if kind == SET_KINDS[codec][-2]:
        return kind, (read_h264_sps(nal) if codec is Codec.H264 else read_h265_sps(nal)).set_id
    return kind, Bits(unescaped(nal[header : header + 16])).ue(255)


def sps_of(codec: Codec, pps: bytes) -> int:
    """The id of the SPS that a PPS builds on. Raises BadParameterSet."""
    header = 1 if codec is Codec.H264 else 2
    bits = Bits(unescaped(pps[header : header + 16]))
    bits.ue(255)
    return bits.ue(31)


def _check_header(codec: Codec, nal: bytes, h264_type: int, h265_type: int, name: str) -> None:
    header, wanted = (1, h264_type) if codec is Codec.H264 else (2, h265_type)
    if not header < len(nal) <= MAX_PARAMETER_SET_BYTES:
        raise BadParameterSet(f"the {name} parameter set has {len(nal)} bytes")
    if _kind(codec, nal) != wanted:
        raise BadParameterSet(f"this is no {name} parameter set")


def _kind(codec: Codec, nal: bytes) -> int:
    if not nal:
        return 0
    return nal[0] & 0x1F if codec is Codec.H264 else nal[0] >> 1 & 0x3F


def decoder_configuration(parameters: VideoParameters) -> bytes:
    """The body of the avcC (H.264) or hvcC (H.265) box, four-byte NAL lengths. Raises BadParameterSet.

    It lists all sets, each kind's first one first: pictures may refer to any.
    """
    return _avcc(parameters) if parameters.codec is Codec.H264 else _hvcc(parameters)


def _avcc(parameters: VideoParameters) -> bytes:
    """Source: ISO/IEC 14496-15, 5.3.3.1.2."""
    facts = read_h264_sps(parameters.sps)
    every, pictures = _all(parameters, 7, 31), _all(parameters, 8, 255)
    head = bytes([1, facts.profile, facts.constraints, facts.level, 0xFC | 3, 0xE0 | len(every)])
    body = head + b"".join(map(_counted, every)) + bytes([len(pictures)]) + b"".join(map(_counted, pictures))
    if facts.profile not in _AVCC_WITH_CHROMA:
        return body
    luma, chroma = facts.bit_depth_luma - 8, facts.bit_depth_chroma - 8
    return body + bytes([0xFC | facts.chroma_format, 0xF8 | luma, 0xF8 | chroma, 0])


def _hvcc(parameters: VideoParameters) -> bytes:
    """Source: ISO/IEC 14496-15, 8.3.3.1.2. Segmentation, parallelism and frame rate are left unsaid."""
    facts = read_h265_sps(parameters.sps)
    head = b"\x01" + facts.profile_tier_level + b"\xf0\x00\xfc"
    depths = bytes([0xFC | facts.chroma_format, 0xF8 | facts.bit_depth_luma - 8, 0xF8 | facts.bit_depth_chroma - 8])
    layers = facts.sub_layers << 3 | facts.temporal_id_nested << 2 | 3
    arrays = [(kind, _all(parameters, kind, 255)) for kind in SET_KINDS[Codec.H265]]
    listed = b"".join(bytes([0x80 | kind, 0, len(sets)]) + b"".join(map(_counted, sets)) for kind, sets in arrays)
    return head + depths + b"\x00\x00" + bytes([layers, len(arrays)]) + listed


def _all(parameters: VideoParameters, kind: int, most: int) -> list[bytes]:
    """Every set of a kind, the one in force first."""
    sets = (parameters.vps, parameters.sps, parameters.pps, *parameters.more_sets)
    return [nal for nal in sets if nal and _kind(parameters.codec, nal) == kind][:most]


def _counted(nal: bytes) -> bytes:
    return len(nal).to_bytes(2, "big") + nal
