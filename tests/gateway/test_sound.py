"""The address of a recording's sound: for whoever may review, inside the ticket, and only where there is some."""

from __future__ import annotations

import io

import av

from gateway.conftest import Gateway
from playback.making import BEGIN, HZ, Recorded


def kinds(mp4: bytes) -> list[str]:
    with av.open(io.BytesIO(mp4), format="mp4") as container:
        return [stream.type for stream in container.streams]


async def test_pictures_and_sound_have_an_address_each(gateway: Gateway, recorded: Recorded) -> None:
    recorded.record(BEGIN, 250, sound=True)
    ticket = gateway.ticket(start=BEGIN, end=BEGIN + 60 * HZ)
    span = {"start": BEGIN + HZ, "end": BEGIN + 5 * HZ}
    pictures = await gateway.http.get(f"/footage/play/{ticket}", params=span)
    sound = await gateway.http.get(f"/footage/sound/{ticket}", params=span)
    assert (pictures.status_code, kinds(pictures.content)) == (200, ["video"])
    assert (sound.status_code, kinds(sound.content)) == (200, ["audio"])
    assert pictures.headers["X-Codec"].startswith("avc1.")
    assert "," not in pictures.headers["X-Codec"]
    assert sound.headers["X-Codec"] == pictures.headers["X-Sound"] == "mp4a.40.2"
    assert sound.headers["X-Start"] == str(BEGIN + HZ)
    part = await gateway.http.get(f"/footage/sound/{ticket}", params=span, headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, sound.content[100:300])


async def test_the_sound_of_another_span_or_for_another_act_is_refused(gateway: Gateway, recorded: Recorded) -> None:
    recorded.record(BEGIN, 250, sound=True)
    ticket = gateway.ticket(start=BEGIN + 2 * HZ, end=BEGIN + 60 * HZ)
    outside = await gateway.http.get(f"/footage/sound/{ticket}", params={"start": BEGIN, "end": BEGIN + 5 * HZ})
    assert (outside.status_code, outside.json()["code"]) == (403, "outside-ticket")
    live = await gateway.http.get(f"/footage/sound/{gateway.ticket('live')}")
    assert (live.status_code, live.json()["code"]) == (403, "outside-ticket")
    nobody = await gateway.http.get("/footage/sound/no-ticket")
    assert nobody.json()["code"] == "bad-ticket"


async def test_a_recording_without_sound_has_no_such_address(gateway: Gateway, recorded: Recorded) -> None:
    recorded.record(BEGIN, 250)
    ticket = gateway.ticket(start=BEGIN, end=BEGIN + 60 * HZ)
    answer = await gateway.http.get(f"/footage/sound/{ticket}", params={"start": BEGIN, "end": BEGIN + 5 * HZ})
    assert (answer.status_code, answer.json()["code"]) == (404, "no-footage")
    pictures = await gateway.http.head(f"/footage/play/{ticket}", params={"start": BEGIN, "end": BEGIN + 5 * HZ})
    assert "X-Sound" not in pictures.headers
