"""Takes NAL units apart that a camera joined with start codes, as they stand in a byte stream (Annex B).

Inside a NAL unit emulation prevention keeps the three bytes 00 00 01 from standing anywhere (H.264 and H.265, 7.4.1),
so where they do stand the camera has put a byte stream into a packet that holds a unit.
"""

from __future__ import annotations

START_CODE = b"\x00\x00\x01"
LONG_START_CODE = b"\x00" + START_CODE


def split_units(data: bytes) -> list[bytes]:
    """The units of a byte stream, whose first may come without a start code; zero bytes between them belong to none.

    No NAL unit ends in a zero byte (7.4.1.1), so nothing of one is taken off.
    """
    units, at = list[bytes](), 0
    while True:
        found = data.find(START_CODE, at)
        unit = data[at : found if found >= 0 else len(data)].rstrip(b"\x00")
        if unit:
            units.append(unit)
        if found < 0:
            return units
        at = found + 3
