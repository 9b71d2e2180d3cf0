"""Writes segments as bytes: the part before the first fragment, and each fragment's head. Touches no disk."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

from footage.rtsp.events import Codec, VideoParameters
from footage.segments.boxes import U32, box, full_box, ntp_time
from footage.segments.codecs import decoder_configuration
from footage.segments.header import SegmentHeader, header_box

TIMESCALE = 90_000
TRACK = 1

_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_KEY_FLAGS = 0x02000000  # depends on no other picture
_DELTA_FLAGS = 0x01010000  # depends on others, no place to start
#: Where a picture stands on the media clock: the capture clock of a live source (ISO/IEC 14496-12, 8.16.5).
_PRFT_CAPTURED = 24
_SAMPLE = struct.Struct(">III")
_SAMPLE_SHIFTED = struct.Struct(">IIIi")


class Sample(NamedTuple):
    """One picture of a fragment. `shift_90k` is composition minus decode time, zero without B pictures."""

    duration_90k: int
    size_bytes: int
    key: bool
    shift_90k: int = 0


def init_segment(parameters: VideoParameters) -> bytes:
    """`ftyp` and `moov` for one video track. Raises BadParameterSet."""
    trex = full_box(b"trex", 0, 0, struct.pack(">5I", TRACK, 1, 0, 0, 0))
    return box(b"ftyp", b"iso6\0\0\2\0iso6mp41cmfc") + box(
        b"moov", _movie_header(), _track(parameters), box(b"mvex", trex)
    )


def segment_start(parameters: VideoParameters, header: SegmentHeader) -> bytes:
    """All of a segment before its first fragment."""
    return init_segment(parameters) + header_box(header)


def fragment_head(sequence: int, media_90k: int, wall_90k: int, samples: Sequence[Sample]) -> bytes:
    """`prft`, `moof` and the head of `mdat`; the samples' bytes follow, in order.

    `media_90k` is the decode time of the first sample on the file's own clock, `wall_90k` its UTC time.
    """
    moof = _moof(sequence, media_90k, samples)
    prft = full_box(b"prft", 1, _PRFT_CAPTURED, struct.pack(">IQQ", TRACK, ntp_time(wall_90k), media_90k))
    return prft + moof + U32.pack(8 + sum(sample.size_bytes for sample in samples)) + b"mdat"


def _moof(sequence: int, media_90k: int, samples: Sequence[Sample]) -> bytes:
    shifted = any(sample.shift_90k for sample in samples)
    flags = 0xF01 if shifted else 0x701
    rows = b"".join(_row(sample, shifted=shifted) for sample in samples)
    size = 8 + 16 + 8 + 16 + 20 + 20 + len(rows)
    trun = full_box(b"trun", 1 if shifted else 0, flags, struct.pack(">Ii", len(samples), size + 8), rows)
    return box(
        b"moof",
        full_box(b"mfhd", 0, 0, U32.pack(sequence)),
        box(
            b"traf",
            full_box(b"tfhd", 0, 0x20000, U32.pack(TRACK)),  # default-base-is-moof
            full_box(b"tfdt", 1, 0, struct.pack(">Q", media_90k)),
            trun,
        ),
    )


def _row(sample: Sample, *, shifted: bool) -> bytes:
    flags = _KEY_FLAGS if sample.key else _DELTA_FLAGS
    if shifted:
        return _SAMPLE_SHIFTED.pack(sample.duration_90k, sample.size_bytes, flags, sample.shift_90k)
    return _SAMPLE.pack(sample.duration_90k, sample.size_bytes, flags)


def _movie_header() -> bytes:
    times = struct.pack(">4I", 0, 0, TIMESCALE, 0) + struct.pack(">IH", 0x10000, 0x100)
    return full_box(b"mvhd", 0, 0, times + bytes(10) + _MATRIX + bytes(24) + U32.pack(TRACK + 1))


def _track(parameters: VideoParameters) -> bytes:
    width, height = parameters.width, parameters.height
    tkhd = struct.pack(">5I", 0, 0, TRACK, 0, 0) + bytes(16) + _MATRIX + struct.pack(">II", width << 16, height << 16)
    mdhd = struct.pack(">4IHH", 0, 0, TIMESCALE, 0, 0x55C4, 0)  # language "und"
    hdlr = bytes(4) + b"vide" + bytes(12) + b"Overt\0"
    url = full_box(b"url ", 0, 1)  # the media is in this file
    minf = box(
        b"minf",
        full_box(b"vmhd", 0, 1, bytes(8)),
        box(b"dinf", full_box(b"dref", 0, 0, U32.pack(1), url)),
        _empty_tables(parameters),
    )
    mdia = box(b"mdia", full_box(b"mdhd", 0, 0, mdhd), full_box(b"hdlr", 0, 0, hdlr), minf)
    return box(b"trak", full_box(b"tkhd", 0, 3, tkhd), mdia)


def _empty_tables(parameters: VideoParameters) -> bytes:
    none = U32.pack(0)
    return box(
        b"stbl",
        full_box(b"stsd", 0, 0, U32.pack(1), _sample_entry(parameters)),
        full_box(b"stts", 0, 0, none),
        full_box(b"stsc", 0, 0, none),
        full_box(b"stsz", 0, 0, none, none),
        full_box(b"stco", 0, 0, none),
    )


def _sample_entry(parameters: VideoParameters) -> bytes:
    """avc1 or hvc1 (ISO/IEC 14496-15): the parameter sets stand in the entry, and in the samples where sent."""
    entry, configuration = (b"avc1", b"avcC") if parameters.codec is Codec.H264 else (b"hvc1", b"hvcC")
    size = struct.pack(">HHIIIH", parameters.width, parameters.height, 0x480000, 0x480000, 0, 1)
    visual = bytes(6) + b"\0\1" + bytes(16) + size + bytes(32) + struct.pack(">Hh", 24, -1)
    return box(entry, visual, box(configuration, decoder_configuration(parameters)))
