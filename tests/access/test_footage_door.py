"""The gateway's side of the door: without a signed address no byte of video leaves, whoever asks."""

from __future__ import annotations

import httpx
import pytest

from world import World

PATHS = ["/footage/play/nothing", "/footage/still/nothing", "/footage/play/e30.c2lnbmVk?start=0&end=1", "/footage/"]


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
    """The gateway knows no sessions: what it honours is the address alone, and that names one camera and one act."""
    from asgiref.sync import async_to_sync

    from overt.asgi import build

    async def ask() -> int:
        transport = httpx.ASGITransport(build())
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.get(f"/footage/play/{world.camera('127').pk}?start=0&end=90000")).status_code

    assert async_to_sync(ask)() in {401, 403}
