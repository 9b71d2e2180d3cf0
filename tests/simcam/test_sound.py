"""A simulated camera's sound, as a player that shares no code with the engine hears it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import av
import pytest

from footage.simcam.pattern import write_pattern
from footage.simcam.server import SimCamServer


def taken(url: str, seconds: float) -> tuple[list[str], dict[str, int]]:
    """The kinds of tracks that ffmpeg's own client finds, and how many packets of each came."""
    counts = {"video": 0, "audio": 0}
    with av.open(url, options={"rtsp_transport": "tcp"}, timeout=10) as container:
        kinds = [stream.type for stream in container.streams]
        for packet in container.demux():
            counts[packet.stream.type] += 1
            if packet.stream.type == "video" and counts["video"] >= seconds * 25:
                break
    return kinds, counts


@pytest.mark.parametrize("tone_hz", [None, 440.0])
async def test_a_film_with_sound_is_heard_and_one_without_offers_none(tmp_path: Path, tone_hz: float | None) -> None:
    film = write_pattern(tmp_path / "film.mp4", seconds=4, tone_hz=tone_hz)
    async with SimCamServer() as server:
        server.add("cam1", film)
        kinds, counts = await asyncio.to_thread(taken, server.url("cam1"), 3)
    assert kinds == (["video", "audio"] if tone_hz else ["video"])
    if tone_hz:
        assert abs(counts["audio"] - 3 * 16_000 / 1024) < 8
