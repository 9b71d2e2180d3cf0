"""Reads a parameter set bit by bit. Cameras are hostile input: every read is bounded and none loops on its own."""

from __future__ import annotations

#: The longest parameter set taken: its length field in avcC and hvcC has 16 bits, and real ones have under 200 bytes.
MAX_PARAMETER_SET_BYTES = 4096


class BadParameterSet(ValueError):
    """A parameter set that is cut short, too long or out of the standard's bounds."""

    code = "bad-parameter-set"


def unescaped(nal: bytes) -> bytes:
    """The NAL unit without its emulation prevention bytes (00 00 03 becomes 00 00). Source: H.264 and H.265, 7.3.1."""
    parts = nal.split(b"\x00\x00\x03")
    return b"\x00\x00".join(parts)


class Bits:
    """A cursor over bytes. Reading past the end raises BadParameterSet."""

    __slots__ = ("_data", "_end", "_position")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0
        self._end = len(data) * 8

    def read(self, count: int) -> int:
        """An unsigned integer of `count` bits, most significant first."""
        start, end = self._position, self._position + count
        if end > self._end:
            raise BadParameterSet("the parameter set ends too early")
        self._position = end
        window = int.from_bytes(self._data[start >> 3 : (end + 7) >> 3], "big")
        return (window >> (-end & 7)) & ((1 << count) - 1)

    def flag(self) -> bool:
        return self.read(1) == 1

    def skip(self, count: int) -> None:
        self.read(count)

    def ue(self, most: int = 0xFFFFFFFE) -> int:
        """An unsigned Exp-Golomb number of at most `most`. Source: H.264 9.1."""
        zeros = 0
        while not self.read(1):
            zeros += 1
            if zeros > 31:
                raise BadParameterSet("an Exp-Golomb number has more than 32 bits")
        value = (1 << zeros) - 1 + self.read(zeros)
        if value > most:
            raise BadParameterSet(f"a field is {value} where at most {most} is allowed")
        return value

    def se(self) -> int:
        """A signed Exp-Golomb number."""
        value = self.ue()
        return (value + 1) // 2 if value & 1 else -(value // 2)
