"""Sign-in, sessions, transports: the camera's manners as RTSP has them."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from pathlib import Path

import pytest

from footage.simcam.auth import Scheme
from footage.simcam.options import Options
from footage.simcam.server import SimCamServer
from simcam.client import Viewer

LOCKED = {"username": "asha", "password": "river bank"}


@pytest.mark.parametrize(
    ("schemes", "algorithm"),
    [((Scheme.BASIC,), "MD5"), ((Scheme.DIGEST,), "MD5"), ((Scheme.DIGEST_SHA256,), "SHA-256"),
     ((Scheme.DIGEST_SHA256, Scheme.DIGEST), "SHA-256"), ((Scheme.DIGEST_SHA256, Scheme.DIGEST), "MD5")],
)  # fmt: skip
async def test_the_right_password_sees_and_the_wrong_one_does_not(
    short_film: Path, schemes: tuple[Scheme, ...], algorithm: str
) -> None:
    async with SimCamServer(options=Options(**LOCKED, schemes=schemes)) as server:
        server.add("cam1", short_film)
        url = server.url("cam1")
        async with Viewer(url, user="asha", password="river bank", algorithm=algorithm) as viewer:
            assert (await viewer.play()).status == 200
            assert len(await viewer.pictures(2)) == 2
        for user, password in (("asha", "harbour"), ("bryn", "river bank"), ("", "")):
            async with Viewer(url, user=user, password=password, algorithm=algorithm) as viewer:
                answer = await viewer.describe()
                assert answer.status == 401
                assert len(answer.challenges) == len(schemes)


async def test_a_camera_that_offers_sha256_alone_takes_no_md5(short_film: Path) -> None:
    async with SimCamServer(options=Options(**LOCKED, schemes=(Scheme.DIGEST_SHA256,))) as server:
        server.add("cam1", short_film)
        async with Viewer(server.url("cam1"), user="asha", password="river bank", algorithm="MD5") as viewer:
            assert (await viewer.describe()).status == 401


async def test_wrong_digest_refuses_even_the_right_password_until_plugged(short_film: Path) -> None:
    async with SimCamServer(options=Options(**LOCKED)) as server:
        server.add("cam1", short_film)
        await server.fault("cam1", "wrong-digest")
        async with Viewer(server.url("cam1"), user="asha", password="river bank") as viewer:
            assert (await viewer.describe()).status == 401
        await server.fault("cam1", "plug")
        async with Viewer(server.url("cam1"), user="asha", password="river bank") as viewer:
            assert (await viewer.describe()).status == 200


async def test_only_what_is_there_is_described_and_only_over_tcp(short_film: Path) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            assert (await viewer.describe()).status == 200
            udp = await viewer.ask(
                "SETUP", f"{viewer.url}/trackID=0", Transport="RTP/AVP;unicast;client_port=6000-6001"
            )
            assert udp.status == 461
            assert (await viewer.ask("PLAY")).status == 454
            assert (await viewer.ask("RECORD")).status == 501
        async with Viewer(server.url("cam7")) as viewer:
            assert (await viewer.describe()).status == 404


async def test_teardown_ends_the_stream_and_closes(short_film: Path) -> None:
    async with SimCamServer() as server:
        camera = server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            await viewer.play()
            await viewer.pictures(2)
            assert camera.listeners == 1
            assert (await viewer.ask("TEARDOWN")).status == 200
            assert camera.listeners == 0
            assert await asyncio.wait_for(viewer.reader.read(), 3) == b""


async def test_a_session_lives_while_its_client_says_so(short_film: Path) -> None:
    async with SimCamServer(options=Options(session_timeout_s=0.6)) as server:
        server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as keen, Viewer(server.url("cam1")) as mute:
            await keen.play()
            await mute.play()
            for _ in range(4):
                await asyncio.sleep(0.25)
                assert (await keen.ask("GET_PARAMETER")).status == 200
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await mute.pictures(100)


async def test_channels_are_the_ones_the_client_asked_for(short_film: Path) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film)
        async with Viewer(server.url("cam1")) as viewer:
            setup = await viewer.ask(
                "SETUP", f"{viewer.url}/trackID=0", Transport="RTP/AVP/TCP;unicast;interleaved=4-5"
            )
            assert "interleaved=4-5" in setup.headers["transport"]
            viewer.session = setup.headers["session"].split(";")[0]
            await viewer.ask("PLAY")
            channels = set()
            for _ in range(6):
                head = await viewer.reader.readexactly(4)
                channels.add(head[1])
                await viewer.reader.readexactly(int.from_bytes(head[2:], "big"))
    assert channels == {4, 5}


async def test_over_tls_the_stream_is_the_same_for_who_trusts_the_certificate(short_film: Path) -> None:
    async with SimCamServer(options=Options(tls=True)) as server:
        server.add("cam1", short_film)
        assert server.url("cam1").startswith("rtsps://")
        trust = ssl.create_default_context(cadata=server.certificate.decode())
        async with Viewer(server.url("cam1"), trust=trust) as viewer:
            await viewer.play()
            assert len(await viewer.pictures(3)) == 3
        with pytest.raises(ssl.SSLError):
            async with Viewer(server.url("cam1"), trust=ssl.create_default_context()) as viewer:
                await viewer.describe()


async def test_bytes_that_are_no_rtsp_are_answered_by_closing(short_film: Path) -> None:
    async with SimCamServer() as server:
        server.add("cam1", short_film)
        for noise in (
            b"GET / HTTP/1.1\r\n\r\n",
            b"\x16\x03\x01" * 9000,
            b"DESCRIBE x RTSP/1.0\r\nContent-Length: -4\r\n\r\n",
        ):
            async with Viewer(server.url("cam1")) as viewer:
                viewer.writer.write(noise)
                with contextlib.suppress(ConnectionError):  # a reset is closing, too
                    assert await asyncio.wait_for(viewer.reader.read(), 3) == b""
