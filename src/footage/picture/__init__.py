"""Decoding pictures: the one part of the engine that needs PyAV, which is an extra (`picture`).

Nothing outside this package imports PyAV, and this package does so only when a picture is asked for: recording,
watching, reviewing, cutting and verifying do without it.
"""

from footage.contract import FootageError


class PictureMissing(FootageError):
    """The optional parts that decode pictures are not installed."""

    code = "picture-missing"
