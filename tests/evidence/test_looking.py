"""Who looked at exhibits, at the register and at the holds, and why a bag left: each stands in the logbook."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from evidence.test_sealing import seal, wish
from footage.times import utc_text
from overt.evidence.models import Exhibit, ExhibitClip
from overt.logbook.models import Entry
from overt.logbook.telling import line_of
from playback.making import BEGIN, HZ, Recorded
from world import World, adopt_policy

ClientAs = Callable[..., Client]


def exhibit_of(world: World, *numbers: str, reference: str = "JD-7", state: str = "sealed") -> Exhibit:
    """A row of the register without a bag."""
    now = timezone.now()
    made = Exhibit.objects.create(reference=reference, state=state, operator=world.dev, opened_at=now, sealed_at=now)
    for position, number in enumerate(numbers, start=1):
        ExhibitClip.objects.create(
            exhibit=made, position=position, camera=world.camera(number), start_90k=BEGIN, end_90k=BEGIN + HZ
        )
    return made


def entries(action: str) -> list[Entry]:
    return list(Entry.objects.filter(action=action).order_by("number"))


def told(entry: Entry) -> dict[str, str | None]:
    return dict(entry.personal.values_list("field", "value"))


def test_each_opening_of_an_exhibits_page_is_an_entry_and_its_story_stays_its_own(
    client_as: ClientAs, world: World
) -> None:
    exhibit_of(world, "127")
    for _ in range(2):
        page = client_as(world.cerys).get("/exhibits/JD-7/").content.decode()
    first, second = entries("evidence.exhibit.seen")
    assert told(first)["actor_name"] == world.cerys.full_name
    assert first.facts["reference"] == "JD-7"
    assert second.number > first.number
    assert "looked at" not in page
    assert client_as(world.bryn).get("/exhibits/JD-7/").status_code == 404
    assert client_as(world.asha).get("/api/v1/exhibits/JD-7").status_code == 200
    assert told(entries("evidence.exhibit.seen")[-1])["actor_name"] == world.asha.full_name
    assert len(entries("evidence.exhibit.seen")) == 3


def test_a_page_that_renews_itself_is_one_look_of_its_own_reader_only(client_as: ClientAs, world: World) -> None:
    exhibit_of(world, "127", state="sealing")
    exhibit_of(world, "127", reference="JD-8", state="sealing")
    page = client_as(world.asha).get("/exhibits/JD-7/").content.decode()
    [renewed] = re.findall(r'content="3; url=(\?look=\d+)"', page)
    assert client_as(world.asha).get(f"/exhibits/JD-7/{renewed}").status_code == 200
    assert len(entries("evidence.exhibit.seen")) == 1
    client_as(world.dev).get(f"/exhibits/JD-7/{renewed}")
    assert len(entries("evidence.exhibit.seen")) == 2, "somebody else's look is not believed"
    client_as(world.asha).get(f"/exhibits/JD-8/{renewed}")
    assert len(entries("evidence.exhibit.seen")) == 3, "nor that of another exhibit"
    client_as(world.asha).get("/exhibits/JD-7/?look=9e99")
    assert len(entries("evidence.exhibit.seen")) == 4


def test_the_register_is_logged_once_a_search_with_its_words_as_personal_content(
    client_as: ClientAs, world: World
) -> None:
    for number in range(31):
        exhibit_of(world, "127", reference=f"JD-{number}")
    page = client_as(world.dev).get("/exhibits/", {"q": "JD", "state": "sealed"}).content.decode()
    [search] = entries("evidence.register.searched")
    assert search.facts == {"state": "sealed"}
    assert told(search)["words"] == "JD"
    assert "JD" not in search.facts_text
    [following] = set(re.findall(r'href="(\?[^"]*page=2[^"]*)"', page))
    assert f"search={search.number}" in following
    client_as(world.dev).get(f"/exhibits/{following.replace('&amp;', '&')}")
    assert len(entries("evidence.register.searched")) == 1, "the second page of one search"
    client_as(world.dev).get("/exhibits/", {"q": "JD-3", "state": "sealed", "search": search.number})
    client_as(world.cerys).get("/exhibits/", {"q": "JD", "state": "sealed", "search": search.number})
    assert len(entries("evidence.register.searched")) == 3, "other words and another reader are new searches"


def test_the_list_of_holds_leaves_an_entry(client_as: ClientAs, world: World) -> None:
    assert client_as(world.asha).get("/exhibits/holds/").status_code == 200
    [entry] = entries("evidence.holds.seen")
    assert entry.facts["holds"] == 0
    assert client_as(None).get("/exhibits/holds/").status_code == 302
    assert len(entries("evidence.holds.seen")) == 1


@pytest.fixture
def sealed(world: World, footage: dict[str, Recorded]) -> Exhibit:
    adopt_policy(reason_required_for=["export_bag"])
    return seal(world.dev, "JD-7", wish())


def test_a_bag_leaves_with_its_reason_where_the_policy_asks_and_its_entry_names_what_left(
    client_as: ClientAs, world: World, sealed: Exhibit
) -> None:
    browser = client_as(world.dev)
    assert "Why the bag leaves" in browser.get("/exhibits/JD-7/").content.decode()
    scripts = {"Accept": "application/json"}
    for answer, status in (
        (browser.post("/exhibits/JD-7/bag/", headers=scripts), 422),
        (browser.post("/exhibits/JD-7/bag/", {"reason": " \t "}, headers=scripts), 422),
        (browser.post("/api/v1/exhibits/JD-7/bag"), 409),
    ):
        assert (answer.status_code, json.loads(answer.content)["code"]) == (status, "reason-missing")
    assert entries("evidence.exhibit.downloaded") == []
    assert browser.post("/exhibits/JD-7/bag/", {"reason": "DC Hill, court"}).status_code == 200
    assert browser.post("/api/v1/exhibits/JD-7/bag?reason=disclosure").status_code == 200
    assert browser.post("/api/v1/exhibits/JD-7/bag", headers={"X-Reason": "copy two"}).status_code == 200
    left = entries("evidence.exhibit.downloaded")
    assert [told(one)["reason"] for one in left] == ["DC Hill, court", "disclosure", "copy two"]
    clip = sealed.clips.get()
    camera = str(world.camera("127").pk)
    span = {"start": utc_text(clip.start_90k), "end": utc_text(clip.end_90k)}
    assert left[0].facts["clips"] == [{"camera_id": camera, "camera": "127", **span}]
    assert left[0].camera == camera
    assert "camera 127" in line_of(left[0])


def test_no_reason_is_asked_where_the_policy_does_not(
    client_as: ClientAs, world: World, footage: dict[str, Recorded]
) -> None:
    adopt_policy(reason_required_for=[])
    seal(world.dev, "JD-7", wish())
    assert "Why the bag leaves (optional)" in client_as(world.dev).get("/exhibits/JD-7/").content.decode()
    assert client_as(world.dev).post("/exhibits/JD-7/bag/").status_code == 200
    assert "reason" not in told(entries("evidence.exhibit.downloaded")[0])
