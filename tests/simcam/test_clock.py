"""A film drawn with a caption row shows the true time and a counter, and nothing else of it changes."""

from __future__ import annotations

import time
from pathlib import Path

import av
import numpy as np
import pytest

from footage.simcam.captioned import DARK_ROWS, Caption, CaptionedFilm
from footage.simcam.code import Code, Kind, read_code
from footage.simcam.film import read_film
from footage.simcam.options import Options
from footage.simcam.server import SimCamServer
from simcam.client import Seen, Viewer


@pytest.fixture(scope="module")
def captioned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty pictures, 640x176 with the caption: blocks drift about below the first rows, as traffic does below the sky."""
    path = tmp_path_factory.mktemp("clock") / "captioned.mp4"
    film = CaptionedFilm(path, Caption("R2", 902), frames=50, width=640, height=160, bitrate_bps=900_000)
    texture = np.random.default_rng(3).integers(40, 200, (20, 160), np.uint8).repeat(8, 0).repeat(8, 1)
    for number in range(50):
        grey = np.full((240, 640), 128, np.uint8)
        grey[:160] = texture[:160, :640]
        grey[40:160] = np.roll(texture, (number * 2, number * 3), (0, 1))[40:160, :640]
        grey[:DARK_ROWS] = 18
        film.add(av.VideoFrame.from_ndarray(grey, format="yuv420p"))
    film.finish()
    return path


def decoded(sets: tuple[bytes, ...], seen: list[Seen]) -> list[np.ndarray]:
    """The luma of each picture, by libavcodec."""
    decoder = av.CodecContext.create("h264", "r")
    pictures = []
    for picture in seen:
        data = b"".join(b"\0\0\0\1" + nal for nal in (*sets, *picture.nals))
        pictures += [frame.to_ndarray(format="gray") for frame in decoder.decode(av.Packet(data))]
    return pictures + [frame.to_ndarray(format="gray") for frame in decoder.decode(None)]


async def watch(captioned: Path, count: int, *, clock: bool) -> list[Seen]:
    async with SimCamServer(options=Options(clock=clock)) as server:
        server.add("cam1", captioned)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            return await viewer.pictures(count)


async def test_each_picture_says_when_it_was_sent(captioned: Path) -> None:
    before = time.time()
    seen = await watch(captioned, 60, clock=True)
    codes = [read_code(picture) for picture in decoded(read_film(captioned).parameter_sets, seen)]
    assert len(codes) == 60
    assert all(code is not None and (code.kind, code.camera) == (Kind.TIME, 902) for code in codes)
    times = [code.sent_at_s() for code in codes if code]
    assert before - 0.01 <= times[0] <= times[-1] <= time.time()
    assert times == sorted(times)
    assert times[-1] - times[0] == pytest.approx(59 / 25, abs=0.3)


async def test_the_rest_of_the_picture_is_the_film_s_own(captioned: Path) -> None:
    film = read_film(captioned)
    with av.open(str(captioned)) as container:
        own = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    shown = decoded(film.parameter_sets, await watch(captioned, 50, clock=True))
    plain = await watch(captioned, 50, clock=False)
    assert [read_code(picture) for picture in own] == [Code(Kind.FRAME, 902, number) for number in range(50)]
    below = 16 + DARK_ROWS
    assert all(np.array_equal(a[below:], b[below:]) for a, b in zip(own, shown, strict=True))
    assert [tuple(p.nals[-2:]) for p in plain] == [picture.nals for picture in film.pictures]
