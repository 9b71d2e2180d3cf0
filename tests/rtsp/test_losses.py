"""How a stream ends, each way with its own cause and sentence, and what is done about it."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footage.rtsp.client import SessionPolicy, StreamTarget
from footage.rtsp.control.connection import UNANSWERED
from footage.rtsp.events import Codec, LossCause
from footage.rtsp.policy import Backoff
from rtsp.listener import IMPATIENT, Listener, following, until
from rtsp.packets import interleaved, packets, rtp
from rtsp.pictures import encoded
from rtsp.scripted import Answer, Connection, ScriptedCamera, listening_socket

PORT_FIRST = "look at the port first (RTSP is usually 554), then whether RTSP is switched on at the camera."
coded = encoded(Codec.H264, width=64, height=48, frames=6, gop=3)


async def first_loss(camera: ScriptedCamera, policy: SessionPolicy = IMPATIENT):
    async with camera, following(camera.url, policy=policy) as heard:
        await until(lambda: heard.losses)
        return heard.losses[0], heard


# ---- connection


async def test_a_camera_that_is_not_there_is_unreachable_and_is_followed_when_it_comes():
    listening = listening_socket()
    port = listening.getsockname()[1]
    listening.close()
    async with following(f"rtsp://127.0.0.1:{port}/stream1") as heard:
        await until(lambda: len(heard.losses) >= 2)
        assert all(cause is LossCause.UNREACHABLE for cause, _ in heard.losses)
        assert heard.losses[0][1] == f"No connection to 127.0.0.1 port {port}: connection refused; " + PORT_FIRST
        async with ScriptedCamera(coded):
            await until(lambda: heard.units)


async def test_a_name_that_means_nothing_is_unreachable():
    async with following("rtsp://no-such-camera.invalid/") as heard:
        await until(lambda: heard.losses)
    assert heard.losses[0][0] is LossCause.UNREACHABLE
    assert heard.losses[0][1].endswith("; check the name of the host, or write its address in figures.")


async def test_a_camera_outside_the_allowed_networks_is_never_connected_to():
    from ipaddress import ip_network

    camera = ScriptedCamera(coded)
    inside = SessionPolicy(networks=(ip_network("127.0.0.0/8"),))
    outside = SessionPolicy(networks=(ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")))
    async with camera, following(camera.url, policy=inside) as heard:
        await until(lambda: heard.units)
    assert camera.connections == 1
    for host in ("127.0.0.1", "localhost"):
        async with camera, following(f"rtsp://{host}:{camera.port}/stream1", policy=outside) as heard:
            await until(lambda: heard.losses)
        assert heard.losses[0][0] is LossCause.REFUSED
        assert "outside the networks" in heard.losses[0][1]
    assert camera.connections == 1


async def test_a_camera_that_closes_is_followed_again_and_the_clock_starts_anew():
    async def play(connection: Connection) -> None:
        await connection.write(
            b"".join(interleaved(0, p) for p in packets(Codec.H264, coded.pictures, first_timestamp=77))
        )
        connection.writer.close()

    camera = ScriptedCamera(coded, play=play)
    async with camera, following(camera.url) as heard:
        await until(lambda: len(heard.units) >= 12)
    assert heard.losses[0] == (LossCause.CLOSED, "The camera closed the connection.")
    assert heard.story[:8] == ["parameters", *["key", "picture", "picture"] * 2, "closed"]
    assert heard.story[8:10] == ["parameters", "key"]
    assert [unit.media_90k for unit in heard.units[:12:6]] == [0, 0]


@pytest.mark.parametrize("method", ["DESCRIBE", "SETUP", "PLAY"])
async def test_a_request_without_an_answer_is_silence(method):
    listening = listening_socket()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        camera = ScriptedCamera(coded)
        while True:
            request = await camera._next_request(reader)
            if request.method != method:
                writer.write(camera._bytes(request, camera._answer(request)))

    server = await asyncio.start_server(serve, sock=listening)
    policy = SessionPolicy(answer=0.3)
    async with following(f"rtsp://127.0.0.1:{listening.getsockname()[1]}/", policy=policy) as heard:
        await until(lambda: heard.losses)
    server.close()
    assert heard.losses[0] == (LossCause.SILENT, f"The camera did not answer {method} within 0.3 s{UNANSWERED}")


async def test_a_stream_without_key_frames_is_given_up_in_the_end():
    async def play(connection: Connection) -> None:
        for number in range(400):
            await connection.packet(rtp(coded.pictures[1][-1], sequence=number, timestamp=number * 3600, marker=True))
            await asyncio.sleep(0.01)

    (cause, detail), heard = await first_loss(ScriptedCamera(coded, play=play), SessionPolicy(key_frame=0.5))
    assert cause is LossCause.UNSUPPORTED
    assert "no key frame" in detail
    assert not heard.units


# ---- what the camera answers

ANSWERS = {
    "no such stream": (("DESCRIBE", Answer(404, "Not Found")), LossCause.REFUSED, "no such stream"),
    "forbidden": (("DESCRIBE", Answer(403, "Forbidden")), LossCause.REFUSED, "403 Forbidden"),
    "elsewhere": (
        ("DESCRIBE", Answer(302, "Moved", ("Location: rtsp://10.0.0.9/",))),
        LossCause.REFUSED,
        "redirects are not followed",
    ),
    "full": (("SETUP", Answer(453, "Not Enough Bandwidth")), LossCause.REFUSED, "no room"),
    "starting": (("PLAY", Answer(500, "Internal Server Error")), LossCause.CLOSED, "500 Internal"),
    "udp only": (("SETUP", Answer(461, "Unsupported Transport")), LossCause.UNSUPPORTED, "over TCP"),
    "udp anyway": (
        ("SETUP", Answer(200, "OK", ("Transport: RTP/AVP;unicast;client_port=1-2", "Session: 1"))),
        LossCause.UNSUPPORTED,
        "over TCP",
    ),
    "odd words": (("DESCRIBE", Answer(404, "\x7f<script>\u2028" + "x" * 500)), LossCause.REFUSED, "(404 ?<script>?xxx"),
    "no description": (
        ("DESCRIBE", Answer(body=b"<html>hello</html>")),
        LossCause.PROTOCOL,
        "session description is none",
    ),
    "nothing": (("DESCRIBE", Answer()), LossCause.PROTOCOL, "session description is none"),
    "sound only": (
        ("DESCRIBE", Answer(body=b"v=0\r\nm=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n")),
        LossCause.UNSUPPORTED,
        "it offers audio PCMA/8000",
    ),
    "jpeg": (("DESCRIBE", Answer(body=b"v=0\r\nm=video 0 RTP/AVP 26\r\n")), LossCause.UNSUPPORTED, "no H.264 or H.265"),
    "interleaved mode": (
        (
            "DESCRIBE",
            Answer(body=b"v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 sprop-max-don-diff=3\r\n"),
        ),
        LossCause.UNSUPPORTED,
        "decoding order",
    ),
    "evil control": (
        ("DESCRIBE", Answer(body=b"v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:a b\r\n")),
        LossCause.PROTOCOL,
        "track address",
    ),
}


@pytest.mark.parametrize(("given_", "cause", "says"), ANSWERS.values(), ids=ANSWERS)
async def test_each_bad_answer_has_its_cause_and_sentence(given_, cause, says):
    method, answer = given_
    camera = ScriptedCamera(coded, answers={method: answer})
    (told, detail), heard = await first_loss(camera)
    assert told is cause
    assert says in detail
    assert detail.isascii()
    assert len(detail) < 200
    assert not heard.units
    assert not any("10.0.0.9" in request.url for request in camera.requests)


# ---- what is no RTSP

GARBAGE = {
    "a head without end": b"RTSP/1.0 200 OK\r\n" + b"X-Long: " + b"a" * 70_000,
    "noise without end": b"\x00\x01\x02\x03" * 20_000,
    "noise full of signs of a frame": b"$\x00\x00\x20\x01\x02" * 60_000,
    "broken packets without end": interleaved(0, b"\x10\x60" + bytes(40)) * 7_000,
    "broken reports without end": interleaved(1, b"\x80\xc8") * 7_000,
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
async def test_garbage_without_end_ends_the_session_and_the_camera_is_tried_again(garbage):
    async def play(connection: Connection) -> None:
        if connection.camera.connections == 1:
            await connection.write(garbage)
        else:
            await connection.write(b"".join(interleaved(0, p) for p in packets(Codec.H264, coded.pictures)))

    camera = ScriptedCamera(coded, play=play)
    async with camera, following(camera.url) as heard:
        await until(lambda: len(heard.units) == 6)
    assert heard.losses[0][0] is LossCause.PROTOCOL
    assert heard.losses[0][1].startswith("The camera")
    assert heard.losses[0][1].isascii()


async def test_what_is_no_rtsp_ends_a_session_that_has_no_pictures_yet():
    """Before PLAY nothing but answers may come, and waiting for one among noise would keep the camera for nothing."""
    listening = listening_socket()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\x01\x02\x03" * 10)
        await reader.read()

    server = await asyncio.start_server(serve, sock=listening)
    async with following(f"rtsp://127.0.0.1:{listening.getsockname()[1]}/") as heard:
        await until(lambda: heard.losses)
    server.close()
    assert heard.losses[0][0] is LossCause.PROTOCOL


async def test_a_picture_without_end_is_cut_off_before_it_fills_the_memory():
    async def play(connection: Connection) -> None:
        for number in range(400):
            piece = bytes([0x7C, 0x85 if number == 0 else 0x05]) + bytes(60_000)
            await connection.packet(rtp(piece, sequence=number, timestamp=0))

    (cause, detail), _ = await first_loss(ScriptedCamera(coded, play=play))
    assert cause is LossCause.PROTOCOL
    assert "8388608 bytes" in detail


async def test_a_picture_of_countless_tiny_pieces_is_cut_off_too():
    async def play(connection: Connection) -> None:
        for start in range(0, 40_000, 500):
            pieces = (
                rtp(bytes([0x7C, 0x05 if n else 0x85, 0]), sequence=n, timestamp=0) for n in range(start, start + 500)
            )
            await connection.write(b"".join(interleaved(0, piece) for piece in pieces))

    (cause, detail), _ = await first_loss(ScriptedCamera(coded, play=play))
    assert cause is LossCause.PROTOCOL
    assert "too many parts" in detail


async def test_a_long_description_in_many_pieces_is_read():
    """More than the receive buffer holds; one byte more than the bound is refused."""
    camera = ScriptedCamera(coded)
    rest = "a=x-note:" + "n" * 900 + "\r\n"
    body = camera._sdp()
    while len(body) + len(rest) < 256 * 1024:
        body += rest
    camera.sdp = body + "a=" + "n" * (256 * 1024 - len(body) - 2)
    async with camera, following(camera.url) as heard:
        await until(lambda: len(heard.units) == 6)
    (cause, detail), _ = await first_loss(ScriptedCamera(coded, sdp=camera.sdp + "n"))
    assert cause is LossCause.PROTOCOL
    assert "longer than 262144 bytes" in detail


# ---- keep-alive, stopping, neighbours


@pytest.mark.parametrize(
    ("public", "method"), [("OPTIONS, PLAY, GET_PARAMETER", "GET_PARAMETER"), ("OPTIONS, PLAY", "OPTIONS")]
)
async def test_the_session_is_kept_alive_at_half_its_time_by_what_the_camera_offers(public, method):
    async def play(connection: Connection) -> None:
        await connection.paced(2.4)

    camera = ScriptedCamera(coded, play=play, public=public, session="S-1;timeout=2")
    async with camera, following(camera.url) as heard:
        await until(lambda: camera.methods[4:].count(method) == 2)
        assert not heard.losses
    alive = [request for request in camera.requests[4:] if request.method == method]
    assert all(request.headers["session"] == "S-1" for request in alive)


async def test_a_keep_alive_that_is_refused_falls_back_and_one_that_is_not_answered_costs_nothing():
    async def play(connection: Connection) -> None:
        await connection.paced(3.5)

    camera = ScriptedCamera(
        coded, play=play, session="S;timeout=2", answers={"GET_PARAMETER": Answer(501, "Not Implemented")}
    )
    async with camera, following(camera.url) as heard:
        await until(lambda: camera.methods[4:].count("OPTIONS") == 1)
        assert not heard.losses
    assert camera.methods.count("GET_PARAMETER") == 1


async def test_a_forgotten_session_is_begun_again():
    async def play(connection: Connection) -> None:
        await connection.paced(2.5)

    camera = ScriptedCamera(coded, play=play, session="S;timeout=2")
    forgetful = Answer(454, "Session Not Found")
    camera.before = lambda request: forgetful if "PLAY" in camera.methods and request.method != "TEARDOWN" else None
    camera.answers = {"PLAY": Answer()}
    camera.before = lambda request: (
        forgetful if request.headers.get("session") and request.method not in ("PLAY", "TEARDOWN") else None
    )
    (cause, detail), _ = await first_loss(camera)
    assert (cause, detail) == (LossCause.CLOSED, "The camera has forgotten the session.")


@pytest.mark.parametrize("when", ["connecting", "asking", "playing", "waiting"])
async def test_stopping_is_prompt_at_any_time(when):
    loop = asyncio.get_running_loop()
    camera = ScriptedCamera(coded)
    mute = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    targets = {
        "connecting": f"rtsps://127.0.0.1:{mute.sockets[0].getsockname()[1]}/",  # TLS is begun and never answered
        "asking": f"rtsp://127.0.0.1:{mute.sockets[0].getsockname()[1]}/",
        "waiting": "rtsp://127.0.0.1:1/",
    }
    policy = SessionPolicy(retry_first=20, retry_most=30)
    async with camera, following(targets.get(when, camera.url), policy=policy) as heard:
        await asyncio.sleep(0.2)
        started = loop.time()
    assert loop.time() - started < 0.5
    assert heard.losses[-1][0] is LossCause.STOPPED
    assert [cause for cause, _ in heard.losses].count(LossCause.STOPPED) == 1
    mute.close()


class Careless(Listener):
    """A listener with a fault of its own."""

    def on_access_unit(self, unit) -> None:
        super().on_access_unit(unit)
        raise RuntimeError("a fault in the listener")


async def test_a_listener_that_fails_ends_its_own_session_only(caplog):
    async def play(connection: Connection) -> None:
        await connection.paced(3.0)

    camera = ScriptedCamera(coded, play=play)
    async with camera, following(camera.url, Careless()) as careless, following(camera.url) as neighbour:
        await until(lambda: len(careless.losses) >= 2)
        seen = len(neighbour.units)
        await until(lambda: len(neighbour.units) > seen + 3)
        assert not neighbour.losses
    assert careless.losses[0][0] is LossCause.FAULT
    assert "a fault in the listener" in caplog.text


async def test_a_listener_that_fails_at_a_loss_is_told_the_next_one_all_the_same():
    class Worse(Listener):
        def on_lost(self, cause, detail, wall) -> None:
            super().on_lost(cause, detail, wall)
            raise RuntimeError("again")

    async with following("rtsp://127.0.0.1:1/", Worse()) as heard:
        await until(lambda: len(heard.losses) >= 2)


# ---- waiting


@given(st.lists(st.sampled_from([c for c in LossCause if c is not LossCause.STOPPED]), max_size=40))
def test_waits_stay_within_their_bounds_whatever_happens(causes):
    backoff = Backoff(SessionPolicy())
    for cause in causes:
        slow = cause in (LossCause.REFUSED, LossCause.UNTRUSTED, LossCause.UNSUPPORTED)
        most = 80 if cause is LossCause.TOO_MUCH else 60 if slow else 30
        assert (60 if most == 80 else 10 if slow else 0.5) <= backoff.after(cause, 0.0) <= most


def test_waits_grow_with_failures_alone_and_not_with_drops_that_good_pictures_came_before():
    backoff = Backoff(SessionPolicy())
    waits = [backoff.after(LossCause.CLOSED, 0.9) for _ in range(8)]
    assert waits[0] <= 0.75
    assert waits[7] >= 20
    assert all(later > earlier for earlier, later in pairwise(waits[:6]))
    assert 0.1 <= backoff.after(LossCause.CLOSED, 1.0) <= 0.2
    assert 0.5 <= backoff.after(LossCause.UNREACHABLE, 0.0) <= 0.75
    assert backoff.after(LossCause.REFUSED, 5.0) >= 10, "a lock against guessing is not tripped by pictures before it"


def test_a_camera_that_drops_each_time_is_not_connected_to_more_than_twenty_times_a_minute():
    """It sends a second of pictures and closes; time runs as the waits say."""
    now, sessions = 0.0, list[float]()
    backoff = Backoff(SessionPolicy(), clock=lambda: now)
    while now < 300:
        sessions.append(now)
        now += 1.0
        now += backoff.after(LossCause.CLOSED, 1.0)
    quick = [later - earlier for earlier, later in pairwise(sessions[:11])]
    assert all(1.1 <= step <= 1.2 for step in quick)
    assert len([at for at in sessions if 120 <= at < 300]) / 3 <= 20
    assert len({round(Backoff(SessionPolicy()).after(LossCause.CLOSED, 0), 6) for _ in range(20)}) > 10


def test_targets_can_be_compared_so_that_an_unchanged_camera_is_left_alone():
    assert StreamTarget("rtsp://192.0.2.7/a", "b", "c") == StreamTarget("rtsp://192.0.2.7/a", "b", "c")
