"""PROG-4.2.4 as a whole, on a real recorder and a camera that speaks: off at registration and at the recorder; on by
reason, case, approver and automatic end alone; logged and reported. Its parts, refusals beside: tests/estate,
tests/recorder and tests/rtsp."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from footage.contract import CameraCondition, SoundCondition
from footage.segments.reader import read_header
from footage.simcam.pattern import write_pattern
from overt.estate.models import Camera, SoundOrder
from overt.estate.node import node, sources, sync_node
from overt.estate.sound.services import end_due_sound
from overt.logbook.models import Entry
from overt.shared.keys import node_key
from recorder.node import Cameras, recording, until
from world import World, adopt_policy

ClientAs = Callable[..., Client]


@pytest.fixture
def speaking(tmp_path: Path) -> Iterator[Cameras]:
    """A camera that offers sound beside its pictures."""
    made = Cameras(write_pattern(tmp_path / "tone.mp4", seconds=12, tone_hz=880), 1)
    yield made
    made.close()


@pytest.mark.clause("PROG-4.2.4", part="Camera.audio is off at registration")
def test_no_form_or_file_turns_the_sound_of_a_camera_on(world: World, client_as: ClientAs) -> None:
    adopt_policy(audio_default="off")
    elin = client_as(world.elin)
    said = {"name": "Quay Lane", "kind": "fixed", "town": str(world.towns["Harbour"].pk), "recorded": "on"}
    said |= {"address": "rtsp://127.0.0.1/1", "priority": "100", "audio": "on", "sound_until": "2999-01-01"}
    assert elin.post("/cameras/add/", {**said, "number": "500"}).status_code == 302
    assert elin.post("/cameras/127/change/", {**said, "number": "127"}).status_code == 302
    file = SimpleUploadedFile(
        "cameras.csv", b"number,name,town,address,audio\n501,Quay,Harbour,rtsp://127.0.0.1/1,on\n"
    )
    assert elin.post("/cameras/import/", {"file": file}).status_code == 422

    assert Camera.objects.get(number="127").name == "Quay Lane", "the rest of the form counted"
    assert not Camera.objects.filter(number="501").exists()
    assert not SoundOrder.objects.exists()
    assert {one.sound_until_90k for one in sources()} == {0}


@pytest.mark.clause(
    "PROG-4.2.4", part="Camera.audio is off … at the recorder … approver and automatic end, and is logged and reported"
)
def test_sound_is_off_until_two_people_switch_it_on_for_a_case_and_ends_by_itself(
    world: World,
    own_folders: Path,
    client_as: ClientAs,
    speaking: Cameras,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    adopt_policy(audio_default="off")
    Camera.objects.exclude(number="127").delete()
    Camera.objects.update(stream_url=speaking.url("cam1"))
    key = own_folders / "node.key"
    key.write_bytes(node_key())
    store, run = own_folders / "footage", own_folders / "run"

    def sound() -> SoundCondition:
        (camera,) = node().health().cameras
        return camera.sound if camera.condition is CameraCondition.RECORDING else SoundCondition.OFF

    def send(who: str, path: str, **said: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            assert client_as(world.people[who]).post(f"/cameras/127/sound/{path}", said).status_code == 302

    with recording(store, "--key-file", key, run=run, program=("footage.node",)):
        until(lambda: node().health().alive)
        assert sync_node()
        until(lambda: node().health().cameras[0].condition is CameraCondition.RECORDING)
        assert sound() is SoundCondition.OFF
        end = timezone.localtime() + timedelta(days=2)
        send("elin", "", reason="Threats are shouted", case_reference="41/2026", until=f"{end:%Y-%m-%dT%H:%M}")
        assert {one.sound_until_90k for one in sources()} == {0}, "asked for is not approved"
        assert sound() is SoundCondition.OFF
        send("gwen", "decide/", decision="approve", reason="Nothing less will do")
        until(lambda: sound() is SoundCondition.RECORDING)
        assert "41/2026" in client_as(world.cerys).get("/cameras/sound/").content.decode()

        # Its end comes while the worker is dead: the order is the recorder's own, and it stops.
        SoundOrder.objects.update(until=timezone.now() + timedelta(seconds=3))
        assert sync_node()
        until(lambda: sound() is SoundCondition.OFF and node().health().cameras[0].sound is SoundCondition.OFF)
        assert SoundOrder.objects.get().state == "on"
        assert end_due_sound(timezone.now() + timedelta(seconds=3)) == 1
        until(lambda: course(store) == [False, True, False])

    rows = Entry.objects.filter(action__startswith="estate.camera.sound-").order_by("number")
    assert [entry.action.rpartition("-")[2] for entry in rows] == ["asked", "approved", "ended"]


def course(store: Path) -> list[bool]:
    """Whether there is a sound track, from file to file in the order of recording, told where it changes."""
    headers = sorted((read_header(path) for path in store.rglob("*.mp4")), key=lambda header: header.sequence)
    return [sounding for sounding, _ in groupby("mp4a" in header.codec for header in headers)]
