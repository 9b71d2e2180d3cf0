"""Sizes of data in words, counted as disks are sold: a GB is a thousand million bytes."""

from __future__ import annotations

_STEPS = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def size_words(count_bytes: int) -> str:
    """`253 GB`, `68.1 GB`, `1.3 MB`, `512 bytes`: three figures at most."""
    for unit, step in _STEPS:
        if count_bytes >= step * 0.9995:
            value = count_bytes / step
            return f"{value:,.0f} {unit}" if value >= 99.95 else f"{value:.1f} {unit}"
    return f"{count_bytes} byte{'s' * (count_bytes != 1)}"
