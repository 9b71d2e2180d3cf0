"""The supervisor: a child that dies is started again, its neighbours are left alone, a stop ends them in order."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path

from overt.up.supervisor import Child, Supervisor

WAIT = """
import os, signal, sys, time
def stop(*_):
    with open(sys.argv[2], "a") as book: book.write(sys.argv[1] + " stopped\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
with open(sys.argv[2], "a") as book: book.write(f"{sys.argv[1]} {os.getpid()}\\n")
while True: time.sleep(0.05)
"""


def child(name: str, book: Path) -> Child:
    return Child(name, [sys.executable, "-c", WAIT, name, str(book)])


async def lines(book: Path, count: int) -> list[str]:
    for _ in range(400):
        found = book.read_text(encoding="ascii").splitlines() if book.exists() else []
        if len(found) >= count:
            return found
        await asyncio.sleep(0.025)
    raise AssertionError(f"{count} lines were expected, {found} came")


async def test_a_killed_child_comes_back_and_its_neighbour_never_notices(tmp_path: Path) -> None:
    book = tmp_path / "book"
    supervisor = Supervisor([child("node", book), child("web", book)])
    running = asyncio.create_task(supervisor.run())
    first = dict(line.split() for line in await lines(book, 2))
    os.kill(int(first["web"]), 9)
    again = (await lines(book, 3))[2].split()
    assert again[0] == "web"
    assert again[1] != first["web"]
    os.kill(int(first["node"]), 0)  # still there
    supervisor.stopping.set()
    await running


async def test_a_stop_ends_the_web_before_the_node(tmp_path: Path) -> None:
    book = tmp_path / "book"
    supervisor = Supervisor([child("node", book), child("worker", book), child("web", book)])
    running = asyncio.create_task(supervisor.run())
    await lines(book, 3)
    supervisor.stopping.set()
    await running
    assert (await lines(book, 6))[3:] == ["web stopped", "worker stopped", "node stopped"]


async def test_the_next_child_waits_until_the_first_one_listens(tmp_path: Path) -> None:
    book = tmp_path / "book"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    late = f"import socket, time; time.sleep(0.4); s = socket.create_server(('127.0.0.1', {port}))\n"
    late += f"open({str(book)!r}, 'a').write('listens\\n'); time.sleep(60)"
    supervisor = Supervisor([Child("cameras", [sys.executable, "-c", late], ready_port=port), child("node", book)])
    running = asyncio.create_task(supervisor.run())
    assert (await lines(book, 2))[0] == "listens"
    supervisor.stopping.set()
    await running


async def test_it_says_when_every_child_that_has_a_port_listens_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    listens = f"import socket, time; time.sleep(0.4); s = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"
    said: list[bool] = []
    supervisor = Supervisor(
        [child("node", tmp_path / "book"), Child("web", [sys.executable, "-c", listens], ready_port=port)],
        lambda: said.append(True),
    )
    running = asyncio.create_task(supervisor.run())
    await asyncio.sleep(0.2)
    assert said == []
    for _ in range(200):
        await asyncio.sleep(0.05)
        if said:
            break
    assert said == [True]
    socket.create_connection(("127.0.0.1", port), 1).close()
    supervisor.stopping.set()
    await running


async def test_children_end_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    book = tmp_path / "book"
    script = (
        "import asyncio, sys; from overt.up.supervisor import Child, Supervisor\n"
        f"asyncio.run(Supervisor([Child('node', [sys.executable, '-c', {WAIT!r}, 'node', {str(book)!r}])]).run())"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    await lines(book, 1)
    process.kill()
    await process.wait()
    assert (await lines(book, 2))[1] == "node stopped"
