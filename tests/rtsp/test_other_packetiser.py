"""Packets that somebody else made: libavformat's RTP muxer, over a real UDP socket, against the units of the file."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import av
import pytest

from footage.rtsp.control.connection import RtspConnection
from footage.simcam.film import Film
from footage.simcam.transcode import load_film
from rtsp.listener import Listener
from rtsp.packets import interleaved
from rtsp.pictures import noise
from rtsp.scripted import FIRST_PORT, LAST_PORT
from rtsp.test_depacketisers import TRACKS, receive


def noisy_film(path: Path, codec: str) -> Path:
    """A few pictures with units of very different sizes: some go alone, some together, some in fragments."""
    params = "keyint=4:min-keyint=4:scenecut=0:bframes=0:slices=4" + ":sliced-threads=0" * (codec == "h264")
    with av.open(str(path), "w") as container:
        options = {"preset": "ultrafast", "tune": "zerolatency"}
        options["x264-params" if codec == "h264" else "x265-params"] = params + ":log-level=none" * (codec == "h265")
        stream = container.add_stream("libx264" if codec == "h264" else "libx265", rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = 320, 256, "yuv420p"
        for number in range(12):
            picture = noise(number, 320, 256)
            picture[64:] = 90  # all but the first slice are nearly empty
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def receiving_socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    for port in range(FIRST_PORT, LAST_PORT, 2):
        try:
            made.bind(("127.0.0.1", port))
        except OSError:
            continue
        made.settimeout(2)
        return made
    raise RuntimeError("no free port")


def sent_by_libavformat(path: Path, packet_bytes: int) -> list[bytes]:
    """The RTP packets of a file's video."""
    with receiving_socket() as receiving, av.open(str(path)) as source:
        url = f"rtp://127.0.0.1:{receiving.getsockname()[1]}?pkt_size={packet_bytes}&rtcpport={LAST_PORT}"
        got: list[bytes] = []
        with av.open(url, "w", format="rtp") as target:
            stream = target.add_stream_from_template(source.streams.video[0])
            for packet in source.demux(video=0):
                if packet.dts is None:
                    continue
                packet.stream = stream
                target.mux(packet)
                got += waiting(receiving)
        return got + waiting(receiving)


def waiting(receiving: socket.socket) -> list[bytes]:
    """What has arrived; loopback delivers before send returns."""
    receiving.setblocking(False)
    got: list[bytes] = []
    try:
        while True:
            got.append(receiving.recv(65_536))
    except BlockingIOError:
        return got


@pytest.mark.parametrize("packet_bytes", [400, 1472])
@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_packets_of_another_maker_give_the_units_of_the_file(tmp_path, codec, packet_bytes):
    path = noisy_film(tmp_path / f"{codec}.mp4", codec)
    film: Film = load_film(path, cache=tmp_path)
    packets = sent_by_libavformat(path, packet_bytes)

    async def run() -> Listener:
        heard = Listener()
        connection = RtspConnection()
        connection.listen(TRACKS[film.codec](heard, film.parameter_sets), 0, 1)
        for packet in packets:
            receive(connection, interleaved(0, packet))
        assert not connection.ended.done(), connection.ended.result()
        return heard

    heard = asyncio.run(run())
    kinds = {packet[12] & 31 if codec == "h264" else packet[12] >> 1 & 63 for packet in packets}
    assert kinds >= ({24, 28} if codec == "h264" else {48, 49}), "without aggregates and fragments it proves little"
    assert heard.pictures() == [list(picture.nals) for picture in film.pictures]
    assert not heard.lost_packets
