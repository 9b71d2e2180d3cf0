"""Bits in and out of H.264's RBSP: fixed and Exp-Golomb codes, and the bytes that keep start codes away."""

from __future__ import annotations

import re


def unescape(nal: bytes) -> bytes:
    """RBSP of a NAL unit: without the emulation prevention bytes (7.4.1)."""
    return nal.replace(b"\0\0\3", b"\0\0") if b"\0\0\3" in nal else nal


_NEEDS_ESCAPE = re.compile(rb"\0\0(?=[\0-\3])")


def escape(rbsp: bytes) -> bytes:
    """Put in a 3 wherever two zero bytes are followed by a byte of 0 to 3."""
    return _NEEDS_ESCAPE.sub(b"\0\0\3", rbsp)


class BitReader:
    """Reads from the first bit after the NAL unit's header byte. Raises ValueError past the end."""

    def __init__(self, rbsp: bytes) -> None:
        self._value = int.from_bytes(rbsp[1:], "big")
        self.length = len(rbsp) * 8 - 8
        self.at = 0

    def u(self, count: int) -> int:
        if self.at + count > self.length:
            raise ValueError("the NAL unit is cut short")
        self.at += count
        return self._value >> (self.length - self.at) & ((1 << count) - 1)

    def ue(self) -> int:
        zeros = 0
        while not self.u(1):
            zeros += 1
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The bits from one place to another, as a number and how many they are."""
        return self._value >> (self.length - end) & ((1 << (end - start)) - 1), end - start

    def rest(self) -> tuple[int, int]:
        """Everything from here to the stop bit, which is left out."""
        trailing = (self._value & -self._value).bit_length()
        return self.span(self.at, self.length - trailing)


class BitWriter:
    """Writes a NAL unit: its header byte, then bits."""

    def __init__(self, header: int) -> None:
        self._bytes = bytearray([header])
        self._value = self._count = 0

    def u(self, value: int, count: int) -> None:
        self._value = self._value << count | value
        self._count += count

    def ue(self, value: int) -> None:
        self.u(value + 1, 2 * (value + 1).bit_length() - 1)

    def se(self, value: int) -> None:
        self.ue(2 * value - 1 if value > 0 else -2 * value)

    def aligned(self, data: bytes) -> None:
        """Fill up the byte with zeros and put whole bytes after it."""
        self._flush(0)
        self._bytes += data

    def _flush(self, fill: int) -> None:
        spare = -self._count % 8
        value = self._value << spare | fill
        self._bytes += value.to_bytes((self._count + spare) // 8, "big")
        self._value = self._count = 0

    def nal(self) -> bytes:
        """Close with the stop bit; the NAL unit, escaped."""
        self.u(1, 1)
        self._flush(0)
        return escape(bytes(self._bytes))
