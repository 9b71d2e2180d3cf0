"""The limits before Django: bodies, lanes, failed sign-ins, compression. Asked as a server would ask them."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from overt.shared.session_keys import is_ours, new_key, row_key
from overt.web.limits.asgi import Asgi, Message, Receive, Scope, Send
from overt.web.limits.bodies import MIB, PERSON_BYTES, SCRIPT_BYTES, STRANGER_BYTES, Bodies, Uploads, matcher
from overt.web.limits.compression import Compression, Kept
from overt.web.limits.lanes import Full, Lane, Lanes
from overt.web.limits.sign_ins import Buckets, SignIns
from overt.web.limits.visitors import Visitors

SECRET = "of this installation"
VISITORS = Visitors("sessionid", SECRET, ["10.0.0.0/8"])


@dataclass
class Answer:
    """What came back; `asked` is the body that the application read, None where it was not asked."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    asked: bytes | None = None

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["code"])


def scope_of(path: str = "/", method: str = "POST", *, client: str = "192.0.2.7", **headers: str) -> Scope:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "path": path, "method": method, "headers": pairs, "client": (client, 4711)}


async def ask(app: Asgi, scope: Scope, pieces: Sequence[bytes] = (b"",), *, slow_s: float = 0.0) -> Answer:
    """One request whose body comes in these pieces, with a pause before each."""
    answer, left = Answer(), list(pieces)

    async def receive() -> Message:
        await asyncio.sleep(slow_s)
        if not left:
            await asyncio.sleep(3600)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message["body"]

    scope["answer"] = answer
    await app(scope, receive, send)
    return answer


def replying(status: int = 200, body: bytes = b"well", **headers: str) -> Asgi:
    """An application that reads its body whole and answers."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        read, more = b"", True
        while more:
            message = await receive()
            read, more = read + message["body"], message["more_body"]
        scope["answer"].asked = read
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return app


def signed(**more: str) -> dict[str, str]:
    return {"cookie": f"a=b; sessionid={new_key(SECRET)}", **more}


# ---- who may be asking


def test_a_session_key_is_known_for_ours_and_only_its_digest_is_kept() -> None:
    key = new_key(SECRET)
    assert is_ours(key, SECRET)
    assert not is_ours(key, "of another")
    assert not is_ours(("y" if key[0] == "x" else "x") + key[1:], SECRET)
    assert not is_ours("", SECRET)
    assert len(key) <= 40
    assert len(row_key(key)) <= 40, "a session's row has room for 40 characters"
    assert key not in row_key(key)


def test_a_visitor_is_told_by_address_and_by_the_mark_of_the_session() -> None:
    assert VISITORS.of(scope_of(**signed())).known
    assert not VISITORS.of(scope_of(cookie="sessionid=" + "a" * 40)).known
    assert not VISITORS.of(scope_of(cookie='"; =;;')).known
    assert not VISITORS.of(scope_of()).known


@pytest.mark.parametrize(
    ("client", "forwarded", "network"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "203.0.113.1", "192.0.2.7"),  # nobody's proxy
        ("10.0.0.1", "198.51.100.4, 203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "203.0.113.1, 10.0.0.2", "203.0.113.1"),
        ("::ffff:10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "x" * 9000, "10.0.0.1"),
        ("2001:db8:1:2::7", "", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "", "192.0.2.7"),
    ],
)
def test_an_address_counts_as_what_one_subscriber_has(client: str, forwarded: str, network: str) -> None:
    assert VISITORS.of(scope_of(client=client, x_forwarded_for=forwarded)).network == network


# ---- bodies


def bodies(app: Asgi | None = None, **more: Any) -> Bodies:
    uploads = Uploads.from_templates({"exhibits/<str:reference>/hand-over/": 11 * MIB})
    return Bodies(app or replying(), VISITORS, uploads, **more)


@pytest.mark.parametrize(
    ("path", "headers", "most"),
    [
        ("/sign-in/", {}, STRANGER_BYTES),
        ("/exhibits/JD-7/hand-over/", {}, STRANGER_BYTES),
        ("/api/v1/exhibits", {"authorization": "Bearer overt_x"}, SCRIPT_BYTES),
        ("/sign-in/", {"authorization": "Bearer overt_x"}, STRANGER_BYTES),
        ("/policy/draft/", signed(), PERSON_BYTES),
        ("/exhibits/JD-7/hand-over/", signed(), 11 * MIB),
        ("/exhibits/JD-7/deeper/hand-over/", signed(), PERSON_BYTES),
    ],
)
async def test_a_body_up_to_the_limit_is_taken_and_one_beyond_it_is_not(
    path: str, headers: dict[str, str], most: int
) -> None:
    said = await ask(bodies(), scope_of(path, **headers, content_length=str(most)), [b"x" * most])
    assert (said.status, len(said.asked or b"")) == (200, most)
    refused = await ask(bodies(), scope_of(path, **headers, content_length=str(most + 1)), [b"x"])
    assert (refused.status, refused.asked) == (413, None)
    assert refused.headers["connection"] == "close", "what is still on its way is read by nobody"
    # Without a length, by what comes.
    half = most // 2 + 1
    chunked = scope_of(path, **headers, transfer_encoding="chunked")
    assert (await ask(bodies(), chunked, [b"x" * half, b"x" * half])).status == 413


async def test_a_refusal_is_a_problem_for_scripts_and_a_page_for_people() -> None:
    script = await ask(bodies(), scope_of("/api/v1/exhibits", content_length="99999999"))
    assert (script.status, script.code) == (413, "too-large")
    page = await ask(bodies(), scope_of("/sign-in/", content_length="99999999"))
    assert page.headers["content-type"].startswith("text/html")
    assert b"16 KiB" in page.body


async def test_a_body_that_dawdles_is_given_up_and_one_that_flows_is_not() -> None:
    patient = bodies(patience_s=0.2)
    dripped = await ask(patient, scope_of(transfer_encoding="chunked"), [b"x"] * 50, slow_s=0.02)
    assert (dripped.status, dripped.asked) == (408, None)
    # 8 KiB a second buys time: 100 KiB are allowed twelve seconds.
    flowing = await ask(patient, scope_of(**signed(transfer_encoding="chunked")), [b"x" * 10_240] * 20, slow_s=0.02)
    assert (flowing.status, len(flowing.asked or b"")) == (200, 204_800)


async def test_a_request_without_a_body_goes_through_at_once() -> None:
    assert (await ask(bodies(), scope_of(method="GET"))).status == 200


async def test_somebody_who_hangs_up_in_the_middle_is_not_worked_for() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError("there is nobody to answer")

    scope = scope_of(content_length="10")
    scope["answer"] = Answer()
    await bodies()(scope, receive, send)
    assert scope["answer"].asked is None


def test_a_template_matches_its_addresses_and_no_others() -> None:
    matches = matcher(["sign-in/", "exhibits/<str:reference>/copies/<int:number>/test/"])
    assert matches("/sign-in/")
    assert matches("/exhibits/a.b c/copies/3/test/")
    assert not matches("/sign-in/x")
    assert not matches("/exhibits/a/b/copies/3/test/")


# ---- lanes


async def test_so_many_are_let_in_and_the_rest_take_turns_by_address() -> None:
    lane, order = Lane(at_once=1, waiting=10, patience_s=5), []

    async def one(name: str, network: str) -> None:
        async with lane.turn(network):
            order.append(name)
            await asyncio.sleep(0)

    await asyncio.gather(*(one(name, name[0]) for name in ("a1", "a2", "a3", "a4", "b1", "c1")))
    assert order == ["a1", "a2", "b1", "c1", "a3", "a4"], "whoever comes alone does not wait behind a crowd"
    assert lane._inside == 0


async def test_where_too_many_wait_the_longest_line_loses_its_last() -> None:
    lane = Lane(at_once=1, waiting=3, patience_s=5)
    let_in = asyncio.Event()

    async def one(network: str) -> str:
        try:
            async with lane.turn(network):
                await let_in.wait()
                return network
        except Full:
            return f"{network} full"

    crowd = [asyncio.create_task(one("a")) for _ in range(6)]
    await asyncio.sleep(0)
    alone = asyncio.create_task(one("b"))
    await asyncio.sleep(0.01)
    let_in.set()
    assert await alone == "b"
    assert sorted(await asyncio.gather(*crowd)) == ["a", "a", "a", "a full", "a full", "a full"]
    assert lane._inside == 0


async def test_nobody_waits_for_ever_and_a_turn_that_comes_too_late_is_given_on() -> None:
    lane = Lane(at_once=1, waiting=10, patience_s=0.05)

    async def wait() -> None:
        async with lane.turn("b"):
            pass

    async with lane.turn("a"):
        with pytest.raises(Full):
            await wait()
        gone = asyncio.create_task(wait())
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
    async with asyncio.timeout(1):
        await wait()
    assert (lane._inside, lane._lines) == (0, {})


async def test_strangers_never_stand_before_those_who_are_signed_in() -> None:
    hold = asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if b"cookie" not in dict(scope["headers"]):
            await hold.wait()
        await replying()(scope, receive, send)

    strangers = Lane(at_once=1, waiting=1, patience_s=5)
    lanes = Lanes(slow, VISITORS, matcher(["sign-in/"]), strangers=strangers)
    waiting = [asyncio.create_task(ask(lanes, scope_of(method="GET"))) for _ in range(3)]
    await asyncio.sleep(0)
    assert (await ask(lanes, scope_of(method="GET", **signed()))).status == 200
    hold.set()
    answers = await asyncio.gather(*waiting)
    assert sorted(answer.status for answer in answers) == [200, 200, 503]
    refused = next(answer for answer in answers if answer.status == 503)
    assert refused.headers["retry-after"] == "5"


async def test_passwords_are_hashed_a_few_at_a_time_whoever_asks() -> None:
    inside, most = 0, 0

    async def hashing(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.005)
        inside -= 1
        await replying()(scope, receive, send)

    lanes = Lanes(hashing, VISITORS, matcher(["sign-in/"]), passwords=Lane(at_once=2, waiting=60, patience_s=5))
    answers = await asyncio.gather(*(ask(lanes, scope_of("/sign-in/", **signed())) for _ in range(50)))
    assert {answer.status for answer in answers} == {200}
    assert most == 2
    most = 0
    await asyncio.gather(*(ask(lanes, scope_of("/sign-in/", "GET", **signed())) for _ in range(10)))
    assert most == 10, "looking at the page costs no hash"


async def test_a_long_answer_keeps_nobody_waiting() -> None:
    lane = Lane(at_once=1, waiting=1, patience_s=1)
    rest = asyncio.Event()

    async def download(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await rest.wait()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    lanes = Lanes(download, VISITORS, matcher([]), strangers=lane)
    downloads = [asyncio.create_task(ask(lanes, scope_of(method="GET"))) for _ in range(5)]
    await asyncio.sleep(0.01)
    rest.set()
    assert {answer.status for answer in await asyncio.gather(*downloads)} == {200}


# ---- failed sign-ins


class Telling:
    def __init__(self) -> None:
        self.told: list[dict[str, int]] = []

    async def __call__(self, tries: Mapping[str, int]) -> None:
        self.told.append(dict(tries))


def sign_ins(app: Asgi, tell: Telling, *, now: list[float], tries: int = 3) -> SignIns:
    buckets = Buckets(tries=tries, refill_s=10.0, clock=lambda: now[0])
    return SignIns(app, VISITORS, tell, buckets=buckets, tell_every_s=0.02)


async def test_an_address_has_so_many_failures_and_is_then_refused_unread() -> None:
    now, tell = [100.0], Telling()
    door = sign_ins(replying(422), tell, now=now)
    statuses = [(await ask(door, scope_of("/sign-in/"))).status for _ in range(5)]
    assert statuses == [422, 422, 422, 429, 429]
    refused = await ask(door, scope_of("/sign-in/"))
    assert refused.asked is None
    assert 1 <= int(refused.headers["retry-after"]) <= 11
    assert (await ask(door, scope_of("/sign-in/", client="192.0.2.8"))).status == 422, "another address has its own"
    assert (await ask(door, scope_of("/sign-in/", "GET"))).status == 422, "the page itself opens"
    now[0] += 10.0
    assert [(await ask(door, scope_of("/sign-in/"))).status for _ in range(2)] == [422, 429], "one more after a while"


async def test_refused_tries_are_told_together_and_not_one_by_one() -> None:
    now, tell = [100.0], Telling()
    door = sign_ins(replying(422), tell, now=now)
    for _ in range(40):
        await ask(door, scope_of("/sign-in/"))
    for _ in range(5):
        await ask(door, scope_of("/sign-in/", client="192.0.2.9"))
    await asyncio.sleep(0.05)
    assert tell.told == [{"192.0.2.7": 37, "192.0.2.9": 2}]
    await asyncio.sleep(0.05)
    assert len(tell.told) == 1, "nothing more happened, so nothing more is said"


async def test_a_control_room_behind_one_address_signs_in_as_often_as_it_likes() -> None:
    door = sign_ins(replying(302), Telling(), now=[100.0])
    assert {(await ask(door, scope_of("/sign-in/"))).status for _ in range(20)} == {302}


async def test_many_tries_at_once_have_no_more_than_their_share() -> None:
    door = sign_ins(replying(422), Telling(), now=[100.0])
    answers = await asyncio.gather(*(ask(door, scope_of("/sign-in/")) for _ in range(50)))
    assert sorted(answer.status for answer in answers).count(422) == 3


async def test_a_note_that_cannot_be_written_is_not_lost() -> None:
    now, tell = [100.0], Telling()

    async def broken(tries: Mapping[str, int]) -> None:
        if not tell.told:
            tell.told.append({})
            raise OSError("the disk is full")
        await tell(tries)

    door = sign_ins(replying(422), tell, now=now)
    door.tell = broken
    for _ in range(5):
        await ask(door, scope_of("/sign-in/"))
    await asyncio.sleep(0.05)
    await ask(door, scope_of("/sign-in/"))
    await asyncio.sleep(0.05)
    assert tell.told == [{}, {"192.0.2.7": 3}]


# ---- compression

PAGE = b"<p>The same words again.</p>" * 200


async def test_text_is_smaller_on_the_wire_and_the_same_after_it() -> None:
    app = Compression(replying(200, PAGE, content_type="text/html; charset=utf-8", content_length=str(len(PAGE))))
    said = await ask(app, scope_of(method="GET", accept_encoding="br, gzip"))
    assert gzip.decompress(said.body) == PAGE
    assert said.headers["content-encoding"] == "gzip"
    assert int(said.headers["content-length"]) == len(said.body) < len(PAGE) / 10
    assert said.headers["vary"] == "Accept-Encoding"
    plain = await ask(app, scope_of(method="GET"))
    assert plain.body == PAGE
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding", "a cache must not give one the other's"


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, PAGE, {"content_type": "application/zip"}),
        (200, PAGE, {"content_type": "image/jpeg"}),
        (200, PAGE, {"content_type": "text/html", "content_encoding": "br"}),
        (206, PAGE, {"content_type": "text/html"}),
        (200, b"short", {"content_type": "text/html"}),
    ],
)
async def test_what_gains_nothing_is_left_as_it_is(status: int, body: bytes, headers: dict[str, str]) -> None:
    app = Compression(replying(status, body, **headers))
    said = await ask(app, scope_of(method="GET", accept_encoding="gzip"))
    assert said.body == body
    assert said.headers.get("content-encoding", "") == headers.get("content_encoding", "")


async def test_lengths_of_the_same_page_differ_so_that_they_say_less() -> None:
    app = Compression(replying(200, PAGE, content_type="text/html"))
    lengths = {len((await ask(app, scope_of(method="GET", accept_encoding="gzip"))).body) for _ in range(30)}
    assert len(lengths) > 5


async def test_a_kept_file_is_packed_once_and_anew_when_it_changes() -> None:
    kept = Kept()
    for tag in ('"1"', '"1"', '"2"'):
        app = Compression(replying(200, PAGE, content_type="text/css", etag=tag), kept)
        said = await ask(app, scope_of("/static/a.css", "GET", accept_encoding="gzip"))
        assert gzip.decompress(said.body) == PAGE
        assert said.headers["etag"] == f"W/{tag}"
    assert len(kept._packed) == 2
