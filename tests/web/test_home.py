"""The first page: how the system stands, said by the rooms that look after it, to those who may see the system."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from overt.inspection.log_actions import CHECKED, Checked
from overt.logbook.services import log
from overt.watch.models import FootageRound
from world import World

ClientAs = Callable[..., Client]


def lines(browser: Client) -> dict[str, tuple[str, str]]:
    """What is said of each thing, with the tag beside it, in the order of the page."""
    return {line.key: (line.value, line.tag) for line in browser.get("/").context["standing"]}


def test_each_room_says_its_line_and_the_recorder_comes_first(world: World, client_as: ClientAs) -> None:
    said = lines(client_as(world.dev))
    known = {
        "Recorder": ("It does not answer; nothing is being recorded", "Act now"),
        "Logbook": ("Not checked yet; the worker does so once a day", ""),
        "Recordings": ("Not read yet; the worker does so by itself", ""),
    }
    assert {key: said[key] for key in known} == known
    assert [key for key in said if key in known] == list(known), "a room that comes later says its line among them"


def test_who_may_not_see_the_system_is_told_nothing_of_it(world: World, client_as: ClientAs) -> None:
    answer = client_as(world.asha).get("/")
    assert answer.context["standing"] is None
    assert "How the system stands" not in answer.content.decode()


def test_the_last_check_of_the_logbook_stands_on_the_page(world: World, client_as: ClientAs) -> None:
    log(CHECKED, by=None, facts=Checked(sound=True, size=9, findings=0, root="00"))
    words, tag = lines(client_as(world.dev))["Logbook"]
    assert (words.endswith(": sound"), tag) == (True, "")
    log(CHECKED, by=None, facts=Checked(sound=False, size=9, findings=1, root="00"))
    words, tag = lines(client_as(world.dev))["Logbook"]
    assert (words.endswith(": damaged"), tag) == (True, "Act now")


def test_damage_in_what_is_stored_stands_on_the_page(world: World, client_as: ClientAs) -> None:
    now = timezone.now()
    FootageRound.objects.create(started_at=now, finished_at=now, damaged=0)
    words, tag = lines(client_as(world.dev))["Recordings"]
    assert ("all as recorded" in words, tag) == (True, "")
    FootageRound.objects.create(started_at=now, finished_at=now, damaged=2)
    words, tag = lines(client_as(world.dev))["Recordings"]
    assert ("2 damaged" in words, tag) == (True, "Damage")
