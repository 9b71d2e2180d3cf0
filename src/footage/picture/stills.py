"""The picture shown at a moment, as a JPEG. Decodes from the key frame before it; encodes nothing else."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from footage.contract import CameraId, DamagedFootage, NoFootage, Still
from footage.picture import PictureMissing
from footage.playback.archive import Archive
from footage.playback.spans import Stretch
from footage.playback.virtual import VirtualFile
from footage.times import HZ, utc_text

if TYPE_CHECKING:
    from av import VideoFrame

_QUALITY = 90
#: A picture counts as shown for so long after its own end, so that a slew of the clock between files is no gap.
_LINGERS_90K = HZ // 10


def still(
    archive: Archive, camera_id: CameraId, at_90k: int, *, max_width: int | None = None, verify: bool = False
) -> Still:
    """The picture shown at a moment, scaled down to `max_width` where it is wider; `at_90k` of the answer is its own.

    With `verify` the segment is first held against the journal, for a decoder hides small damage. Raises NoFootage
    where nothing was recorded then, BadSpan for the future, DamagedFootage, PictureMissing without PyAV.
    """
    stretch = _stretch_at(archive, camera_id, at_90k)
    if verify:
        archive.verify(camera_id, stretch)
    # Delayed as a clip is: the decoder's library counts from the first picture that is shown before it is decoded.
    virtual = VirtualFile(stretch, stretch.start_90k, delay_90k=stretch.delay_90k)
    data = b"".join(virtual.read(0, virtual.size_bytes))
    zero_90k = stretch.start_90k - virtual.delay_90k
    frame, shown_90k = _decode(data, at_90k - zero_90k, at_90k)
    image = _scaled(frame, max_width)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return Still(out.getvalue(), zero_90k + shown_90k, image.width, image.height)


def _stretch_at(archive: Archive, camera_id: CameraId, at_90k: int) -> Stretch:
    for lingers in (0, _LINGERS_90K):
        try:
            return archive.stretches(camera_id, at_90k - lingers, at_90k + 1)[-1]
        except NoFootage:
            continue
    raise NoFootage(f"Nothing was recorded at {utc_text(at_90k)}.")


def _decode(data: bytes, wanted_90k: int, at_90k: int) -> tuple[VideoFrame, int]:
    """The last frame shown at or before `wanted` (on the file's clock), and its time on that clock."""
    av = _av()
    found: tuple[Any, int] | None = None
    try:
        with av.open(io.BytesIO(data), format="mp4") as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            for frame in container.decode(stream):
                time_90k = round(frame.pts * frame.time_base * HZ)
                if found is not None and time_90k > wanted_90k:
                    break
                found = (frame, time_90k)
    except (av.FFmpegError, TypeError) as error:
        raise DamagedFootage(f"The picture of {utc_text(at_90k)} cannot be decoded: {error}.") from error
    if found is None or found[0].is_corrupt:
        raise DamagedFootage(f"The picture of {utc_text(at_90k)} is damaged.")
    return found


def _scaled(frame: Any, max_width: int | None) -> Any:
    if max_width is None or frame.width <= max_width:
        return frame.to_image()
    height = max(2, round(frame.height * max_width / frame.width / 2) * 2)
    return frame.reformat(width=max_width, height=height, format="rgb24").to_image()


def _av() -> Any:
    try:
        import av
        import PIL.Image  # noqa: F401  # frames become JPEGs through it
    except ImportError:
        raise PictureMissing(
            "Still pictures need PyAV and Pillow, which are not installed. Install Overt with its `picture` extra."
        ) from None
    return av
