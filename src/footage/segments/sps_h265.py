"""Reads what is wanted of an H.265 sequence parameter set (ITU-T H.265, 7.3.2.2, 7.3.3, 7.3.7 and Annex E)."""

from __future__ import annotations

from dataclasses import dataclass

from footage.segments.bits import MAX_PARAMETER_SET_BYTES, BadParameterSet, Bits, unescaped
from footage.segments.sps_h264 import believable_fps, skip_vui_colour

_MAX_SIDE = 16_384


@dataclass(frozen=True, slots=True)
class H265Sps:
    """The facts of an SPS. `profile_tier_level` is the general part as it stands in hvcC: 12 bytes."""

    profile_tier_level: bytes
    sub_layers: int
    temporal_id_nested: bool
    chroma_format: int
    bit_depth_luma: int
    bit_depth_chroma: int
    width: int
    height: int
    fps: float
    set_id: int = 0
    reorders: bool = True  # unless it says that pictures are shown in the order in which they are sent

    @property
    def rfc6381(self) -> str:
        """`hvc1.1.6.L93.B0`. Source: ISO/IEC 14496-15, Annex E.3."""
        head, level = self.profile_tier_level[0], self.profile_tier_level[11]
        space = ("", "A", "B", "C")[head >> 6]
        flags = int.from_bytes(self.profile_tier_level[1:5], "big")
        reversed_flags = int(f"{flags:032b}"[::-1], 2)
        constraints = "".join(f".{byte:X}" for byte in self.profile_tier_level[5:11].rstrip(b"\x00"))
        return f"hvc1.{space}{head & 31}.{reversed_flags:X}.{'H' if head & 32 else 'L'}{level}{constraints}"


def read_h265_sps(nal: bytes) -> H265Sps:
    """The facts of an SPS NAL unit (two-byte header included, no start code). Raises BadParameterSet."""
    if not 16 <= len(nal) <= MAX_PARAMETER_SET_BYTES or nal[0] >> 1 & 0x3F != 33:
        raise BadParameterSet("this is no H.265 sequence parameter set")
    bits = Bits(unescaped(nal[2:]))
    bits.skip(4)  # sps_video_parameter_set_id
    sub_layers = bits.read(3)
    if sub_layers > 6:
        raise BadParameterSet("seven sub-layers are the most there can be")
    nested = bits.flag()
    general = bits.read(96).to_bytes(12, "big")
    _skip_sub_layer_levels(bits, sub_layers)
    set_id = bits.ue(15)
    chroma = bits.ue(3)
    separate = chroma == 3 and bits.flag()
    width, height = _size(bits, 0 if separate else chroma)
    luma, other = 8 + bits.ue(8), 8 + bits.ue(8)
    fps, reorders = _rest(bits, sub_layers)
    return H265Sps(
        general, sub_layers + 1, nested, chroma, luma, other, width, height, fps, set_id=set_id, reorders=reorders
    )


def _skip_sub_layer_levels(bits: Bits, sub_layers: int) -> None:
    present = [(bits.flag(), bits.flag()) for _ in range(sub_layers)]
    if sub_layers:
        bits.skip(2 * (8 - sub_layers))
    for profile, level in present:
        bits.skip(88 * profile + 8 * level)


def _size(bits: Bits, chroma: int) -> tuple[int, int]:
    """Width and height after the conformance window, in luma samples. Source: H.265 equations 7-10, table 6-1."""
    width, height = bits.ue(_MAX_SIDE), bits.ue(_MAX_SIDE)
    if bits.flag():
        left, right, top, bottom = (bits.ue(_MAX_SIDE) for _ in range(4))
        width -= (left + right) * (2 if chroma in (1, 2) else 1)
        height -= (top + bottom) * (2 if chroma == 1 else 1)
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
        raise BadParameterSet(f"a picture of {width} x {height} cannot be")
    return width, height


def _rest(bits: Bits, sub_layers: int) -> tuple[float, bool]:
    """Frames a second, else 0.0, and whether pictures are reordered. A flaw costs no more than these."""
    fps, reorders = 0.0, True
    try:
        order_bits = bits.ue(12) + 4
        reorders = _reorders(bits, sub_layers)
        _skip_coding_tools(bits, order_bits)
        fps = _fps(bits)
    except BadParameterSet:
        pass
    return fps, reorders


def _reorders(bits: Bits, sub_layers: int) -> bool:
    """Whether sps_max_num_reorder_pics of the highest sub-layer, which stands last, is more than none."""
    most = 0
    for _ in range(sub_layers + 1 if bits.flag() else 1):
        bits.ue()
        most = bits.ue()
        bits.ue()
    return most > 0


def _fps(bits: Bits) -> float:
    """Frames a second from the VUI, else 0.0."""
    if not bits.flag():
        return 0.0
    skip_vui_colour(bits)
    bits.skip(3)  # neutral_chroma_indication_flag, field_seq_flag, frame_field_info_present_flag
    if bits.flag():
        for _ in range(4):
            bits.ue()
    if not bits.flag():
        return 0.0
    units, scale = bits.read(32), bits.read(32)
    return believable_fps(scale, units)


def _skip_coding_tools(bits: Bits, order_bits: int) -> None:
    """Everything between the picture order and the VUI."""
    for _ in range(6):
        bits.ue()
    if bits.flag() and bits.flag():
        _skip_scaling_lists(bits)
    bits.skip(2)
    if bits.flag():
        bits.skip(8)
        bits.ue()
        bits.ue()
        bits.skip(1)
    _skip_reference_sets(bits)
    if bits.flag():
        for _ in range(bits.ue(32)):
            bits.skip(order_bits + 1)
    bits.skip(2)


def _skip_scaling_lists(bits: Bits) -> None:
    for size in range(4):
        for _ in range(0, 6, 3 if size == 3 else 1):
            if not bits.flag():
                bits.ue()
                continue
            if size > 1:
                bits.se()
            for _ in range(min(64, 1 << (4 + (size << 1)))):
                bits.se()


def _skip_reference_sets(bits: Bits) -> None:
    """The short-term reference picture sets; each may be told as a difference from the one before it (7.3.7)."""
    pictures = 0
    for index in range(bits.ue(64)):
        if index and bits.flag():
            bits.skip(1)
            bits.ue()
            kept = 0
            for _ in range(pictures + 1):
                used = bits.flag()
                kept += used or bits.flag()
            pictures = kept
        else:
            negative, positive = bits.ue(16), bits.ue(16)
            pictures = negative + positive
            for _ in range(pictures):
                bits.ue()
                bits.skip(1)
