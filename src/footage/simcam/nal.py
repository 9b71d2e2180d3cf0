"""NAL units of H.264 and H.265: taken out of their containers byte for byte, and told apart. Nothing is decoded."""

from __future__ import annotations

from collections.abc import Iterator

from footage.rtsp.events import Codec

H264_SPS, H264_PPS, H264_IDR = 7, 8, 5
H265_VPS, H265_SPS, H265_PPS = 32, 33, 34


def nal_type(codec: Codec, nal: bytes) -> int:
    return nal[0] & 0x1F if codec is Codec.H264 else nal[0] >> 1 & 0x3F


def is_parameter_set(codec: Codec, nal: bytes) -> bool:
    kinds = (H264_SPS, H264_PPS) if codec is Codec.H264 else (H265_VPS, H265_SPS, H265_PPS)
    return nal_type(codec, nal) in kinds


def is_key(codec: Codec, nal: bytes) -> bool:
    """Whether a slice of this NAL unit can be decoded without any picture before it (IDR, BLA or CRA)."""
    kind = nal_type(codec, nal)
    return kind == H264_IDR if codec is Codec.H264 else 16 <= kind <= 21


def split_annex_b(data: bytes) -> list[bytes]:
    """NAL units between start codes, without the zero bytes that belong to the byte stream and not to them."""
    starts: list[int] = []
    at = data.find(b"\0\0\1")
    while at >= 0:
        starts.append(at + 3)
        at = data.find(b"\0\0\1", at + 3)
    ends = [start - 3 for start in starts[1:]] + [len(data)]
    return [nal for start, end in zip(starts, ends, strict=True) if (nal := data[start:end].rstrip(b"\0"))]


def split_prefixed(data: bytes, length_bytes: int) -> list[bytes]:
    """NAL units behind their lengths. Raises ValueError where a length runs past the end."""
    nals: list[bytes] = []
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + length_bytes], "big")
        at += length_bytes
        if at + size > len(data):
            raise ValueError("a NAL unit is longer than its packet")
        if size:
            nals.append(data[at : at + size])
        at += size
    return nals


def parse_configuration(codec: Codec, extradata: bytes) -> tuple[int, list[bytes]]:
    """Length-prefix size (0: Annex B) and the parameter sets of an avcC, an hvcC or an Annex B header."""
    if not extradata or extradata[0] != 1:
        return 0, split_annex_b(extradata)
    if codec is Codec.H264:
        return (extradata[4] & 3) + 1, list(_avcc_sets(extradata))
    return (extradata[21] & 3) + 1, list(_hvcc_sets(extradata))


def _avcc_sets(extradata: bytes) -> Iterator[bytes]:
    at = 5
    for mask in (0x1F, 0xFF):  # SPS count has five bits, PPS count eight
        count = extradata[at] & mask
        at += 1
        for _ in range(count):
            size = int.from_bytes(extradata[at : at + 2], "big")
            yield extradata[at + 2 : at + 2 + size]
            at += 2 + size


def _hvcc_sets(extradata: bytes) -> Iterator[bytes]:
    at = 23
    for _ in range(extradata[22]):
        count = int.from_bytes(extradata[at + 1 : at + 3], "big")
        at += 3
        for _ in range(count):
            size = int.from_bytes(extradata[at : at + 2], "big")
            nal = extradata[at + 2 : at + 2 + size]
            if is_parameter_set(Codec.H265, nal):
                yield nal
            at += 2 + size
