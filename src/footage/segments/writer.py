"""Writes segments as bytes: the part before the first fragment, and each fragment's head. Touches no disk."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

from footage.rtsp.events import Codec, VideoParameters
from footage.segments.aac import SoundParameters
from footage.segments.aac import sample_entry as sound_entry
from footage.segments.boxes import U32, box, full_box, ntp_time
from footage.segments.codecs import decoder_configuration
from footage.segments.header import SegmentHeader, header_box

TIMESCALE = 90_000
TRACK, SOUND_TRACK = 1, 2

_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_KEY_FLAGS = 0x02000000  # depends on no other picture
_DELTA_FLAGS = 0x01010000  # depends on others, no place to start
#: Where a picture stands on the media clock: the capture clock of a live source (ISO/IEC 14496-12, 8.16.5).
_PRFT_CAPTURED = 24
_SAMPLE = struct.Struct(">III")
_SAMPLE_SHIFTED = struct.Struct(">IIIi")
_TRAF_BYTES = 8 + 16 + 20 + 20  # with a trun that has no rows yet


class Sample(NamedTuple):
    """One picture of a fragment. `shift_90k` is composition minus decode time, zero without B pictures."""

    duration_90k: int
    size_bytes: int
    key: bool
    shift_90k: int = 0


class SoundRun(NamedTuple):
    """A fragment's sound: `media_90k` is when its first frame begins, on the file's own clock. Never empty."""

    media_90k: int
    samples: Sequence[Sample]

    @property
    def size_bytes(self) -> int:
        return sum(sample.size_bytes for sample in self.samples)


def init_segment(parameters: VideoParameters, sound: SoundParameters | None = None) -> bytes:
    """`ftyp` and `moov` for a video track and, where there is one, a sound track. Raises BadParameterSet."""
    tracks, extends = [_track(parameters)], [_extends(TRACK)]
    if sound is not None:
        tracks.append(_sound_track(sound))
        extends.append(_extends(SOUND_TRACK))
    # CMAF (cmfc) allows one track in a file.
    brands = b"iso6\0\0\2\0iso6mp41" + (b"" if sound else b"cmfc")
    return box(b"ftyp", brands) + box(b"moov", _movie_header(len(tracks)), *tracks, box(b"mvex", *extends))


def segment_start(parameters: VideoParameters, header: SegmentHeader, sound: SoundParameters | None = None) -> bytes:
    """All of a segment before its first fragment."""
    return init_segment(parameters, sound) + header_box(header)


def fragment_head(
    sequence: int, media_90k: int, wall_90k: int, samples: Sequence[Sample], sound: SoundRun | None = None
) -> bytes:
    """`prft`, `moof` and the head of `mdat`; the samples' bytes follow, in order, then those of the sound.

    `media_90k` is the decode time of the first sample on the file's own clock, `wall_90k` its UTC time.
    """
    moof = _moof(sequence, media_90k, samples, sound)
    prft = full_box(b"prft", 1, _PRFT_CAPTURED, struct.pack(">IQQ", TRACK, ntp_time(wall_90k), media_90k))
    size = sum(sample.size_bytes for sample in samples) + (sound.size_bytes if sound else 0)
    return prft + moof + U32.pack(8 + size) + b"mdat"


def _moof(sequence: int, media_90k: int, samples: Sequence[Sample], sound: SoundRun | None) -> bytes:
    shifted = any([shift for _, _, _, shift in samples])
    rows = _rows(samples, shifted=shifted)
    sound_rows = _rows(sound.samples, shifted=False) if sound else b""
    size = 8 + 16 + _TRAF_BYTES + len(rows) + (_TRAF_BYTES + len(sound_rows) if sound else 0)
    parts = [full_box(b"mfhd", 0, 0, U32.pack(sequence)), _traf(TRACK, media_90k, size + 8, rows, shifted=shifted)]
    if sound:
        after_pictures = size + 8 + sum(sample.size_bytes for sample in samples)
        parts.append(_traf(SOUND_TRACK, sound.media_90k, after_pictures, sound_rows, shifted=False))
    return box(b"moof", *parts)


def _traf(track: int, media_90k: int, data_offset: int, rows: bytes, *, shifted: bool) -> bytes:
    """One track's share of a fragment; `data_offset` counts from the beginning of moof."""
    count = len(rows) // (_SAMPLE_SHIFTED if shifted else _SAMPLE).size
    trun = struct.pack(">Ii", count, data_offset)
    return box(
        b"traf",
        full_box(b"tfhd", 0, 0x20000, U32.pack(track)),  # default-base-is-moof
        full_box(b"tfdt", 1, 0, struct.pack(">Q", media_90k)),
        full_box(b"trun", 1 if shifted else 0, 0xF01 if shifted else 0x701, trun, rows),
    )


def _rows(samples: Sequence[Sample], *, shifted: bool) -> bytes:
    key, delta = _KEY_FLAGS, _DELTA_FLAGS
    if shifted:
        pack = _SAMPLE_SHIFTED.pack
        return b"".join([pack(lasts, size, key if is_key else delta, shift) for lasts, size, is_key, shift in samples])
    pack = _SAMPLE.pack
    return b"".join([pack(lasts, size, key if is_key else delta) for lasts, size, is_key, _ in samples])


def _extends(track: int) -> bytes:
    return full_box(b"trex", 0, 0, struct.pack(">5I", track, 1, 0, 0, 0))


def _movie_header(tracks: int) -> bytes:
    times = struct.pack(">4I", 0, 0, TIMESCALE, 0) + struct.pack(">IH", 0x10000, 0x100)
    return full_box(b"mvhd", 0, 0, times + bytes(10) + _MATRIX + bytes(24) + U32.pack(tracks + 1))


def _track(parameters: VideoParameters) -> bytes:
    size = struct.pack(">II", parameters.width << 16, parameters.height << 16)
    head = full_box(b"vmhd", 0, 1, bytes(8))
    return _trak(TRACK, b"vide", head, _sample_entry(parameters), size, volume=0)


def _sound_track(sound: SoundParameters) -> bytes:
    """Its clock runs at 90 kHz like the pictures', so that both are moved by the same count and without rounding."""
    return _trak(SOUND_TRACK, b"soun", full_box(b"smhd", 0, 0, bytes(4)), sound_entry(sound), bytes(8), volume=0x100)


def _trak(track: int, handler: bytes, head: bytes, entry: bytes, size: bytes, *, volume: int) -> bytes:
    tkhd = struct.pack(">5I", 0, 0, track, 0, 0) + bytes(12) + struct.pack(">HH", volume, 0) + _MATRIX + size
    mdhd = struct.pack(">4IHH", 0, 0, TIMESCALE, 0, 0x55C4, 0)  # language "und"
    hdlr = bytes(4) + handler + bytes(12) + b"Overt\0"
    url = full_box(b"url ", 0, 1)  # the media is in this file
    dinf = box(b"dinf", full_box(b"dref", 0, 0, U32.pack(1), url))
    minf = box(b"minf", head, dinf, _empty_tables(entry))
    mdia = box(b"mdia", full_box(b"mdhd", 0, 0, mdhd), full_box(b"hdlr", 0, 0, hdlr), minf)
    return box(b"trak", full_box(b"tkhd", 0, 3, tkhd), mdia)


def _empty_tables(entry: bytes) -> bytes:
    none = U32.pack(0)
    return box(
        b"stbl",
        full_box(b"stsd", 0, 0, U32.pack(1), entry),
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
