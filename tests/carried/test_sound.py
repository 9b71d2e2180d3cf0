"""Sound is off: no door of the product turns it on for a camera. (The recorder sets no sound up: tests/rtsp.)"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from overt.estate.models import Camera
from overt.estate.node import sources
from world import World

ClientAs = Callable[..., Client]


@pytest.mark.clause("PROG-4.2.4")
def test_no_form_or_file_turns_the_sound_of_a_camera_on(world: World, client_as: ClientAs) -> None:
    elin = client_as(world.elin)
    said = {"name": "Quay Lane", "kind": "fixed", "town": str(world.towns["Harbour"].pk), "recorded": "on"}
    said |= {"address": "rtsp://127.0.0.1/1", "priority": "100", "audio": "on"}
    assert elin.post("/cameras/add/", {**said, "number": "500"}).status_code == 302
    assert elin.post("/cameras/127/change/", {**said, "number": "127"}).status_code == 302
    file = SimpleUploadedFile(
        "cameras.csv", b"number,name,town,address,audio\n501,Quay,Harbour,rtsp://127.0.0.1/1,on\n"
    )
    assert elin.post("/cameras/import/", {"file": file}).status_code == 422

    assert Camera.objects.get(number="127").name == "Quay Lane", "the rest of the form counted"
    assert not Camera.objects.filter(number="501").exists()
    assert not Camera.objects.filter(audio=True).exists()
    assert {one.audio for one in sources()} == {False}
