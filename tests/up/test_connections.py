"""Connections as strangers hold them: too many, too slow, too wordy, never reading. Over real sockets, on real uvicorn."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn

from overt.up.connections import Guarded, House, guarded

BIG = b"x" * 20_000_000


async def application(scope: Any, receive: Any, send: Any) -> None:
    """`/big` is more than any buffer takes; all else is a word."""
    if scope["type"] != "http":
        return
    body = BIG if scope["path"] == "/big" else b"well"
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for at in range(0, len(body), 65_536):
        more = at + 65_536 < len(body)
        await send({"type": "http.response.body", "body": body[at : at + 65_536], "more_body": more})


class Server:
    def __init__(self, house: House, **limits: float) -> None:
        self.house = house
        protocol = guarded(house)
        for name, value in limits.items():
            setattr(protocol, name, value)
        config = uvicorn.Config(
            application, port=0, http=protocol, lifespan="off", log_level="critical", timeout_keep_alive=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        until(lambda: self._server.started)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)

    def connect(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), 5)
        made.settimeout(5)
        return made

    def get(self, path: str = "/") -> bytes:
        with contextlib.closing(self.connect()) as one:
            one.sendall(b"GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % path.encode())
            return everything(one)


def until(what: Callable[[], bool], seconds: float = 5.0) -> None:
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.01)


def everything(one: socket.socket) -> bytes:
    """All that comes until the other side closes; nothing more after a reset."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := one.recv(65_536):
            found += piece
    return found


def is_closed(one: socket.socket) -> bool:
    one.setblocking(False)
    try:
        return one.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def start(most: int = 50, most_of_one: int = 50, proxies: tuple[str, ...] = (), **limits: float) -> Server:
        made.append(Server(House(most=most, most_of_one=most_of_one, proxies=proxies), **limits))
        made[-1].start()
        return made[-1]

    yield start
    for one in made:
        one.stop()


def test_a_request_said_in_time_is_answered(serve: Callable[..., Server]) -> None:
    server = serve(head_seconds=0.5)
    assert server.get().endswith(b"well")
    with contextlib.closing(server.connect()) as one:  # in pieces, and twice on one connection
        for _ in range(2):
            for piece in (b"GET / HT", b"TP/1.1\r\nHost:", b" a\r\n\r\n"):
                one.sendall(piece)
                time.sleep(0.05)
            assert b"200 OK" in one.recv(1000)


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: a\r\n", b"GE"])
def test_half_a_request_is_given_up(said: bytes, serve: Callable[..., Server]) -> None:
    server = serve(head_seconds=0.3)
    with contextlib.closing(server.connect()) as one:
        one.sendall(said)
        began = time.monotonic()
        assert everything(one).startswith(b"HTTP/1.1 408 ")
        assert 0.2 < time.monotonic() - began < 2.0
    until(lambda: server.house._count == 0)


def test_a_header_a_second_for_ever_is_given_up_too(serve: Callable[..., Server]) -> None:
    server = serve(head_seconds=0.4)
    with contextlib.closing(server.connect()) as one:
        one.sendall(b"GET / HTTP/1.1\r\n")
        began = time.monotonic()
        with contextlib.suppress(OSError):
            for number in range(100):
                one.sendall(b"X-%d: a\r\n" % number)
                time.sleep(0.05)
        assert time.monotonic() - began < 3.0
    until(lambda: server.house._count == 0)


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 40_000,  # one that never ends
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(6000)) + b"\r\n",
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX: " + b"a" * 40_000 + b"\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
    ],
)
def test_a_head_without_end_is_refused(said: bytes, serve: Callable[..., Server]) -> None:
    server = serve()
    with contextlib.closing(server.connect()) as one:
        one.sendall(said)
        assert everything(one).startswith((b"HTTP/1.1 431 ", b""))
    until(lambda: server.house._count == 0)
    assert server.get().endswith(b"well")


def test_where_the_house_is_full_the_oldest_silent_one_goes_and_the_newcomer_is_served(
    serve: Callable[..., Server],
) -> None:
    server = serve(most=20)
    silent = [server.connect() for _ in range(60)]
    assert server.get().endswith(b"well")
    until(lambda: server.house._count <= 20)
    assert [is_closed(one) for one in silent[:40]] == [True] * 40
    assert not is_closed(silent[-1])
    for one in silent:
        one.close()


def test_who_was_served_before_keeps_the_connection_while_a_crowd_says_nothing(serve: Callable[..., Server]) -> None:
    server = serve(most=20, most_of_one=10)
    with contextlib.closing(server.connect()) as kept:
        kept.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"well" in kept.recv(1000)
        crowd = [server.connect() for _ in range(60)]
        until(lambda: server.house._count <= 10)
        kept.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"well" in kept.recv(1000)
        for one in crowd:
            one.close()


def test_a_newcomer_is_served_where_all_others_were_served_and_rest(serve: Callable[..., Server]) -> None:
    server = serve(most=20, most_of_one=5)
    resting = [server.connect() for _ in range(5)]
    for one in resting:
        one.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"well" in one.recv(1000)
    with contextlib.closing(server.connect()) as newcomer:
        until(lambda: is_closed(resting[0]))
        newcomer.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"well" in newcomer.recv(1000)
    assert [is_closed(one) for one in resting[1:]] == [False] * 4
    for one in resting:
        one.close()


def test_one_address_cannot_have_all_and_a_proxy_is_everybody(serve: Callable[..., Server]) -> None:
    server = serve(most=40, most_of_one=5)
    ones = [server.connect() for _ in range(20)]
    until(lambda: server.house._count == 5)
    proxied = serve(most=40, most_of_one=5, proxies=("127.0.0.0/8",))
    others = [proxied.connect() for _ in range(20)]
    until(lambda: proxied.house._count == 20)
    for one in (*ones, *others):
        one.close()


def test_who_never_reads_an_answer_is_hung_up_on(serve: Callable[..., Server]) -> None:
    server = serve(stuck_seconds=0.3)
    with contextlib.closing(server.connect()) as one:
        one.sendall(b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
        until(lambda: server.house._count == 1)
        until(lambda: server.house._count == 0, seconds=10)


def test_who_reads_slowly_gets_it_all(serve: Callable[..., Server]) -> None:
    server = serve(stuck_seconds=1.0)
    with contextlib.closing(server.connect()) as one:
        one.sendall(b"GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        got = 0
        while piece := one.recv(1_000_000):
            got += len(piece)
            time.sleep(0.02)
    assert got > len(BIG)


def test_no_connection_is_counted_after_it_is_gone(serve: Callable[..., Server]) -> None:
    server = serve()
    for _ in range(30):
        server.get()
        server.connect().close()
    until(lambda: server.house._count == 0)
    assert server.house._held == {}
    assert issubclass(guarded(server.house), Guarded)
