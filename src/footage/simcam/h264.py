"""As much of H.264's headers as is needed to put one more row of macroblocks on top of a picture (ITU-T H.264 7.3).

Only for what our own encoder makes: constrained baseline, one reference picture, frames. Everything else raises
ValueError.
"""

from __future__ import annotations

from dataclasses import dataclass

from footage.simcam.bits import BitReader, BitWriter, unescape


@dataclass(frozen=True)
class Sequence:
    """What slices need to know of their SPS and PPS."""

    width_mbs: int
    height_mbs: int
    frame_number_bits: int
    order_bits: int  # 0 for picture order count type 2
    order_of_fields: bool
    deblocking: bool


def read_sequence(sps: bytes, pps: bytes) -> Sequence:
    s = BitReader(unescape(sps))
    frame_number_bits, order_bits = _until_size(s)
    width, height = s.ue() + 1, s.ue() + 1
    p = BitReader(unescape(pps))
    p.ue(), p.ue()
    cabac, fields = p.u(1), p.u(1)
    groups, references, _ = p.ue(), p.ue(), p.ue()
    weighted = p.u(3)
    p.se(), p.se(), p.se()
    deblocking, _, redundant = p.u(1), p.u(1), p.u(1)
    if cabac or groups or references or weighted or redundant:
        raise ValueError("not a stream that a row can be put on")
    return Sequence(width, height, frame_number_bits, order_bits, bool(fields), bool(deblocking))


def _until_size(s: BitReader) -> tuple[int, int]:
    """Read an SPS up to the picture's width."""
    profile = s.u(8)
    s.u(16)
    s.ue()
    if profile != 66:
        raise ValueError("not baseline")
    frame_number_bits = s.ue() + 4
    order = s.ue()
    if order not in (0, 2):
        raise ValueError("an unusual picture order")
    order_bits = s.ue() + 4 if order == 0 else 0
    s.ue(), s.u(1)
    return frame_number_bits, order_bits


def taller(sps: bytes, rows: int) -> bytes:
    """The SPS of a picture with so many more rows of macroblocks."""
    s = BitReader(unescape(sps))
    _until_size(s)
    s.ue()
    out = BitWriter(sps[0])
    out.u(*s.span(0, s.at))
    out.ue(s.ue() + rows)
    out.u(*s.rest())
    return out.nal()


@dataclass(frozen=True)
class Slice:
    """A slice taken apart: `middle` are the header's bits after the first macroblock's address up to the deblocking."""

    nal_header: int
    first_mb: int
    intra: bool
    middle: tuple[int, int]
    alpha: int
    beta: int
    data: tuple[int, int]


def read_slice(nal: bytes, sequence: Sequence) -> Slice:
    s = BitReader(unescape(nal))
    idr, reference = nal[0] & 31 == 5, nal[0] >> 5 & 3
    first = s.ue()
    start = s.at
    kind = s.ue() % 5
    s.ue(), s.u(sequence.frame_number_bits)
    if idr:
        s.ue()
    if sequence.order_bits:
        s.u(sequence.order_bits)
        if sequence.order_of_fields:
            s.se()
    # A P slice has two flags here: another number of references, another order of them.
    if kind not in (0, 2) or (kind == 0 and s.u(2)):
        raise ValueError("a slice that refers to more than the picture before it")
    if reference and s.u(2 if idr else 1) and not idr:
        raise ValueError("a slice that manages references")
    s.se()
    middle = s.span(start, s.at)
    alpha = beta = 0
    if sequence.deblocking and s.ue() != 1:
        alpha, beta = s.se(), s.se()
    return Slice(nal[0], first, kind == 2, middle, alpha, beta, s.rest())


def lower(slice_: Slice, macroblocks: int) -> bytes:
    """The same slice so many macroblocks further down; edges to other slices are not filtered, because the encoder
    did not know that there would be any."""
    out = BitWriter(slice_.nal_header)
    out.ue(slice_.first_mb + macroblocks)
    out.u(*slice_.middle)
    out.ue(2)
    out.se(slice_.alpha)
    out.se(slice_.beta)
    out.u(*slice_.data)
    return out.nal()
