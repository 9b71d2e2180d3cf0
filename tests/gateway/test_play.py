"""Recorded spans over HTTP: the coded bytes as recorded, any part of them, under the ticket's own limits."""

from __future__ import annotations

import asyncio
import socket
from uuid import uuid4

import psutil
import pytest

from footage.times import utc_now
from gateway.conftest import Gateway
from playback.making import BEGIN, HZ, STEP, film, number_of, played


def play(gateway: Gateway, ticket: str, start: float | None = None, end: float | None = None) -> str:
    query = [f"{name}={BEGIN + round(at * HZ)}" for name, at in (("start", start), ("end", end)) if at is not None]
    return f"/footage/play/{ticket}?{'&'.join(query)}"


def review(gateway: Gateway, seconds: float = 3600) -> str:
    return gateway.ticket("review", BEGIN, BEGIN + round(seconds * HZ))


async def test_a_span_across_segments_plays_as_it_was_recorded(gateway: Gateway) -> None:
    gateway.recorded.record(BEGIN, 750)
    answer = await gateway.http.get(play(gateway, review(gateway), 8.5, 21.2))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    seen = played(answer.content)
    assert seen.coded == [coded for coded, _ in film().pictures[200:550]]
    assert seen.numbers == list(range(200, 550))
    assert seen.times_90k == [number * STEP for number in range(200, 550)]  # since the ticket's start
    assert answer.headers["x-start"] == str(BEGIN + 8 * HZ)
    assert answer.headers["x-end"] == str(BEGIN + 22 * HZ)
    assert answer.headers["x-codec"] == film().parameters.rfc6381
    assert "x-next-start" not in answer.headers


async def test_answers_are_for_one_viewer_and_one_site(gateway: Gateway) -> None:
    gateway.recorded.record(BEGIN, 250)
    for answer in (
        await gateway.http.get(play(gateway, review(gateway), 0, 5), headers={"Origin": "https://elsewhere.example"}),
        await gateway.http.get(play(gateway, "nonsense", 0, 5)),
        await gateway.http.get("/footage/elsewhere"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"].startswith(("private", "no-store"))
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_parts_make_up_the_whole(gateway: Gateway) -> None:
    gateway.recorded.record(BEGIN, 250)
    address = play(gateway, review(gateway), 2, 9)
    whole = await gateway.http.get(address)
    size = len(whole.content)
    for first, last in ((0, 0), (10, 2000), (size // 3, size // 2), (size - 5, size + 5)):
        part = await gateway.http.get(address, headers={"Range": f"bytes={first}-{last}"})
        assert part.status_code == 206
        assert part.content == whole.content[first : last + 1]
        assert part.headers["content-range"] == f"bytes {first}-{min(last, size - 1)}/{size}"
        assert part.headers["etag"] == whole.headers["etag"]
    past = await gateway.http.get(address, headers={"Range": f"bytes={size}-"})
    assert (past.status_code, past.json()["code"]) == (416, "bad-range")
    assert past.headers["content-range"] == f"bytes */{size}"


async def test_the_head_tells_what_the_whole_would_be(gateway: Gateway) -> None:
    gateway.recorded.record(BEGIN, 250)
    address = play(gateway, review(gateway), 2, 9)
    whole, head = await gateway.http.get(address), await gateway.http.head(address)
    assert head.content == b""
    for name in ("content-length", "etag", "accept-ranges", "x-start", "x-end", "content-type"):
        assert head.headers[name] == whole.headers[name]


async def test_what_the_viewer_has_is_not_sent_again(gateway: Gateway) -> None:
    gateway.recorded.record(BEGIN, 250)
    address = play(gateway, review(gateway), 2, 9)
    tag = (await gateway.http.get(address)).headers["etag"]
    again = await gateway.http.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = await gateway.http.get(address, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    changed = await gateway.http.get(address, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (changed.status_code, len(changed.content)) == (200, len(other.content))


async def test_a_leading_gap_is_told(gateway: Gateway) -> None:
    gateway.recorded.record(BEGIN + 5 * HZ, 250)
    answer = await gateway.http.get(play(gateway, review(gateway), 0, 8))
    assert answer.headers["x-start"] == str(BEGIN + 5 * HZ)
    assert played(answer.content).times_90k[0] == 5 * HZ


async def test_changed_parameter_sets_end_the_answer_and_name_the_next(gateway: Gateway) -> None:
    gateway.recorded.record(BEGIN, 250)
    gateway.recorded.record(BEGIN + 12 * HZ, 250, run=2, film=film(640, 360, 250))
    ticket = review(gateway)
    first = await gateway.http.get(play(gateway, ticket, 5, 20))
    assert played(first.content).numbers == list(range(125, 250))
    assert first.headers["x-next-start"] == str(BEGIN + 12 * HZ)
    second = await gateway.http.get(play(gateway, ticket, 12, 20))
    assert played(second.content).numbers == list(range(200))
    assert "x-next-start" not in second.headers


async def test_following_the_next_start_always_ends(gateway: Gateway) -> None:
    """Also where the clock was set back and one hour was recorded twice."""
    gateway.recorded.record(BEGIN, 500)
    gateway.recorded.record(BEGIN + 5 * HZ, 500, run=2)
    ticket, at, seen = review(gateway), BEGIN, []
    while True:
        answer = await gateway.http.get(f"/footage/play/{ticket}?start={at}&end={BEGIN + 30 * HZ}")
        seen.append((int(answer.headers["x-start"]), int(answer.headers["x-end"])))
        if "x-next-start" not in answer.headers:
            break
        assert int(answer.headers["x-next-start"]) > at
        at = int(answer.headers["x-next-start"])
    assert seen == [(BEGIN, BEGIN + 20 * HZ), (BEGIN + 20 * HZ, BEGIN + 25 * HZ)]


async def test_the_file_being_written_is_played_as_far_as_it_is_whole(gateway: Gateway) -> None:
    recorded, now = gateway.recorded, utc_now()
    begin = now - 30 * HZ
    rows = recorded.record(begin, 500, leave_open=True)
    (opened,) = recorded.catalogue.open_files(recorded.camera_id)
    path = recorded.store / opened.path
    path.write_bytes(path.read_bytes()[:-50])  # the recorder is in the middle of a fragment
    ticket = gateway.ticket("review", begin - 60 * HZ, begin + 300 * HZ)
    answer = await gateway.http.get(f"/footage/play/{ticket}?start={begin}&end={begin + 40 * HZ}")
    assert played(answer.content).numbers == list(range(475))
    assert rows[-1].end_90k == opened.start_90k


async def test_a_damaged_file_is_shown_as_far_as_it_is_whole(gateway: Gateway) -> None:
    first, second = gateway.recorded.record(BEGIN, 500)
    path = gateway.recorded.store / first.path
    path.write_bytes(path.read_bytes()[:-50])
    answer = await gateway.http.get(play(gateway, review(gateway), 0, 20))
    assert played(answer.content).numbers == [*range(225), *range(250, 500)]
    (gateway.recorded.store / second.path).unlink()
    answer = await gateway.http.get(play(gateway, review(gateway), 0, 20))
    assert played(answer.content).numbers == list(range(225))


@pytest.mark.parametrize(
    ("ticket", "status", "code"),
    [
        ({}, 200, None),
        ({"life": -1}, 403, "expired-ticket"),
        ({"life": 3600}, 403, "bad-ticket"),
        ({"key": b"another"}, 403, "bad-ticket"),
        ({"act": "live"}, 403, "outside-ticket"),
        ({"camera_id": uuid4()}, 404, "no-footage"),
        ({"start": BEGIN + 3 * HZ}, 403, "outside-ticket"),
        ({"end": BEGIN + 3 * HZ}, 403, "outside-ticket"),
    ],
)
@pytest.mark.parametrize("path", ["play", "still"])
async def test_a_ticket_opens_one_camera_one_act_and_one_span(
    gateway: Gateway, path: str, ticket: dict[str, object], status: int, code: str | None
) -> None:
    gateway.recorded.record(BEGIN, 250)
    text = gateway.ticket(**{"act": "review", "start": BEGIN, "end": BEGIN + 3600 * HZ, **ticket})
    at = BEGIN + (2 if "start" in ticket else 4) * HZ
    query = f"start={BEGIN + 2 * HZ}&end={BEGIN + 4 * HZ}" if path == "play" else f"at={at}"
    answer = await gateway.http.get(f"/footage/{path}/{text}?{query}")
    assert answer.status_code == status
    if code is not None:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == code
        assert {"code", "title", "status", "detail"} == set(answer.json())


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("start=abc&end=1", 400, "bad-question"),
        ("start=-5&end=1", 400, "bad-question"),
        ("start=1e9&end=1", 400, "bad-question"),
        ("start=" + "9" * 40, 400, "bad-question"),
        ("start=٣&end=٤", 400, "bad-question"),
        (f"start={BEGIN + 9 * HZ}&end={BEGIN + 8 * HZ}", 400, "bad-span"),
        (f"start={BEGIN}&end={BEGIN + 25 * 3600 * HZ}", 400, "bad-span"),
        (f"start={BEGIN + 20 * HZ}&end={BEGIN + 21 * HZ}", 404, "no-footage"),
        (f"start={10**15}&end={10**15 + 1}", 400, "bad-span"),
    ],
)
async def test_a_question_that_makes_no_sense_is_told_so(gateway: Gateway, query: str, status: int, code: str) -> None:
    gateway.recorded.record(BEGIN, 250)
    ticket = gateway.ticket("review", 0, 10**17)
    answer = await gateway.http.get(f"/footage/play/{ticket}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_fragment_that_begins_before_the_ticket_is_not_shown(gateway: Gateway) -> None:
    gateway.recorded.record(BEGIN, 250)
    half = BEGIN + HZ // 2
    ticket = gateway.ticket("review", half, BEGIN + 3600 * HZ)
    answer = await gateway.http.get(f"/footage/play/{ticket}?start={half}&end={BEGIN + 3 * HZ}")
    assert answer.headers["x-start"] == str(BEGIN + HZ)
    assert played(answer.content).numbers == list(range(25, 75))
    refused = await gateway.http.get(f"/footage/still/{ticket}?at={BEGIN + HZ // 4}")
    assert refused.json()["code"] == "outside-ticket"


async def test_before_anything_was_recorded_there_is_no_footage(gateway: Gateway) -> None:
    answer = await gateway.http.get(play(gateway, review(gateway), 0, 5))
    assert (answer.status_code, answer.json()["code"]) == (404, "no-footage")


async def test_only_reading_is_possible(gateway: Gateway) -> None:
    answer = await gateway.http.post(play(gateway, review(gateway), 0, 5))
    assert (answer.status_code, answer.json()["code"]) == (405, "bad-method")


async def test_a_still_is_the_picture_of_that_moment(gateway: Gateway) -> None:
    gateway.recorded.record(BEGIN, 500)
    ticket = review(gateway)
    answer = await gateway.http.get(f"/footage/still/{ticket}?at={BEGIN + 137 * STEP + 5}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert number_of(answer.content) == 137
    assert answer.headers["x-at"] == str(BEGIN + 137 * STEP)
    small = await gateway.http.get(f"/footage/still/{ticket}?at={BEGIN + 137 * STEP}&width=160")
    assert number_of(small.content) == 137
    assert len(small.content) < len(answer.content)
    for query in ("", "at=x", f"at={BEGIN}&width=1", f"at={BEGIN}&width=99999"):
        bad = await gateway.http.get(f"/footage/still/{ticket}?{query}")
        assert (bad.status_code, bad.json()["code"]) == (400, "bad-question")


async def test_viewers_who_do_not_read_cost_little_and_hold_nobody_up(gateway: Gateway) -> None:
    """Thirty requests for eight megabytes each, unread: what is in flight is bounded by blocks, not by spans."""
    gateway.recorded.record(BEGIN, 250, film=film(640, 360, 250, heavy=True))
    address = play(gateway, review(gateway), 0, 10)
    assert int((await gateway.http.head(address)).headers["content-length"]) > 8 << 20
    before = psutil.Process().memory_info().rss
    idle = [await _ask_and_not_read(gateway, address) for _ in range(30)]
    await asyncio.sleep(0.5)
    grown = psutil.Process().memory_info().rss - before
    whole = await gateway.http.get(address)
    assert len(played(whole.content, decode=False).coded) == 250
    assert grown < 40 << 20
    for connection in idle:
        connection.close()


async def _ask_and_not_read(gateway: Gateway, address: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", gateway.port))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await asyncio.sleep(0)
    return connection
