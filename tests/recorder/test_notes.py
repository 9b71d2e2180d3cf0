"""What the recorder notices of its camera is in the health it tells, and survives the way over its control socket."""

from __future__ import annotations

import json
from dataclasses import asdict

from footage.contract import CameraCondition, CameraNote
from footage.local import health_from
from footage.rtsp.events import LossCause, Oddity
from footage.times import Camera90k, Utc90k, utc_now
from recorder.making import SECOND, Bench


def over_the_socket(bench: Bench):
    """A camera's health as whoever asks the recorder gets it."""
    camera = asdict(bench.recorder.health()) | {"camera_id": str(bench.camera.camera_id)}
    node = {"alive": True, "now_90k": 0, "store_total_bytes": 0, "store_free_bytes": 0, "held_bytes": 0}
    answer = json.loads(json.dumps(node | {"disk_days_left": None, "alarms": [], "cameras": [camera]}))
    return health_from(answer).cameras[0]


async def test_notes_and_counts_come_over_the_socket_as_they_were(bench: Bench) -> None:
    bench.wall = int(utc_now()) - 20 * SECOND
    bench.begin()
    bench.seconds(20)
    for _ in range(3):
        bench.recorder.on_oddity(Oddity.JOINED_UNITS, Utc90k(bench.wall))
    bench.recorder.on_sender_report(Camera90k(bench.wall - 192 * SECOND), Utc90k(bench.wall), bench.at)
    told = over_the_socket(bench)
    assert told == bench.recorder.health()
    assert told.condition is CameraCondition.RECORDING
    assert [note.code for note in told.notes] == ["clock-off", "joined-units"]
    assert told.notes[0] == CameraNote("clock-off", "Its clock is 3 min 12 s behind; set its NTP server.")
    assert told.oddities == (("joined-units", 3),)


async def test_a_camera_that_is_not_recorded_yet_says_what_stands_in_the_way(bench: Bench) -> None:
    assert bench.recorder.health().detail == ""
    bench.recorder.on_oddity(Oddity.OTHER_PAYLOAD_TYPE, utc_now())
    told = bench.recorder.health()
    assert told.condition is CameraCondition.CONNECTING
    assert told.detail.startswith("Sent 1 packet in the last 1 s that is no video")


async def test_a_camera_that_comes_and_goes_is_told_so_while_it_is_there(bench: Bench) -> None:
    bench.wall = int(utc_now()) - 30 * SECOND
    for _ in range(5):
        bench.begin()
        bench.seconds(5)
        bench.lose(LossCause.CLOSED)
        bench.pass_time(SECOND)
    bench.begin()
    bench.send(5)
    health = bench.recorder.health()
    assert health.notes[0].code == "connection-drops"
    assert health.notes[0].text.startswith("Drops the connection every 5 s (reconnected 5 times in the last minute);")


async def test_an_older_recorder_tells_no_notes(bench: Bench) -> None:
    camera = asdict(bench.recorder.health()) | {"camera_id": str(bench.camera.camera_id)}
    for name in ("notes", "oddities"):
        del camera[name]
    node = {"alive": True, "now_90k": 0, "store_total_bytes": 0, "store_free_bytes": 0, "held_bytes": 0}
    found = health_from(node | {"disk_days_left": None, "alarms": [], "cameras": [camera]})
    assert found.cameras[0].notes == ()
