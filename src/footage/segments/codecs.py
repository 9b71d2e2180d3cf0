"""What a stream's parameter sets say: picture size, rate, the name browsers know it by, and its box in an MP4.

Nothing is decoded. Every function takes bytes from a camera, checks every length, and raises BadParameterSet
(a ValueError) where they are not what the standard allows.
"""

from __future__ import annotations

from typing import NamedTuple

from footage.rtsp.events import Codec, VideoParameters
from footage.segments.bits import MAX_PARAMETER_SET_BYTES, BadParameterSet
from footage.segments.sps_h264 import read_h264_sps
from footage.segments.sps_h265 import read_h265_sps

__all__ = [
    "BadParameterSet",
    "SpsFacts",
    "decoder_configuration",
    "parameters_from",
    "parse_h264_sps",
    "parse_h265_sps",
]

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


def parameters_from(codec: Codec, vps: bytes, sps: bytes, pps: bytes) -> VideoParameters:
    """The parameters in force from their NAL units; `vps` is ignored for H.264. Raises BadParameterSet."""
    vps = b"" if codec is Codec.H264 else vps
    facts = parse_h264_sps(sps) if codec is Codec.H264 else parse_h265_sps(sps)
    _check_header(codec, pps, 8, 34, "picture")
    if codec is Codec.H265:
        _check_header(codec, vps, 0, 32, "video")
    return VideoParameters(codec, vps, sps, pps, facts.width, facts.height, facts.rfc6381, facts.fps)


def _check_header(codec: Codec, nal: bytes, h264_type: int, h265_type: int, name: str) -> None:
    header, wanted = (1, h264_type) if codec is Codec.H264 else (2, h265_type)
    if not header < len(nal) <= MAX_PARAMETER_SET_BYTES:
        raise BadParameterSet(f"the {name} parameter set has {len(nal)} bytes")
    if (nal[0] & 0x1F if codec is Codec.H264 else nal[0] >> 1 & 0x3F) != wanted:
        raise BadParameterSet(f"this is no {name} parameter set")


def decoder_configuration(parameters: VideoParameters) -> bytes:
    """The body of the avcC (H.264) or hvcC (H.265) box, four-byte NAL lengths. Raises BadParameterSet."""
    return _avcc(parameters) if parameters.codec is Codec.H264 else _hvcc(parameters)


def _avcc(parameters: VideoParameters) -> bytes:
    """Source: ISO/IEC 14496-15, 5.3.3.1.2."""
    facts = read_h264_sps(parameters.sps)
    head = bytes([1, facts.profile, facts.constraints, facts.level, 0xFC | 3, 0xE0 | 1])
    body = head + _counted(parameters.sps) + b"\x01" + _counted(parameters.pps)
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
    arrays = [(32, parameters.vps), (33, parameters.sps), (34, parameters.pps)]
    listed = b"".join(bytes([0x80 | kind, 0, 1]) + _counted(nal) for kind, nal in arrays)
    return head + depths + b"\x00\x00" + bytes([layers, len(arrays)]) + listed


def _counted(nal: bytes) -> bytes:
    return len(nal).to_bytes(2, "big") + nal
