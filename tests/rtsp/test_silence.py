"""How long a camera may be quiet: as its own rhythm and its answers say, and never for ever."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from footage.rtsp.client import SessionPolicy
from footage.rtsp.events import Codec, LossCause, Oddity
from rtsp.listener import IMPATIENT, Listener, following, until
from rtsp.packets import interleaved, packets, rtp
from rtsp.pictures import encoded
from rtsp.scripted import Connection, Request, ScriptedCamera

coded = encoded(Codec.H264, width=64, height=48, frames=6, gop=3)


async def silence(camera: ScriptedCamera, policy: SessionPolicy) -> tuple[float, Listener]:
    """How long after its last picture a camera that sends no more of them was given up, and what was told."""
    async with camera, following(camera.url, policy=policy) as heard:
        await until(lambda: len(heard.units) == 6)
        started = asyncio.get_running_loop().time()
        await until(lambda: heard.losses)
        return asyncio.get_running_loop().time() - started, heard


def mute_once_playing(camera: ScriptedCamera) -> ScriptedCamera:
    """Leaves questions unanswered once it plays."""

    async def unanswered(connection: Connection, request: Request) -> bool:
        return "PLAY" in camera.methods[:-1]

    camera.unanswered = unanswered
    return camera


async def test_silence_is_a_loss_and_the_camera_is_told_goodbye():
    camera = mute_once_playing(ScriptedCamera(coded))
    taken, heard = await silence(camera, replace(IMPATIENT, silence_most=5.0))
    assert heard.losses[0] == (LossCause.SILENT, "The camera sent no video for 0.6 s.")
    assert 0.5 < taken < 1.1
    assert "TEARDOWN" in camera.methods


async def test_a_camera_that_answers_is_waited_for_a_while_longer_and_not_for_ever():
    taken, heard = await silence(ScriptedCamera(coded), replace(IMPATIENT, silence_most=1.8))
    assert heard.losses[0] == (LossCause.SILENT, "The camera sent no video for 1.8 s, though it still answers.")
    assert heard.quiet == ["No picture for 1 s, though the camera still answers."]
    assert 1.7 < taken < 2.4


async def test_a_camera_whose_rate_drops_is_not_cut_off_while_it_answers():
    """Six pictures at once, then one a second, where more than 0.6 s is silence: the night of many a camera."""

    async def play(connection: Connection) -> None:
        made = packets(Codec.H264, coded.pictures + coded.pictures)
        first = len(packets(Codec.H264, coded.pictures))
        await connection.write(b"".join(interleaved(0, p) for p in made[:first]))
        at = 6 * 3600
        for packet in made[first:]:
            if int.from_bytes(packet[4:8], "big") != at:
                at += 3600
                await asyncio.sleep(1.0)
            await connection.packet(packet)
            if at == 9 * 3600:
                return

    camera = ScriptedCamera(coded, play=play)
    async with camera, following(camera.url, policy=replace(IMPATIENT, silence_most=5.0)) as heard:
        await until(
            lambda: len(heard.units) >= 8, 8
        )  # the last is held: its stamp says 40 ms and it came a second later
        assert not heard.losses
    assert camera.connections == 1


async def test_a_camera_that_never_answers_is_held_against_its_own_rhythm():
    """A picture each second from the start, no answers: it is given up after four such pauses, not after 0.6 s."""

    async def play(connection: Connection) -> None:
        for number, picture in enumerate(coded.pictures[:3]):
            made = packets(Codec.H264, [picture], first_sequence=100 * number, first_timestamp=number * 3600)
            for index, packet in enumerate(made):
                await connection.packet(packet[:2] + (len(sent) + index).to_bytes(2, "big") + packet[4:])
            sent.extend(made)
            await asyncio.sleep(0.55)
        done.append(asyncio.get_running_loop().time())

    sent, done = [], []
    camera = mute_once_playing(ScriptedCamera(coded, play=play))
    async with camera, following(camera.url, policy=replace(IMPATIENT, silence_most=5.0)) as heard:
        await until(lambda: heard.losses, 8)
        taken = asyncio.get_running_loop().time() - done[0]
    assert len(heard.units) == 3
    assert heard.losses[0][0] is LossCause.SILENT
    assert 0.9 < taken < 3.0


async def test_three_seconds_is_the_silence_that_counts():
    assert SessionPolicy().silence == 3.0
    assert SessionPolicy().silence_most == 30.0


async def test_sound_or_answers_alone_do_not_hide_silence():
    async def play(connection: Connection) -> None:
        await connection.write(b"".join(interleaved(0, p) for p in packets(Codec.H264, coded.pictures)))
        for number in range(200):
            await connection.write(interleaved(8, rtp(b"sound", sequence=number, timestamp=0)))
            await asyncio.sleep(0.02)

    camera = ScriptedCamera(coded, play=play)
    async with camera, following(camera.url) as heard:
        await until(lambda: heard.losses)
    assert heard.losses[0][0] is LossCause.SILENT
    assert len(heard.units) == 6


@pytest.mark.parametrize("other", ["reports", "strangers"])
async def test_reports_and_strangers_do_not_hide_silence_either(other):
    async def play(connection: Connection) -> None:
        made = packets(Codec.H264, coded.pictures)
        await connection.write(b"".join(interleaved(0, p) for p in made))
        for number in range(200):
            stranger = rtp(b"\x41\x9a", sequence=number, timestamp=0)[:8] + b"\x01\x02\x03\x04\x41\x9a"
            await connection.write(
                interleaved(1, b"\x80\xcb\x00\x00") if other == "reports" else interleaved(0, stranger)
            )
            await asyncio.sleep(0.02)

    camera = ScriptedCamera(coded, play=play)
    async with camera, following(camera.url) as heard:
        await until(lambda: heard.losses)
    assert heard.losses[0][0] is LossCause.SILENT
    assert len(heard.units) == 6


async def test_the_first_picture_may_come_late_where_the_camera_answers():
    async def play(connection: Connection) -> None:
        await asyncio.sleep(2.0)
        await connection.write(b"".join(interleaved(0, p) for p in packets(Codec.H264, coded.pictures)))

    policy = replace(IMPATIENT, silence_most=5.0, first_most=4.0)
    camera = ScriptedCamera(coded, play=play)
    async with camera, following(camera.url, policy=policy) as heard:
        await until(lambda: len(heard.units) == 6)
        assert not heard.losses
    mute = mute_once_playing(ScriptedCamera(coded, play=play))
    async with mute, following(mute.url, policy=policy) as heard:
        await until(lambda: heard.losses)
    assert heard.losses[0][0] is LossCause.SILENT
    assert heard.losses[0][1].startswith("The camera sent no video for 1 s.")


async def test_pictures_that_end_without_a_place_to_begin_are_given_up_in_the_end():
    """A key picture, one that is torn, and then nothing that a recording could go on with."""

    async def play(connection: Connection) -> None:
        made = packets(Codec.H264, coded.pictures[:3])
        await connection.write(b"".join(interleaved(0, p) for p in made[:-1]))
        for number in range(400):
            later = rtp(coded.pictures[1][-1], sequence=500 + number, timestamp=(9 + number) * 3600, marker=True)
            await connection.packet(later)
            await asyncio.sleep(0.01)

    camera = ScriptedCamera(coded, play=play)
    async with camera, following(camera.url, policy=SessionPolicy(key_frame=0.8)) as heard:
        await until(lambda: heard.losses)
    assert heard.losses[0][0] is LossCause.UNSUPPORTED
    assert "Set its key frame (I-frame) interval" in heard.losses[0][1]


async def test_that_nothing_can_be_begun_with_is_said_long_before_it_is_given_up(monkeypatch):
    monkeypatch.setattr("footage.rtsp.rtp.silence._NO_START_SECONDS", 0.5)

    async def play(connection: Connection) -> None:
        for number in range(300):
            await connection.packet(rtp(coded.pictures[1][-1], sequence=number, timestamp=number * 3600, marker=True))
            await asyncio.sleep(0.01)

    camera = ScriptedCamera(coded, play=play)
    async with camera, following(camera.url) as heard:
        await until(lambda: heard.oddities)
        await asyncio.sleep(0.6)
    assert heard.oddities == [Oddity.NO_START]
    assert heard.losses == [(LossCause.STOPPED, "Stopped by order.")]
