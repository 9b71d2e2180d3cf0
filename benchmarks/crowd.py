"""A crowd of strangers: what those who are signed in feel of a thousand connections and of fifty sign-ins at once."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import httpx
import psutil

from benchmarks.report import Figure, Result, spread
from benchmarks.size import Size
from benchmarks.stack import Stack, overt

NAME, TITLE = "crowd", "A crowd of strangers before the pages"
EXPECT = "short 2 min, full 6 min"
PAGES = ("/", "/cameras/", "/exhibits/", "/logbook/", "/policy/", "/account/")
HALF = b"POST /sign-in/ HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\nX-Half: "
BODY = b"POST /sign-in/ HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nusername=a&pass"
LONGEST_MS, MOST_TIMES, SMALLEST = 1000.0, 1.2, 0.4


def run(size: Size) -> Result:
    seconds, crowd = size.pick((10, 300), (40, 1000))
    rows: list[dict[str, str | float | int]] = []
    with overt(size) as stack:
        stack.recorded(15)
        web, person = _web(stack), _signed_in(stack)
        for name, gather in _crowds(stack, crowd):
            with gather():
                time.sleep(1)
                took, most = _look(person, web, seconds)
            facts = spread(took)
            rows.append({"crowd": name, "median ms": facts["median"], "p95 ms": facts["p95"], "most ms": facts["most"],
                         "pages": facts["count"], "memory MB": most / 1e6})  # fmt: skip
            time.sleep(3)
        share = _share_on_the_wire(person)
    idle, worst = float(rows[0]["memory MB"]), max(float(row["memory MB"]) for row in rows)
    slowest = max(float(row["p95 ms"]) for row in rows)
    figures = [
        Figure("a signed-in page, 95th percentile", f"{slowest:.0f} ms", "under 1 s", slowest < LONGEST_MS),
        Figure("memory against idle", f"{worst / idle:.2f}x", "under 1.2x", worst / idle < MOST_TIMES),
        Figure("pages over the wire", f"{share:.2f}x", "at most 0.4x of plain", share <= SMALLEST),
    ]
    setting = f"{crowd:,} strangers of one address, {seconds} s each; the signed-in person asks from that address, too."
    return Result(NAME, TITLE, setting, rows, figures)


def _crowds(stack: Stack, crowd: int) -> Iterator[tuple[str, Callable[[], ExitStack]]]:
    def held(said: bytes) -> Callable[[], ExitStack]:
        def gather() -> ExitStack:
            everybody = ExitStack()
            everybody.enter_context(_holding(stack, crowd, said))
            return everybody

        return gather

    def busy(ask: Callable[[httpx.Client, int], object], many: int) -> Callable[[], ExitStack]:
        def gather() -> ExitStack:
            everybody = ExitStack()
            everybody.enter_context(_asking(stack, ask, many))
            return everybody

        return gather

    yield "nobody", ExitStack
    yield f"{crowd:,} silent connections", held(b"")
    yield f"{crowd:,} half-sent heads", held(HALF)
    yield f"{crowd:,} half-sent bodies", held(BODY)
    yield "50 asking for the sign-in page", busy(lambda client, _: client.get("/sign-in/"), 50)
    yield "50 signing in at once", busy(_try, 50)


def _try(client: httpx.Client, number: int) -> None:
    page = client.get("/sign-in/")
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    form = {"username": f"guess{number}", "password": "not this one", "csrfmiddlewaretoken": found[1] if found else ""}
    client.post("/sign-in/", data=form, headers={"Referer": str(page.url)})


@contextmanager
def _holding(stack: Stack, crowd: int, said: bytes) -> Iterator[None]:
    """So many connections that say this and no more, each opened again as it is closed."""
    parts, stop = urlsplit(stack.address), threading.Event()

    def hold() -> None:
        ones: list[socket.socket] = []
        while not stop.is_set():
            for _ in range(min(50, crowd - len(ones))):
                try:
                    one = socket.create_connection((parts.hostname or "", parts.port or 80), 2)
                    one.sendall(said)
                    one.setblocking(False)
                    ones.append(one)
                except OSError:
                    continue
            ones = [one for one in ones if not _is_closed(one)]
            stop.wait(0.05)
        for one in ones:
            one.close()

    thread = threading.Thread(target=hold)
    thread.start()
    yield
    stop.set()
    thread.join()


def _is_closed(one: socket.socket) -> bool:
    try:
        closed = one.recv(4096) == b""
    except BlockingIOError:
        return False
    except OSError:
        closed = True
    if closed:
        one.close()
    return closed


@contextmanager
def _asking(stack: Stack, ask: Callable[[httpx.Client, int], object], many: int) -> Iterator[None]:
    """So many strangers who ask, wait for the answer, and ask again."""
    stop = threading.Event()

    def keep_on(number: int) -> None:
        with httpx.Client(base_url=stack.address, timeout=30.0) as client:
            while not stop.is_set():
                try:
                    ask(client, number)
                except httpx.HTTPError:
                    stop.wait(0.2)

    threads = [threading.Thread(target=keep_on, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    yield
    stop.set()
    for thread in threads:
        thread.join()


def _look(person: httpx.Client, web: psutil.Process, seconds: float) -> tuple[list[float], int]:
    """Milliseconds of each page that a signed-in person opened, and the most memory the web process had."""
    took, most, ends, number = [], 0, time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        began = time.perf_counter()
        took.append((time.perf_counter() - began) * 1000 if _opens(person, PAGES[number % len(PAGES)]) else 60_000.0)
        most, number = max(most, web.memory_info().rss), number + 1
        time.sleep(0.1)
    return took, most


def _opens(person: httpx.Client, path: str) -> bool:
    """Whether the page comes; on another connection, as a browser does, where the one that rested was closed."""
    for _ in range(2):
        try:
            return person.get(path).status_code == 200
        except httpx.TransportError:
            continue
    return False


def _share_on_the_wire(person: httpx.Client) -> float:
    """Bytes of all pages and their own files as a browser gets them, against the same uncompressed."""
    packed = plain = 0
    for path in (*PAGES, "/static/overt/overt.css", "/static/overt/page.js", "/static/overt/watch.js"):
        for takes in ("gzip", "identity"):
            with person.stream("GET", path, headers={"Accept-Encoding": takes}) as answer:
                size = sum(len(piece) for piece in answer.iter_raw())
            if takes == "gzip":
                packed += size
            else:
                plain += size
    return packed / plain


def _web(stack: Stack) -> psutil.Process:
    port = str(urlsplit(stack.address).port)
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "overt.up.web" in words and port in words:
            return process
    raise RuntimeError("the web process is not there")


def _signed_in(stack: Stack) -> httpx.Client:
    client = httpx.Client(base_url=stack.address, timeout=60.0)
    page = client.get("/sign-in/")
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    form = {"username": "dev", "password": stack.password, "csrfmiddlewaretoken": found[1] if found else ""}
    answer = client.post("/sign-in/", data=form, headers={"Referer": str(page.url)})
    if answer.status_code != 302:
        raise RuntimeError(f"could not sign in: {answer.status_code}")
    return client
