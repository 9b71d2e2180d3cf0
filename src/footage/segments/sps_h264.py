"""Reads what is wanted of an H.264 sequence parameter set (ITU-T H.264, 7.3.2.1.1 and Annex E)."""

from __future__ import annotations

from dataclasses import dataclass

from footage.segments.bits import MAX_PARAMETER_SET_BYTES, BadParameterSet, Bits, unescaped

#: Profiles whose SPS tells the chroma format, bit depths and scaling lists (H.264, 7.3.2.1.1).
_HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
_MAX_SIDE = 16_384


@dataclass(frozen=True, slots=True)
class H264Sps:
    """The facts of an SPS. `fps` is 0.0 where it does not say; width and height are after cropping.

    `reorders`: pictures may be shown in another order than they are sent in; True unless it says that they are not.
    """

    profile: int
    constraints: int
    level: int
    chroma_format: int
    bit_depth_luma: int
    bit_depth_chroma: int
    width: int
    height: int
    fps: float
    set_id: int = 0
    frames_only: bool = True  # no picture is sent as two fields
    reorders: bool = True

    @property
    def rfc6381(self) -> str:
        return f"avc1.{self.profile:02x}{self.constraints:02x}{self.level:02x}"


def read_h264_sps(nal: bytes) -> H264Sps:
    """The facts of an SPS NAL unit (header included, no start code). Raises BadParameterSet."""
    if not 5 <= len(nal) <= MAX_PARAMETER_SET_BYTES or nal[0] & 0x1F != 7:
        raise BadParameterSet("this is no H.264 sequence parameter set")
    bits = Bits(unescaped(nal[1:]))
    profile, constraints, level = bits.read(8), bits.read(8), bits.read(8)
    set_id = bits.ue(31)
    chroma, separate_planes, depth_luma, depth_chroma = _chroma(bits, profile)
    order_type = _order_type(bits)
    width, height, frames_only = _size(bits, 0 if separate_planes else chroma)
    fps, reordered = _vui(bits)
    in_order = _never_reorders(profile, constraints) or order_type == 2 or reordered == 0
    size = (width, height, fps, set_id, frames_only, not in_order)
    return H264Sps(profile, constraints, level, chroma, depth_luma, depth_chroma, *size)


def _never_reorders(profile: int, constraints: int) -> bool:
    """Whether the profile has no picture that is shown before one sent earlier: baseline, and those of I pictures."""
    intra = profile == 44 or (profile in (86, 100, 110, 122, 244) and constraints & 0x10 != 0)
    return profile == 66 or intra


def _chroma(bits: Bits, profile: int) -> tuple[int, bool, int, int]:
    """Chroma format, whether planes are coded apart, bit depth of luma and of chroma."""
    if profile not in _HIGH_PROFILES:
        return 1, False, 8, 8
    chroma = bits.ue(3)
    separate = chroma == 3 and bits.flag()
    luma, other = 8 + bits.ue(6), 8 + bits.ue(6)
    bits.skip(1)  # qpprime_y_zero_transform_bypass_flag
    if bits.flag():
        for index in range(12 if chroma == 3 else 8):
            if bits.flag():
                _skip_scaling_list(bits, 16 if index < 6 else 64)
    return chroma, separate, luma, other


def _skip_scaling_list(bits: Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.se()) % 256
        last = following or last


def _order_type(bits: Bits) -> int:
    """pic_order_cnt_type, and past frame number and reference frames. Type 2: pictures are shown as they are sent."""
    bits.ue(12)  # log2_max_frame_num_minus4
    order = bits.ue(2)
    if order == 0:
        bits.ue(12)
    elif order == 1:
        bits.skip(1)
        bits.se()
        bits.se()
        for _ in range(bits.ue(255)):
            bits.se()
    bits.ue(64)  # max_num_ref_frames; the standard's bound is 16, and some encoders write more
    bits.skip(1)
    return order


def _size(bits: Bits, chroma: int) -> tuple[int, int, bool]:
    """Width and height after cropping, in luma samples, and frame_mbs_only_flag. Source: H.264 7-18 to 7-21."""
    width = 16 * (bits.ue(_MAX_SIDE // 16 - 1) + 1)
    map_units = bits.ue(_MAX_SIDE // 16 - 1) + 1
    frames_only = bits.flag()
    if not frames_only:
        bits.skip(1)
    bits.skip(1)  # direct_8x8_inference_flag
    height = 16 * map_units * (1 if frames_only else 2)
    if bits.flag():
        left, right, top, bottom = (bits.ue(_MAX_SIDE) for _ in range(4))
        width -= (left + right) * (2 if chroma in (1, 2) else 1)
        height -= (top + bottom) * (2 if chroma == 1 else 1) * (1 if frames_only else 2)
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
        raise BadParameterSet(f"a picture of {width} x {height} cannot be")
    return width, height, frames_only


def _vui(bits: Bits) -> tuple[float, int | None]:
    """Frames a second, else 0.0, and max_num_reorder_frames, else None, from the VUI.

    A broken VUI must not cost the pictures, for cameras send them: what stands before the flaw is taken.
    """
    fps, reordered = 0.0, None
    try:
        if not bits.flag():
            return fps, reordered
        skip_vui_colour(bits)
        if bits.flag():
            units, scale = bits.read(32), bits.read(32)
            fps = believable_fps(scale, 2 * units)
            bits.skip(1)  # fixed_frame_rate_flag
        reordered = _reordered(bits)
    except BadParameterSet:
        pass
    return fps, reordered


def _reordered(bits: Bits) -> int | None:
    """max_num_reorder_frames, behind the two HRD descriptions. Source: H.264 E.1.1, E.1.2."""
    hrd = [bits.flag() and _skip_hrd(bits) for _ in range(2)]
    if any(hrd):
        bits.skip(1)  # low_delay_hrd_flag
    bits.skip(1)  # pic_struct_present_flag
    if not bits.flag():
        return None
    bits.skip(1)  # motion_vectors_over_pic_boundaries_flag
    for _ in range(4):
        bits.ue()
    return bits.ue(16)


def _skip_hrd(bits: Bits) -> bool:
    count = bits.ue(31) + 1
    bits.skip(8)
    for _ in range(count):
        bits.ue()
        bits.ue()
        bits.skip(1)
    bits.skip(20)
    return True


def skip_vui_colour(bits: Bits) -> None:
    """The start of the VUI, alike in H.264 and H.265: aspect ratio, overscan, colours, chroma position."""
    if bits.flag() and bits.read(8) == 255:
        bits.skip(32)
    if bits.flag():
        bits.skip(1)
    if bits.flag():
        bits.skip(4)
        if bits.flag():
            bits.skip(24)
    if bits.flag():
        bits.ue()
        bits.ue()


def believable_fps(scale: int, units: int) -> float:
    """`scale / units` to three places, or 0.0 where no camera could mean it."""
    if not units or not 0.01 <= scale / units <= 1000:
        return 0.0
    return round(scale / units, 3)


def may_repeat_slices(pps: bytes) -> bool:
    """Whether a picture may hold several slices at macroblock 0: redundant ones, or slice groups, read no further.

    True as well for a picture parameter set that cannot be read. Source: H.264 7.3.2.2.
    """
    bits = Bits(unescaped(pps[1:]))
    try:
        bits.ue(255)
        bits.ue(31)
        bits.skip(2)
        if bits.ue(7):  # num_slice_groups_minus1
            return True
        bits.ue(31)
        bits.ue(31)
        bits.skip(3)
        for _ in range(3):
            bits.se()
        bits.skip(2)
        return bits.flag()  # redundant_pic_cnt_present_flag
    except BadParameterSet:
        return True
