"""A recording from the camera to the hand that takes it away: hashed, untouched, and each step told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest
from django.test import Client

from evidence.making import flip
from footage.times import utc_text
from overt.evidence.exhibits.folders import bag_folder
from overt.evidence.exhibits.services.opening import ClipRequest, open_exhibit
from overt.evidence.exhibits.services.verifying import verify_exhibit
from overt.evidence.holds.rules import Grounds
from overt.evidence.holds.services import mark
from overt.evidence.models import Exhibit
from overt.jobs.queue import run_waiting
from playback.making import BEGIN, HZ, Recorded, played
from world import World

ClientAs = Callable[..., Client]
GROUNDS = Grounds("case_history", "4417", "PC 4417 Hill", date(2999, 1, 1))


@pytest.mark.clause(
    "BASS-9.1.b",
    part="Segments are hashed when written, the native stream is exported without re-encoding, and a continuity report covers the time from recording",
)
def test_an_exhibit_tells_of_itself_from_its_recording_to_its_handover(
    world: World, footage: Recorded, client_as: ClientAs
) -> None:
    hold, _ = mark(world.asha, "127", BEGIN, BEGIN + 8 * HZ, "a fight", grounds=GROUNDS)
    open_exhibit(world.asha, "JD-7", "incident 4417", [ClipRequest("127", BEGIN, BEGIN + 8 * HZ, hold.pk)])
    run_waiting()
    bag, segments = bag_folder("JD-7"), footage.catalogue.all_segments()

    [clip] = json.loads((bag / "metadata/exhibit.json").read_text())["clips"]
    written = [sha256((footage.store / row.path).read_bytes()).hexdigest() for row in segments]
    assert [one["sha256"] for one in clip["segments"]] == written, "each as it was hashed when it was written"
    assert clip["segments"][0]["start"] == utc_text(BEGIN)
    [master] = (bag / "data/master").iterdir()
    recorded = [played((footage.store / row.path).read_bytes(), decode=False) for row in segments]
    coded = [picture for one in recorded for picture in one.coded]
    assert played(master.read_bytes(), decode=False).coded == coded, "the camera's own pictures"

    assert client_as(world.dev).post("/exhibits/JD-7/bag/", {"reason": "For the court"}).status_code == 200
    page = client_as(world.cerys).get("/exhibits/JD-7/").content.decode()
    story = ["Footage held", "Exhibit opened", "Exhibit sealed", "Exhibit signed", "Exhibit verified", "bag downloaded"]
    places = [page.rindex(step) for step in story]
    assert places == sorted(places, reverse=True), "newest first, in one unbroken order"
    assert "Dev Chandra" in page[: places[-2]]
    assert "Sealed, verified" in page

    flip(master, 4000, 1)
    assert verify_exhibit(Exhibit.objects.get())["answer"] == "altered"
