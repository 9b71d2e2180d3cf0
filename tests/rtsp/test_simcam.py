"""The client against the simulated cameras of this house: end to end, with the faults that cameras have."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from pathlib import Path

import pytest
import uvloop

from footage.rtsp.client import SessionPolicy, StreamTarget, probe
from footage.rtsp.events import LossCause
from footage.simcam.auth import Scheme
from footage.simcam.film import Film
from footage.simcam.options import Options
from footage.simcam.pattern import write_pattern
from footage.simcam.server import SimCamServer
from footage.simcam.transcode import load_film
from rtsp.listener import IMPATIENT, Listener, following, until
from rtsp.scripted import listening_socket


@pytest.fixture(scope="module", params=["h264", "h265"])
def film(request, tmp_path_factory) -> Film:
    folder = tmp_path_factory.mktemp("film")
    return load_film(write_pattern(folder / f"{request.param}.mp4", seconds=2, codec=request.param), cache=folder)


@pytest.fixture(scope="module")
def h264_film(tmp_path_factory) -> Film:
    folder = tmp_path_factory.mktemp("film")
    return load_film(write_pattern(folder / "one.mp4", seconds=2), cache=folder)


def free_port() -> int:
    listening = listening_socket()
    with listening:
        return listening.getsockname()[1]


def server(**options) -> SimCamServer:
    return SimCamServer(port=free_port(), options=Options(**options))


def in_film(film: Film, heard: Listener) -> bool:
    """Whether what was heard are pictures of the film, in its order and byte for byte but for parameter sets."""
    sets = set(film.parameter_sets)
    shown = [tuple(nal for nal in picture.nals if nal not in sets) for picture in film.pictures]
    told = [tuple(nal for nal in picture if nal not in sets) for picture in heard.pictures()]
    start = shown.index(told[0])
    return all(picture == shown[(start + number) % len(shown)] for number, picture in enumerate(told))


async def test_a_film_arrives_as_it_is_across_the_seam_of_its_loop(film):
    async with server(in_band=False) as cameras:
        cameras.add("cam1", film)
        async with following(cameras.url("cam1")) as heard:
            await until(lambda: len(heard.units) > len(film.pictures) + 5, 8)
    assert in_film(film, heard)
    assert heard.story.count("parameters") == 1
    assert (heard.parameters[0].width, heard.parameters[0].height) == (film.width, film.height)
    steps = {after.media_90k - before.media_90k for before, after in zip(heard.units, heard.units[1:], strict=False)}
    assert steps == {3600}


@pytest.mark.parametrize(
    "schemes", [(Scheme.BASIC,), (Scheme.DIGEST,), (Scheme.DIGEST_SHA256,), (Scheme.DIGEST_SHA256, Scheme.DIGEST)]
)
@pytest.mark.parametrize("qop", [False, True])
async def test_every_way_of_signing_in_and_a_wrong_password(h264_film, schemes, qop):
    async with server(username="asha", password="p:w", schemes=schemes, qop=qop) as cameras:
        cameras.add("cam1", h264_film)
        async with following(StreamTarget(cameras.url("cam1"), "asha", "p:w", basic_allowed=True)) as heard:
            await until(lambda: heard.units)
        async with following(StreamTarget(cameras.url("cam1"), "asha", "other", basic_allowed=True)) as refused:
            await until(lambda: refused.losses)
    assert refused.losses[0][0] is LossCause.REFUSED
    assert not refused.units


@pytest.mark.parametrize("tls", [False, True])
def test_uvloop_does_as_well(h264_film, tls):
    """The recorder runs on it; it has sockets, TLS and timers of its own."""

    async def run() -> Listener:
        async with server(tls=tls, username="asha", password="pw") as cameras:
            cameras.add("cam1", h264_film)
            async with following(StreamTarget(cameras.url("cam1"), "asha", "pw", tls_pin="any")) as heard:
                await until(lambda: len(heard.units) > 10)
                await cameras.fault("cam1", "drop")
                await until(lambda: heard.losses and heard.story[-1] == "picture")
        return heard

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        heard = runner.run(run())
    assert heard.losses[0][0] is LossCause.CLOSED
    assert heard.losses[-1][0] is LossCause.STOPPED
    assert not heard.lost_packets


async def test_tls_by_fingerprint(h264_film):
    async with server(tls=True) as cameras:
        cameras.add("cam1", h264_film)
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(cameras.certificate.decode())).hexdigest()
        async with following(StreamTarget(cameras.url("cam1"), tls_pin=digest)) as heard:
            await until(lambda: len(heard.units) > 5)
        async with following(StreamTarget(cameras.url("cam1"))) as refused:
            await until(lambda: refused.losses)
    assert refused.losses[0][0] is LossCause.UNTRUSTED


@pytest.mark.parametrize(
    ("fault", "values", "causes"),
    [
        ("drop", {}, {LossCause.CLOSED}),
        ("stall", {"seconds": 1.5}, {LossCause.SILENT}),
        ("unplug", {"seconds": 1.5}, {LossCause.SILENT}),
        ("garbage", {"bytes": 200_000}, {LossCause.PROTOCOL}),
    ],
)
async def test_each_fault_is_a_loss_with_its_cause_and_pictures_come_back(h264_film, fault, values, causes):
    async with server() as cameras:
        cameras.add("cam1", h264_film)
        async with following(cameras.url("cam1")) as heard:
            await until(lambda: heard.units)
            await cameras.fault("cam1", fault, **values)
            await until(lambda: heard.losses)
            before = len(heard.units)
            await until(lambda: len(heard.units) > before + 3)
    assert heard.losses[0][0] in causes
    again = heard.story.index(heard.losses[0][0])
    assert heard.story.index("parameters", again) < heard.story.index("key", again)


async def test_noise_in_place_of_pictures_never_leaves_the_session(h264_film):
    async with server() as cameras:
        cameras.add("cam1", h264_film)
        async with following(cameras.url("cam1")) as heard:
            for _ in range(3):
                seen = len(heard.units)
                await until(lambda seen=seen: len(heard.units) > seen)
                await cameras.fault("cam1", "garbage", bytes=3000, where="payload")
    assert all(cause in (LossCause.PROTOCOL, LossCause.STOPPED) for cause, _ in heard.losses)


async def test_lost_packets_cost_the_pictures_up_to_the_next_key_frame(h264_film):
    async with server() as cameras:
        cameras.add("cam1", h264_film)
        async with following(cameras.url("cam1")) as heard:
            await until(lambda: len(heard.units) > 3)
            await cameras.fault("cam1", "loss", packets=1)
            await until(lambda: heard.story[-1] == "picture" and "packets-lost" in heard.story)
    at = heard.story.index("packets-lost")
    assert heard.lost_packets == [1]
    assert heard.story[at + 1] in ("key", "parameters")


async def test_another_resolution_is_another_run(tmp_path: Path):
    path = write_pattern(tmp_path / "one.mp4", seconds=1)
    async with server(cache=tmp_path) as cameras:
        cameras.add("cam1", path)
        async with following(cameras.url("cam1")) as heard:
            await until(lambda: heard.units)
            await cameras.fault("cam1", "resolution", width=160, height=120)
            await until(lambda: len(heard.parameters) == 2 and heard.story[-1] == "picture", 8)
    assert [(p.width, p.height) for p in heard.parameters] == [(320, 240), (160, 120)]
    assert heard.story[heard.story.index("parameters", 1) + 1] == "key"


async def test_a_probe_measures_what_a_camera_sends(film):
    async with server(clock_offset_s=-2.5) as cameras:
        cameras.add("cam1", film)
        seen = await probe(StreamTarget(cameras.url("cam1")), seconds=1.5)
    assert seen.ok
    assert seen.parameters
    assert (seen.parameters.width, seen.parameters.height) == (320, 240)
    assert seen.fps == pytest.approx(25, abs=0.5)
    assert seen.bitrate_bps == pytest.approx(film.bitrate_bps, rel=0.5)
    assert seen.clock_offset_ms == pytest.approx(-2500, abs=100)
    assert seen.packets_lost == 0
    named = "H.264" if film.codec == "h264" else "H.265"
    assert seen.detail.startswith(f"{named} 320x240, 25 fps, ")
    assert seen.detail.endswith("; clock 2.5 s behind")


async def test_a_probe_of_a_camera_that_refuses_or_is_not_there_says_why(h264_film):
    policy = SessionPolicy(connect=1.0, answer=IMPATIENT.answer)
    async with server(username="asha", password="pw") as cameras:
        cameras.add("cam1", h264_film)
        refused = await probe(StreamTarget(cameras.url("cam1"), "asha", "no"), 1, policy)
        missing = await probe(StreamTarget(cameras.url("cam9"), "asha", "pw"), 1, policy)
        right = await probe(StreamTarget(cameras.url("cam1"), "asha", "pw"), 0.5, policy)
        away = cameras.url("cam1")
    gone = await probe(StreamTarget(away), 1, policy)
    assert (refused.cause, missing.cause, gone.cause) == (LossCause.REFUSED, LossCause.REFUSED, LossCause.UNREACHABLE)
    assert "password" in refused.detail
    assert "no such stream" in missing.detail
    assert not refused.ok
    assert refused.parameters is None
    assert right.ok
    assert right.pictures > 5


async def test_a_probe_that_loses_its_camera_tells_both_what_it_saw_and_the_loss(h264_film):
    async with server() as cameras:
        camera = cameras.add("cam1", h264_film)
        asyncio.get_running_loop().call_later(0.5, camera.hang_up)
        seen = await probe(StreamTarget(cameras.url("cam1")), seconds=3)
    assert seen.cause is LossCause.CLOSED
    assert seen.parameters
    assert seen.detail == "The camera closed the connection."
