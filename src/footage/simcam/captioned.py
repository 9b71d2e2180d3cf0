"""Encodes films whose caption row is a slice of its own, so that a camera can write the true time into it later."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from footage.rtsp.events import Codec
from footage.simcam.code import HEIGHT, Code, Kind
from footage.simcam.h264 import Sequence, Slice, lower, read_sequence, read_slice, taller
from footage.simcam.nal import H264_IDR, H264_PPS, H264_SPS, is_key, nal_type, split_annex_b
from footage.simcam.strip import MB, Strip

if TYPE_CHECKING:
    from av import VideoFrame
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

#: In a file's comment, before the label and the number: its first slice may be written anew.
MARK = "overt-caption"
#: Rows at the picture's top that are to be dark: motion vectors must not reach above the picture, where the encoder
#: sees more of the same and a decoder the caption. An edge keeps them from it.
DARK_ROWS = 8


@dataclass(frozen=True)
class Caption:
    """What is burned in before the time: a camera's label, and its number for the code."""

    label: str
    number: int

    def mark(self) -> str:
        return f"{MARK} {self.number} {self.label}"


def parse_mark(comment: str) -> Caption | None:
    words = comment.split(" ", 2)
    if len(words) != 3 or words[0] != MARK or not words[1].isdigit():
        return None
    return Caption(words[2], int(words[1]))


@dataclass
class CaptionedFilm:
    """Takes pictures of `width` x `height` and writes a film that is one row of macroblocks taller."""

    path: Path
    caption: Caption
    frames: int
    width: int = 1280
    height: int = 704
    fps: int = 25
    bitrate_bps: int = 1_800_000
    _number: int = 0
    _sequence: Sequence | None = None
    _encoder: VideoCodecContext = field(init=False)
    _strip: Strip = field(init=False)
    _bare: BinaryIO = field(init=False)

    def __post_init__(self) -> None:
        self._encoder = self._make_encoder()
        self._strip = Strip(self.width)
        self._bare = self._bare_path.open("wb")

    @property
    def _bare_path(self) -> Path:
        return self.path.with_suffix(".h264")

    def _make_encoder(self) -> VideoCodecContext:
        import av

        encoder: VideoCodecContext = av.CodecContext.create("libx264", "w")
        encoder.width, encoder.height, encoder.pix_fmt = self.width, self.height, "yuv420p"
        encoder.framerate, encoder.time_base = Fraction(self.fps), Fraction(1, self.fps)
        encoder.bit_rate, encoder.gop_size, encoder.max_b_frames = self.bitrate_bps, self.fps, 0
        rate = str(self.bitrate_bps)
        # One thread and one reference: one slice a picture, and nothing in its header that h264.py does not know.
        encoder.options = {
            "preset": "superfast", "tune": "zerolatency", "profile": "baseline", "sc_threshold": "0",
            "maxrate": rate, "bufsize": rate, "refs": "1", "threads": "1",
        }  # fmt: skip
        return encoder

    def add(self, frame: VideoFrame) -> None:
        frame.pts = self._number
        self._write(self._encoder.encode(frame))

    def finish(self) -> None:
        """Put everything into an MP4; the work file goes away."""
        self._write(self._encoder.encode(None))
        self._bare.close()
        try:
            self._mux()
        finally:
            self._bare_path.unlink()

    def _write(self, packets: list[Packet[VideoStream]]) -> None:
        for packet in packets:
            nals = split_annex_b(bytes(packet))
            kinds = {nal_type(Codec.H264, nal): nal for nal in nals}
            if H264_SPS in kinds:
                sps, pps = kinds[H264_SPS], kinds[H264_PPS]
                self._sequence = read_sequence(sps, pps)
                self._bare.write(_annex_b([taller(sps, HEIGHT // MB), pps]))
            assert self._sequence is not None
            slices = [read_slice(nal, self._sequence) for nal in nals if nal_type(Codec.H264, nal) in (1, H264_IDR)]
            self._bare.write(_annex_b([self._row(slices[0]), *(lower(one, self.width // MB) for one in slices)]))
            self._number += 1

    def _row(self, slice_: Slice) -> bytes:
        """The row as it is until a camera writes another: which frame of the loop this is."""
        text = f"CAM {self.caption.label}   LOOP {self._number:04d}/{self.frames:04d}"
        return self._strip.draw(slice_, text, Code(Kind.FRAME, self.caption.number, self._number))

    def _mux(self) -> None:
        import av

        with av.open(str(self._bare_path)) as bare, av.open(str(self.path), "w", format="mp4") as made:
            made.metadata["comment"] = self.caption.mark()
            stream = made.add_stream_from_template(bare.streams.video[0])
            stream.time_base = beat = Fraction(1, self.fps)  # the muxer takes a finer one once it has begun
            for number, packet in enumerate(p for p in bare.demux(video=0) if p.size):
                nals = [nal for nal in split_annex_b(bytes(packet)) if nal_type(Codec.H264, nal) in (1, H264_IDR)]
                out = av.Packet(_annex_b(nals))
                out.stream, out.time_base, out.duration = stream, beat, 1
                out.pts = out.dts = number
                out.is_keyframe = is_key(Codec.H264, nals[0])
                made.mux(out)


def _annex_b(nals: list[bytes]) -> bytes:
    return b"".join(b"\0\0\0\1" + nal for nal in nals)
