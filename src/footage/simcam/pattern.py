"""A small film drawn for tests: a moving bar on grey, with a key frame each second. Needs the `picture` extra."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from footage.simcam.transcode import add_encoder


def write_pattern(path: Path, *, seconds: float = 2.0, fps: int = 25, width: int = 320, height: int = 240,
                  bitrate_bps: int | None = None, codec: str = "h264") -> Path:  # fmt: skip
    """Write an MP4 (or what the suffix says) of `seconds` x `fps` pictures without reordering; gives the path back."""
    import av
    import numpy as np

    with av.open(str(path), "w") as container:
        if codec == "h264":
            stream = add_encoder(container, Fraction(fps), (width, height), preset="ultrafast", bitrate_bps=bitrate_bps)
        else:
            params = f"keyint={fps}:min-keyint={fps}:bframes=0:open-gop=0:scenecut=0:log-level=error"
            options = {"preset": "ultrafast", "tune": "zerolatency", "x265-params": params}
            stream = container.add_stream("libx265", rate=fps, options=options)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(round(seconds * fps)):
            picture = np.full((height, width, 3), 96, np.uint8)
            left = number * 4 % width
            picture[:, left : left + 16] = (230, 200, 40)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path
