"""The gateway's side of the door: without a signed address no byte of video leaves, whoever asks."""

from __future__ import annotations

import time
from uuid import uuid4

import httpx
import pytest

from footage.gateway.tickets import Ticket, TicketAct, sign
from overt.shared.keys import ticket_key
from world import World

PATHS = ["/footage/play/nothing", "/footage/still/nothing", "/footage/play/e30.c2lnbmVk?start=0&end=1", "/footage/"]


@pytest.fixture(autouse=True)
def nothing_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a good address was given for stands: here it is the address alone that is tried."""
    monkeypatch.setattr("overt.watch.standing.ended", lambda tickets: set())


@pytest.mark.clause(
    "HERTS-2.1", part="an account without one is refused at the video gateway, not merely hidden in the interface"
)
@pytest.mark.parametrize("path", PATHS)
async def test_a_stranger_without_a_signed_address_gets_no_footage(path: str) -> None:
    from overt.asgi import build

    async with httpx.AsyncClient(transport=httpx.ASGITransport(build()), base_url="http://localhost") as stranger:
        answer = await stranger.get(path)
    assert answer.status_code in ({404} if path == "/footage/" else {401, 403})
    assert not answer.headers["Content-Type"].startswith(("video/", "image/"))


@pytest.mark.clause(
    "HERTS-2.1", part="an account without one is refused at the video gateway, not merely hidden in the interface"
)
@pytest.mark.django_db
def test_being_signed_in_is_no_signed_address(world: World) -> None:
    """A session opens nothing by itself at the gateway: an address names one camera and one act, and is signed."""
    from asgiref.sync import async_to_sync

    from overt.asgi import build

    async def ask() -> int:
        transport = httpx.ASGITransport(build())
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.get(f"/footage/play/{world.camera('127').pk}?start=0&end=90000")).status_code

    assert async_to_sync(ask)() in {401, 403}


def address(*, key: bytes = b"", life: int = 300, act: str = TicketAct.REVIEW) -> str:
    """The address of a camera's whole recordings, by a ticket of the scheme's unless told otherwise."""
    ticket = Ticket(uuid4(), act, 0, 2**50, int(time.time()) + life, "asha")
    return f"/footage/play/{sign(ticket, key or ticket_key())}?start=0&end=90000"


def changed(path: str) -> str:
    """The same address with one letter of its signature changed."""
    head, _, question = path.partition("?")
    return f"{head[:-5]}{'A' if head[-5] != 'A' else 'B'}{head[-4:]}?{question}"


@pytest.mark.clause(
    "HERTS-2.1", part="an account without one is refused at the video gateway, not merely hidden in the interface"
)
async def test_an_address_that_the_scheme_did_not_sign_or_that_is_over_opens_nothing() -> None:
    from overt.asgi import build

    good = address()
    unsigned = f"{good.split('.')[0]}.?start=0&end=90000"
    refused = [address(key=b"another key"), address(life=-1), changed(good), unsigned, address(act=TicketAct.LIVE)]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build()), base_url="http://localhost") as client:
        assert (await client.get(good)).status_code == 404, "let in, to a camera without recordings"
        assert [(await client.get(path)).status_code in {401, 403} for path in refused] == [True] * len(refused)
