"""Parameter sets and slices rewritten bit by bit, for streams that no encoder here makes."""

from __future__ import annotations

import re


def bits_of(data: bytes) -> str:
    """The bits of a unit's payload, without emulation prevention and without the bits that only fill the last byte."""
    plain = re.sub(rb"\x00\x00\x03(?=[\x00-\x03]|$)", b"\x00\x00", data)
    return "".join(f"{byte:08b}" for byte in plain).rstrip("0")


def bytes_of(bits: str) -> bytes:
    """The same the other way round; the last 1 is the stop bit."""
    padded = bits + "0" * (-len(bits) % 8)
    plain = bytes(int(padded[at : at + 8], 2) for at in range(0, len(padded), 8))
    return re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", plain)


def ue(value: int) -> str:
    """An unsigned Exp-Golomb number."""
    code = f"{value + 1:b}"
    return "0" * (len(code) - 1) + code


def skip_ue(bits: str, count: int = 1) -> str:
    """What follows so many Exp-Golomb numbers."""
    for _ in range(count):
        zeros = len(bits) - len(bits.lstrip("0"))
        bits = bits[2 * zeros + 1 :]
    return bits


def h264_pps(pps: bytes, number: int, sps: int = 0) -> bytes:
    """The same picture parameter set under another id, building on the SPS of this id."""
    return pps[:1] + bytes_of(ue(number) + ue(sps) + skip_ue(bits_of(pps[1:]), 2))


def h264_sps(sps: bytes, number: int) -> bytes:
    """The same sequence parameter set under another id."""
    return sps[:4] + bytes_of(ue(number) + skip_ue(bits_of(sps[4:])))


def h264_without_vui(sps: bytes, vui: str) -> bytes:
    """A baseline SPS with these bits in place of its VUI flag and what follows."""
    rest = bits_of(sps[4:])
    head = rest
    after = skip_ue(head, 2)  # its id, log2_max_frame_num
    order = _first_ue(after)
    after = skip_ue(after, 2 if order == 0 else 1)
    after = skip_ue(after)[1:]  # reference frames, gaps allowed
    after = skip_ue(after, 2)[2:]  # the two sides; frames only, direct inference
    after = skip_ue(after[1:], 4) if after[0] == "1" else after[1:]
    return sps[:4] + bytes_of(rest[: len(rest) - len(after)] + vui)


def _first_ue(bits: str) -> int:
    zeros = len(bits) - len(bits.lstrip("0"))
    return int(bits[zeros : 2 * zeros + 1], 2) - 1


def h264_slice(
    kind: int, slice_type: int, *, first: int = 0, picture_set: int = 0, data: bytes = b"\x55" * 20
) -> bytes:
    """A slice whose header begins as told; what follows is no picture."""
    return bytes([0x60 | kind]) + bytes_of(
        ue(first) + ue(slice_type) + ue(picture_set) + "".join(f"{b:08b}" for b in data)
    )
