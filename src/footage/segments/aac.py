"""AAC in an MP4: what its AudioSpecificConfig says, and the boxes that carry it. Decodes nothing.

The configuration comes from a camera: every read is bounded, and whatever is not plain AAC-LC is refused.
Source: ISO/IEC 14496-3, 1.6.2.1; ISO/IEC 14496-14, 5.6; ISO/IEC 14496-1, 7.2.6.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from footage.segments.bits import BadParameterSet, Bits
from footage.segments.boxes import box, full_box

#: A camera's has two to five bytes.
MAX_CONFIG_BYTES = 64
#: What browsers and every player know it by (RFC 6381).
RFC6381 = "mp4a.40.2"

_LOW_COMPLEXITY = 2
_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_RATE_IN_FULL = 15
_MOST_CHANNELS = 2
_ES, _DECODER, _DECODER_SPECIFIC, _SYNC = 3, 4, 5, 6


@dataclass(frozen=True, slots=True)
class SoundParameters:
    """What a camera's sound is: `rate` samples a second, `frame` samples in each coded frame."""

    config: bytes  # the AudioSpecificConfig, as the camera told it
    rate: int
    channels: int
    frame: int

    @property
    def rfc6381(self) -> str:
        return RFC6381

    @property
    def words(self) -> str:
        """`AAC 16 kHz mono`."""
        return f"AAC {self.rate / 1000:g} kHz {'mono' if self.channels == 1 else 'stereo'}"


def sound_parameters(config: bytes) -> SoundParameters:
    """The facts of an AudioSpecificConfig. Raises BadParameterSet for anything but AAC-LC in mono or stereo."""
    if not 2 <= len(config) <= MAX_CONFIG_BYTES:
        raise BadParameterSet(f"the sound's configuration has {len(config)} bytes")
    bits = Bits(config)
    if (kind := bits.read(5)) != _LOW_COMPLEXITY:
        raise BadParameterSet(f"the sound is MPEG-4 audio of type {kind}, and only AAC-LC is recorded")
    index = bits.read(4)
    if index != _RATE_IN_FULL and index >= len(_RATES):
        raise BadParameterSet("the sound's rate is none that the standard has")
    rate = bits.read(24) if index == _RATE_IN_FULL else _RATES[index]
    channels = bits.read(4)
    if not 1 <= channels <= _MOST_CHANNELS or not 7_350 <= rate <= 96_000:
        raise BadParameterSet(f"the sound has {channels} channels at {rate} Hz; one or two are recorded")
    return SoundParameters(config, rate, channels, 960 if bits.flag() else 1024)


def sample_entry(sound: SoundParameters) -> bytes:
    """The `mp4a` box with its `esds`."""
    rate = sound.rate << 16 if sound.rate < 1 << 16 else 0  # its field holds no more; the configuration has it in full
    audio = bytes(6) + struct.pack(">H8xHHII", 1, sound.channels, 16, 0, rate)
    return box(b"mp4a", audio, full_box(b"esds", 0, 0, _elementary_stream(sound)))


def _elementary_stream(sound: SoundParameters) -> bytes:
    decoder = struct.pack(">BB3xII", 0x40, 0x15, 0, 0) + _descriptor(_DECODER_SPECIFIC, sound.config)
    return _descriptor(_ES, b"\0\0\0" + _descriptor(_DECODER, decoder) + _descriptor(_SYNC, b"\x02"))


def _descriptor(tag: int, body: bytes) -> bytes:
    assert len(body) < 0x80  # MAX_CONFIG_BYTES keeps it so; then its length is one byte
    return bytes([tag, len(body)]) + body
