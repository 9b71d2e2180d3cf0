"""What the rooms above have to say reaches the wall and the first page of those who may know it, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from overt.access.rules import Role
from overt.breaches.services import report_breach
from overt.estate.models import Camera
from overt.evidence.models import Exhibit, ExhibitClip
from overt.watch.notices import notices_for
from world import adopt_policy, give_role, make_person


@pytest.fixture
def failed_exhibit(world) -> Exhibit:
    exhibit = Exhibit.objects.create(
        reference="JD-7", state="failed", failure="The disk is full", opened_at=timezone.now()
    )
    ExhibitClip.objects.create(exhibit=exhibit, position=1, camera=world.camera("127"), start_90k=0, end_90k=90_000)
    return exhibit


def test_an_exhibit_that_could_not_be_sealed_is_said_on_the_wall(world, client_as, failed_exhibit) -> None:
    told = client_as(world.asha).get("/api/v1/watch/now").json()["notices"]
    assert [(n["title"], n["tone"], n["href"]) for n in told] == [("Exhibit JD-7", "now", "/exhibits/JD-7/")]
    assert "The disk is full" in told[0]["detail"]
    assert client_as(world.bryn).get("/api/v1/watch/now").json()["notices"] == []


def test_what_presses_now_stands_before_what_a_lower_room_says(world, failed_exhibit) -> None:
    adopt_policy(access_review_days=92)
    now = timezone.now()
    lee = make_person("lee", "Lee New")
    give_role(lee, Role.OPERATOR, starts_at=now - timedelta(days=89))
    report_breach(world.asha, "A door stood open", now)
    told = [(notice.heading, notice.tone) for notice in notices_for(world.elin, now)]
    assert told == [("Breach", "now"), ("Exhibits", "now"), ("Roles", "soon")]


def test_it_comes_first_on_the_first_page_of_who_may_see_it(world, client_as, failed_exhibit) -> None:
    page = client_as(world.dev).get("/").content.decode()
    assert page.index("Exhibit JD-7") < page.index("Watch the cameras")
    assert "Exhibit JD-7" not in client_as(world.iris).get("/").content.decode()


@pytest.mark.parametrize("name", ["asha", "cerys", "dev", "elin", "farah", "gwen", "hari", "iris", "jo", "kit"])
def test_the_first_page_offers_each_role_only_what_it_may_open(world, client_as, name: str) -> None:
    client = client_as(world.people[name])
    page = client.get("/")
    assert page.status_code == 200
    for task in page.context["tasks"]:
        assert client.get(task.href).status_code == 200, task.href


def test_how_the_system_stands_is_for_those_who_may_see_it(world, client_as) -> None:
    assert "How the system stands" in client_as(world.dev).get("/").content.decode()
    assert "How the system stands" not in client_as(world.asha).get("/").content.decode()


def test_a_new_installation_begins_with_its_first_camera(world, client_as) -> None:
    assert "Add the first camera" not in client_as(world.elin).get("/").content.decode()
    Camera.objects.all().delete()
    page = client_as(world.elin).get("/").content.decode()
    assert page.index("Add the first camera") < page.index("Watch the cameras")
    assert "Add the first camera" not in client_as(world.asha).get("/").content.decode()
