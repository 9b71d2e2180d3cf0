"""What a handshake and a keep-alive try where a camera answers oddly, refuses or says nothing: once, at once, in time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from footage.rtsp.client import StreamTarget, probe
from footage.rtsp.events import Codec, LossCause, Oddity
from rtsp.listener import IMPATIENT, Ear, Listener, following, until
from rtsp.packets import interleaved, rtp
from rtsp.pictures import encoded
from rtsp.scripted import NEVER, Answer, Connection, Request, ScriptedCamera, whole_film

coded = encoded(Codec.H264, width=64, height=48, frames=6, gop=3)
QUICK = replace(IMPATIENT, answer=0.5, options=0.2)


async def heard_from(camera: ScriptedCamera, policy=QUICK, pictures: int = 6) -> Listener:
    async with camera, following(camera.url, policy=policy) as heard:
        await until(lambda: len(heard.units) >= pictures)
    return heard


def only(method: str, answer: Answer):
    return lambda request: answer if request.method == method else None


def asked(camera: ScriptedCamera, method: str) -> list[str]:
    """The addresses of a method, without host and port."""
    return [request.url.partition(str(camera.port))[2] for request in camera.requests if request.method == method]


async def steadily(connection: Connection) -> None:
    await connection.paced(30.0)


# ---- whose answer it is


@pytest.mark.parametrize(
    "number",
    [
        lambda request: "0",
        lambda request: None,
        lambda request: str(int(request.headers["cseq"]) - 1),
        lambda request: str(int(request.headers["cseq"]) + 1),
        lambda request: "first",
        lambda request: f"00{request.headers['cseq']} ",
    ],
    ids=["zero", "none", "one too few", "one too many", "a word", "zeros before"],
)
async def test_with_one_question_open_an_answer_is_its_answer_whatever_its_number(number):
    camera = ScriptedCamera(coded, number=number)
    heard = await heard_from(camera)
    assert camera.methods[:4] == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]
    assert camera.connections == 1
    assert (Oddity.BAD_ANSWER in heard.oddities) is (camera.number(Request("", "", {"cseq": "7"})) != "007 ")


@pytest.mark.parametrize("numbered", [True, False])
async def test_a_late_answer_is_not_taken_for_that_of_the_next_question(numbered):
    """OPTIONS is answered after DESCRIBE was asked, and DESCRIBE after that."""
    # With its number alone to tell it, it may look like any other; without, it says what the camera offers.
    late = Answer(body=b"v=0\r\n", late=0.3) if numbered else Answer(headers=("Public: DESCRIBE, PLAY",), late=0.3)
    camera = ScriptedCamera(coded, answers={"OPTIONS": late})
    if not numbered:
        camera.number = lambda request: None
    described: list[Answer] = []

    def slowly(request: Request) -> Answer | None:
        if request.method != "DESCRIBE" or described:
            return None
        described.append(replace(camera._answer(request), late=0.25))
        return described[0]

    camera.before = slowly
    heard = await heard_from(camera)
    assert camera.methods[:4] == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]
    assert (camera.connections, heard.losses[:-1]) == (1, [])


async def test_an_answer_that_is_said_twice_is_not_the_next_one():
    camera = ScriptedCamera(coded)
    plain = camera._bytes
    camera._bytes = lambda request, answer: plain(request, answer) * 2
    heard = await heard_from(camera)
    assert camera.methods[:4] == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]
    assert heard.oddities == []


async def test_an_interim_answer_is_waited_through():
    camera = ScriptedCamera(coded)
    plain = camera._bytes
    camera._bytes = lambda request, answer: plain(request, Answer(100, "Continue")) + plain(request, answer)
    assert len((await heard_from(camera)).units) == 6


@pytest.mark.parametrize("line", ["no header at all", "X-Odd: \x01", "X-Odd: caf\udce9"])
async def test_a_header_that_cannot_be_read_is_passed_over(line):
    camera = ScriptedCamera(coded)
    camera._bytes = lambda request, answer: (
        f"RTSP/1.0 {answer.status} OK\r\nCSeq: {request.headers['cseq']}\r\n{line}\r\n".encode(errors="surrogateescape")
        + b"".join(f"{header}\n".encode() for header in answer.headers)
        + f"Content-Length: {len(answer.body)}\r\n\r\n".encode()
        + answer.body
    )
    assert len((await heard_from(camera)).units) == 6


@pytest.mark.parametrize(
    "written",
    [
        lambda head: head.replace(b"\r\n", b"\n"),
        lambda head: head.replace(b"\r\n\r\n", b"\n\r\n"),
        lambda head: head.replace(b"RTSP/1.0 200 OK", b"RTSP/1.0\t200\tOK"),
        lambda head: head.replace(b"RTSP/1.0 200 OK", b"rtsp/1.0 200 ok"),
        lambda head: head.replace(b"RTSP/1.0 200 OK", b"RTSP/1.0 200"),
    ],
    ids=["line feeds alone", "a line feed and an empty line", "tabs", "lower case", "no reason"],
)
async def test_an_answer_is_read_however_its_lines_are_written(written):
    camera = ScriptedCamera(coded)
    plain = camera._bytes

    def rewritten(request: Request, answer: Answer) -> bytes:
        head, end, body = plain(request, answer).partition(b"\r\n\r\n")
        return written(head + end) + body

    camera._bytes = rewritten
    assert len((await heard_from(camera)).units) == 6


# ---- OPTIONS and DESCRIBE


@pytest.mark.parametrize(
    "answer",
    [Answer(501, "Not Implemented"), Answer(), Answer(302, "Moved"), Answer(401, "Unauthorized"), Answer(500, "Oops")],
    ids=["501", "without Public", "302", "401", "500"],
)
async def test_nothing_that_options_is_answered_is_in_the_way(answer):
    camera = ScriptedCamera(coded, answers={"OPTIONS": answer})
    await heard_from(camera)
    assert camera.methods[:4] == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]


async def test_options_without_an_answer_costs_its_time_once():
    async def briefly(connection: Connection) -> None:
        await whole_film(connection)
        connection.writer.close()

    camera = ScriptedCamera(coded, play=briefly, answers={"OPTIONS": Answer(late=NEVER)})
    await heard_from(camera, pictures=12)
    assert camera.methods[:7] == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY", "DESCRIBE", "SETUP", "PLAY"]


async def test_a_camera_that_closes_on_options_is_connected_to_again_without_it():
    camera = ScriptedCamera(coded)
    camera.before = only("OPTIONS", Answer(closes=True))
    camera._bytes = lambda request, answer: (
        b"" if request.method == "OPTIONS" else ScriptedCamera._bytes(camera, request, answer)
    )
    heard = await heard_from(camera)
    assert camera.methods[:4] == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]
    assert camera.connections == 2
    assert [cause for cause, _ in heard.losses] == [LossCause.STOPPED]


async def test_a_camera_that_closes_on_everything_is_not_connected_to_without_end():
    camera = ScriptedCamera(coded, before=lambda request: Answer(500, "Oops", closes=True))
    camera._bytes = lambda request, answer: b""
    async with camera, following(camera.url, policy=replace(QUICK, retry_first=5.0)) as heard:
        await until(lambda: heard.losses)
    assert heard.losses[0] == (LossCause.CLOSED, "The camera closed the connection.")
    assert camera.methods == ["OPTIONS", "DESCRIBE"]


async def test_a_camera_that_accepts_no_accept_header_is_asked_without():
    camera = ScriptedCamera(coded)
    camera.before = lambda r: Answer(406, "Not Acceptable") if "accept" in r.headers else None
    await heard_from(camera)
    assert camera.methods[:5] == ["OPTIONS", "DESCRIBE", "DESCRIBE", "SETUP", "PLAY"]


# ---- SETUP


@pytest.mark.parametrize(
    ("transport", "channel"),
    [
        ("RTP/AVP;unicast;destination=127.0.0.1;interleaved=0-1", 0),
        ("RTP/AVP/TCP;ssrc=11223344;interleaved=4-5", 4),
        ("RTP/AVP/TCP;unicast;interleaved=2;ssrc= d6d6627", 2),
        ('RTP/AVP/TCP;unicast;interleaved="2-3"', 2),
        ("rtp/avp/tcp;unicast;Interleaved = 6 - 7", 6),
        ("RTP/AVP/TCP;unicast", 0),
        ("RTP/AVP/TCP;unicast;client_port=0-1", 0),
        ("RTP/AVP/TCP;unicast;interleaved=900-901", 0),
        ("RTP/AVP;unicast", 0),
        ("", 0),
    ],
)
async def test_the_channel_is_found_however_the_camera_writes_its_transport(transport, channel):
    camera = ScriptedCamera(coded, channel=channel)
    camera.before = only("SETUP", Answer(headers=((f"Transport: {transport}",) if transport else ()) + ("Session: 1",)))
    assert len((await heard_from(camera)).units) == 6


@pytest.mark.parametrize(
    ("session", "sent"),
    [
        ("1234;timeout=60", "1234"),
        ("timeout=60;1234", "1234"),
        ("1234 ; Timeout = 4294967295", "1234"),
        ("1234;timeout=0", "1234"),
        ("a+b/c==$;x=1;timeout=15", "a+b/c==$"),
        ("", None),
    ],
)
async def test_a_session_is_sent_back_byte_for_byte_whatever_stands_beside_it(session, sent):
    camera = ScriptedCamera(coded, session=session)
    heard = await heard_from(camera)
    assert camera.requests[3].headers.get("session") == sent
    assert (Oddity.BAD_ANSWER in heard.oddities) is (sent is None)


async def test_the_newest_session_counts():
    """Where each SETUP begins another one, PLAY goes with the last, and the first is not asked for again."""
    camera = ScriptedCamera(coded, audio=SOUND)
    camera.before = lambda r: (
        Answer(headers=(f"Session: S{len(asked(camera, 'SETUP'))}", f"Transport: {r.headers['transport']}"))
        if r.method == "SETUP"
        else Answer(454, "Session Not Found")
        if r.method == "PLAY" and r.headers["session"] != "S2"
        else None
    )
    target = StreamTarget("rtsp://127.0.0.1/", audio=True)
    async with camera, following(replace(target, url=camera.url), sound=Ear()) as heard:
        await until(lambda: len(heard.units) >= 6)
    assert camera.connections == 1


# ---- where a track is


def knows(camera: ScriptedCamera, path: str, status: int = 404) -> None:
    """SETUP is answered at one address and no other."""
    camera.before = lambda r: (
        Answer(status, "No") if r.method == "SETUP" and r.url.partition(str(camera.port))[2] != path else None
    )


@pytest.mark.parametrize(
    ("asked_path", "base", "control", "taken", "tries"),
    [
        ("/stream1", "rtsp://192.168.1.4/other/", "trackID=1", "/stream1/trackID=1", 2),
        ("/stream1", None, "trackID=1", "/stream1trackID=1", 2),
        ("/a/stream1", "", "trackID=1", "/a/trackID=1", 2),
        ("/a/stream1", "", "/trackID=1", "/trackID=1", 2),
        ("/s?ch=1&x=%24", "", "trackID=1", "/s?ch=1&x=%24/trackID=1", 1),
        ("/s?ch=1&x=%24", "", "trackID=1", "/s/trackID=1?ch=1&x=%24", 2),
        ("/stream1", None, "rtsp://192.168.1.4/old/trackID=1", "/stream1/trackID=1", 2),
        ("/stream1", None, "trackID=1a=recvonly", "/stream1/trackID=1a=recvonly", 1),
        ("/stream1", None, "trackID=1a=recvonly", "/stream1/trackID=1", 2),
    ],
)
@pytest.mark.parametrize("status", [404, 400, 454])
async def test_a_track_is_looked_for_wherever_its_address_can_mean(asked_path, base, control, taken, tries, status):
    camera = ScriptedCamera(coded, content_base=base, track_control=control)
    knows(camera, taken, status)
    async with camera, following(camera.url.replace("/stream1", asked_path), policy=QUICK) as heard:
        await until(lambda: len(heard.units) >= 6)
        assert len(asked(camera, "SETUP")) == tries
        assert all(request.url.startswith(f"rtsp://127.0.0.1:{camera.port}/") for request in camera.requests)


async def test_where_no_address_is_known_the_first_refusal_is_told_after_few_tries():
    camera = ScriptedCamera(coded)
    knows(camera, "/nowhere")
    async with camera, following(camera.url, policy=QUICK) as heard:
        await until(lambda: heard.losses)
    assert len(asked(camera, "SETUP")) <= 5
    assert heard.losses[0] == (
        LossCause.REFUSED,
        "The camera has no such stream (404 No to SETUP). Check the path behind the host.",
    )


async def test_the_address_that_was_taken_is_asked_for_first_the_next_time():
    async def briefly(connection: Connection) -> None:
        await whole_film(connection)
        connection.writer.close()

    camera = ScriptedCamera(coded, content_base="rtsp://10.0.0.9/other/", play=briefly)
    knows(camera, "/stream1/trackID=1")
    await heard_from(camera, pictures=12)
    assert asked(camera, "SETUP")[:3] == ["/other/trackID=1", "/stream1/trackID=1", "/stream1/trackID=1"]


# ---- PLAY


@pytest.mark.parametrize("status", [457, 455, 400, 501])
async def test_a_camera_that_refuses_a_range_is_asked_without(status):
    camera = ScriptedCamera(coded)
    camera.before = lambda r: Answer(status, "No") if r.method == "PLAY" and "range" in r.headers else None
    await heard_from(camera)
    assert (camera.methods.count("PLAY"), camera.connections) == (2, 1)


@pytest.mark.parametrize("answer", [Answer(late=NEVER), Answer(455, "Not Valid")], ids=["no answer", "a refusal"])
async def test_pictures_that_come_are_answer_enough(answer):
    camera = ScriptedCamera(coded, audio="")
    playing: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            request = await camera._next_request(reader)
            if request.method == "PLAY" and not playing:
                playing.append(asyncio.create_task(steadily(Connection(camera, reader, writer))))
                await asyncio.sleep(0.1)
            if request.method != "PLAY" or not answer.late:
                given = answer if request.method == "PLAY" else camera._answer(request)
                writer.write(camera._bytes(request, given))

    async with camera:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with following(f"rtsp://127.0.0.1:{port}/stream1", policy=QUICK) as heard:
            await until(lambda: len(heard.units) >= 30)
            assert heard.losses == []
            assert Oddity.BAD_ANSWER in heard.oddities
        server.close()
        playing[0].cancel()


# ---- keep-alive


def alive(camera: ScriptedCamera) -> list[str]:
    return [request.method for request in camera.requests[4:]]


async def kept(camera: ScriptedCamera, seen, seconds: float = 6.0) -> Listener:
    async with camera, following(camera.url) as heard:
        await until(seen, seconds)
        assert heard.losses == []
    return heard


async def test_both_ways_to_keep_a_session_alive_take_turns_in_time():
    """Some cameras answer GET_PARAMETER and count OPTIONS alone, or the other way round."""
    camera = ScriptedCamera(coded, play=steadily, session="S;timeout=3")
    await kept(camera, lambda: len(alive(camera)) >= 3)
    assert alive(camera)[:3] == ["GET_PARAMETER", "OPTIONS", "GET_PARAMETER"]


@pytest.mark.parametrize(
    "answer",
    [Answer(late=NEVER), Answer(501, "Not Implemented"), Answer(454, "Session Not Found"), Answer(401, "No")],
    ids=["no answer", "501", "454", "401"],
)
async def test_a_keep_alive_that_fails_is_followed_by_another_before_the_session_ends(answer):
    camera = ScriptedCamera(coded, play=steadily, session="S;timeout=3")
    camera.before = only("GET_PARAMETER", answer)
    loop, times = asyncio.get_running_loop(), list[float]()

    async def begun(connection: Connection) -> None:
        times.append(loop.time())
        await steadily(connection)

    camera.play = begun
    await kept(camera, lambda: len(alive(camera)) >= 4)
    assert alive(camera)[:2] == ["GET_PARAMETER", "OPTIONS"]
    assert "GET_PARAMETER" not in alive(camera)[2:4]


async def test_a_session_whose_every_keep_alive_is_refused_goes_on_while_pictures_come():
    camera = ScriptedCamera(coded, play=steadily, session="S;timeout=1", public="PLAY")
    refusal = Answer(405, "Method Not Allowed")
    camera.before = lambda r: refusal if len(camera.requests) > 4 and r.method != "TEARDOWN" else None
    await kept(camera, lambda: len(alive(camera)) >= 6)
    assert camera.connections == 1
    assert alive(camera)[:3] == ["OPTIONS", "GET_PARAMETER", "SET_PARAMETER"]


async def test_a_keep_alive_that_the_camera_closes_on_is_not_sent_again():
    camera = ScriptedCamera(coded, play=steadily, session="S;timeout=2")
    camera.before = only("GET_PARAMETER", Answer(closes=True, late=NEVER))
    async with camera, following(camera.url) as heard:
        await until(lambda: camera.connections == 2 and camera.methods[-1] == "OPTIONS" and len(heard.units) > 30)
    assert camera.methods.count("GET_PARAMETER") == 1


# ---- sound that has to be set up

SOUND = (
    "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000/1\r\na=fmtp:97 streamtype=5;profile-level-id=1;"
    "mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408\r\na=control:trackID=2\r\n"
)
PCMA = "m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=control:trackID=2\r\n"


def with_sound_alone(audio: str) -> ScriptedCamera:
    """A camera that sends nothing until both tracks are set up."""
    camera = ScriptedCamera(coded, audio=audio)

    async def play(connection: Connection) -> None:
        since = len(camera.methods) - 1 - camera.methods[::-1].index("DESCRIBE")
        if camera.methods[since:].count("SETUP") == 2:
            await connection.write(interleaved(2, rtp(b"never heard", sequence=1, timestamp=1)))
            await connection.paced(1.2)
            connection.writer.close()

    camera.play = play
    return camera


@pytest.mark.clause("PROG-4.2.4", part="off … at the recorder")
@pytest.mark.parametrize("audio", [SOUND, PCMA], ids=["AAC", "PCMA"])
async def test_a_camera_that_sends_nothing_without_its_sound_gets_it_set_up_and_thrown_away(audio):
    ear, camera = Ear(), with_sound_alone(audio)
    async with camera, following(camera.url, policy=QUICK, sound=ear) as heard:
        await until(lambda: len(heard.losses) >= 2)
        await until(lambda: heard.story[-1] in ("key", "picture"))
    assert asked(camera, "SETUP")[:5] == [f"/stream1/trackID={one}" for one in (1, 1, 2, 1, 2)], "and remembered"
    assert heard.losses[0][0] is LossCause.SILENT
    assert "sound is set up too" in heard.losses[0][1]
    assert Oddity.NEEDS_SOUND in heard.oddities
    assert (ear.units, ear.parameters) == ([], [])


async def test_so_does_one_whose_sound_was_ordered_and_cannot_be_recorded():
    ear, camera = Ear(), with_sound_alone(PCMA)
    async with camera, following(StreamTarget(camera.url, audio=True), policy=QUICK, sound=ear) as heard:
        await until(lambda: len(heard.units) >= 6)
    assert "only AAC is recorded" in ear.none[0]


async def test_a_camera_that_refuses_to_play_without_its_sound_gets_it_at_once():
    camera = ScriptedCamera(coded, audio=SOUND)
    camera.before = lambda r: (
        Answer(455, "Not Valid") if r.method == "PLAY" and camera.methods.count("SETUP") < 3 else None
    )
    async with camera, following(camera.url, policy=QUICK) as heard:
        await until(lambda: Oddity.NEEDS_SOUND in heard.oddities and len(heard.units) == 6)
        assert (camera.connections, heard.losses) == (2, [])


async def test_a_camera_that_sends_nothing_in_any_case_is_not_asked_for_its_sound_again_and_again():
    camera = ScriptedCamera(coded, audio=SOUND, play=lambda connection: asyncio.sleep(0))
    async with camera, following(camera.url, policy=replace(QUICK, retry_first=30)) as heard:
        await until(lambda: len(heard.losses) == 2)
        await asyncio.sleep(0.2)
    assert camera.connections == 2
    assert Oddity.NEEDS_SOUND not in heard.oddities


async def test_a_check_of_such_a_camera_finds_its_pictures_too():
    camera = with_sound_alone(PCMA)
    async with camera:
        seen = await probe(StreamTarget(camera.url), 0.5, QUICK)
    assert seen.ok


# ---- elsewhere, and what a camera asks of us


@pytest.mark.parametrize("status", [301, 302, 303, 305, 307])
@pytest.mark.parametrize("method", ["DESCRIBE", "SETUP", "PLAY"])
async def test_a_redirect_is_not_followed_and_its_address_is_shown_without_credentials(status, method):
    camera = ScriptedCamera(coded)
    location = "Location: rtsp://asha:hunter2@127.0.0.1:1554/s?password=hunter2&ch=1\x7f"
    camera.before = only(method, Answer(status, "Moved", (location,)))
    async with camera, following(StreamTarget(camera.url, "asha", "hunter2"), policy=QUICK) as heard:
        await until(lambda: heard.losses)
    cause, detail = heard.losses[0]
    assert cause is LossCause.REFUSED
    assert detail.endswith("rtsp://127.0.0.1:1554/s?password=...&ch=1?")
    assert "hunter2" not in detail
    assert camera.connections == 1


async def test_a_camera_may_ask_things_of_us_but_not_without_end():
    async def play(connection: Connection) -> None:
        for number in range(connection.camera.asks):
            await connection.write(f"OPTIONS * RTSP/1.0\r\nCSeq: {number}\r\n\r\n".encode())
        await whole_film(connection)

    camera = ScriptedCamera(coded, play=play)
    camera.asks = 60
    assert len((await heard_from(camera)).units) == 6
    camera.asks = 61
    async with camera, following(camera.url, policy=QUICK) as heard:
        await until(lambda: heard.losses)
    assert heard.losses[0][0] is LossCause.PROTOCOL
    assert "more than 60 things a minute" in heard.losses[0][1]


# ---- coming back


async def test_a_camera_that_drops_often_and_is_back_at_once_is_recorded_nearly_whole():
    async def play(connection: Connection) -> None:
        await connection.paced(1.2)
        connection.writer.close()

    camera = ScriptedCamera(coded, play=play)
    policy = replace(QUICK, retry_first=3.0, retry_most=30.0)
    async with camera, following(camera.url, policy=policy) as heard:
        await until(lambda: camera.connections >= 4, 8)
        assert len(heard.units) >= 0.8 * 25 * 3.6


async def test_a_camera_that_accepts_and_dies_at_once_is_not_hammered():
    async def play(connection: Connection) -> None:
        await whole_film(connection)
        connection.writer.close()

    camera = ScriptedCamera(coded, play=play)
    policy = replace(QUICK, retry_first=0.5, retry_most=30)
    async with camera, following(camera.url, policy=policy):
        await asyncio.sleep(2.5)
    assert camera.connections <= 3
