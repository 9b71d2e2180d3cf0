"""Run in the copy by test_a_new_room.py: the new room is found wherever rooms are found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from every_route import ROUTES
from overt import cli
from overt.access.queries import acts_of
from overt.access.rules import Act, Role, can_be_withheld
from overt.logbook.models import Entry
from overt.lost_property.models import Thing
from overt.lost_property.room import HAND_IN
from overt.lost_property.services import hand_in
from overt.up.worker import rounds
from overt.watch.notices import notices_for
from overt.web.health import readiness
from world import World, adopt_policy

ClientAs = Callable[..., Client]


def test_it_stands_in_the_copy() -> None:
    assert Path(cli.__file__).parents[2] == Path(__file__).resolve().parents[2]


def test_its_page_is_in_the_navigation_of_those_who_may(world: World, client_as: ClientAs) -> None:
    link = '<a class="overt-header__link" href="/lost-property/"'
    assert link in client_as(world.asha).get("/").content.decode()
    assert link not in client_as(world.iris).get("/").content.decode()


def test_the_first_page_leads_to_it_and_says_its_notice(world: World, client_as: ClientAs) -> None:
    hand_in("A red umbrella", by=world.asha)
    page = client_as(world.asha).get("/").content.decode()
    assert "Hand in a lost thing" in page
    assert "Found: A red umbrella" in page
    assert "Found: A red umbrella" in [notice.title for notice in notices_for(world.asha, timezone.now())]
    other = client_as(world.iris).get("/").content.decode()
    assert "Hand in a lost thing" not in other
    assert "Found: A red umbrella" not in other


def test_the_first_page_says_how_it_stands_to_those_who_may_see_the_system(world: World, client_as: ClientAs) -> None:
    hand_in("A red umbrella", by=world.asha)
    assert "1 on the shelf" in client_as(world.dev).get("/").content.decode()
    assert "1 on the shelf" not in client_as(world.asha).get("/").content.decode()


def test_its_act_is_in_the_matrix_of_roles(world: World, client_as: ClientAs) -> None:
    assert Act.HAND_IN is HAND_IN
    page = client_as(world.asha).get("/roles/")
    rows = {
        words: {cell.role: cell.state for cell in cells} for _, acts in page.context["groups"] for words, cells in acts
    }
    assert rows["Hand in lost things"]["Operator"] == "yes"
    assert rows["Hand in lost things"]["Manager"] == "kept"
    assert rows["Hand in lost things"]["Engineer"] == ""


def test_a_policy_may_take_its_act_from_whoever_does_not_keep_it(world: World, client_as: ClientAs) -> None:
    assert can_be_withheld(Role.OPERATOR, HAND_IN)
    assert not can_be_withheld(Role.MANAGER, HAND_IN)
    assert client_as(world.asha).get("/lost-property/").status_code == 200
    adopt_policy(withheld_acts=[{"role": "operator", "act": "hand_in", "clauses": ["BASS-8.2.1.6"]}])
    assert HAND_IN not in acts_of(world.asha)
    assert client_as(world.asha).get("/lost-property/").status_code == 403


def test_the_worker_goes_its_round(world: World) -> None:
    hand_in("A red umbrella", by=world.asha)
    [do] = [do for name, _, do in rounds() if name == "lost things counted"]
    assert do() == 1


def test_its_check_counts_for_being_ready_and_its_figure_is_told(world: World, client_as: ClientAs) -> None:
    hand_in("A red umbrella", by=world.asha)
    assert readiness()["checks"]["lost property"] == {"ok": True, "detail": "1 things"}
    figures = client_as().get("/metrics").content.decode()
    assert "overt_lost_things 1.0" in figures
    assert 'overt_ready{check="lost property"} 1.0' in figures
    hand_in("A glove", by=world.asha)
    assert readiness()["checks"]["lost property"] == {"ok": False, "detail": "the shelf is full: 2 things"}
    assert client_as().get("/readyz").status_code == 503


def test_the_database_refuses_to_change_or_remove_its_rows(world: World) -> None:
    thing = hand_in("A red umbrella", by=world.asha)
    for statement in ("UPDATE lost_property_thing SET words = 'x'", "DELETE FROM lost_property_thing"):
        with (
            pytest.raises(DatabaseError, match="stays written down"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert Thing.objects.get() == thing


def test_its_act_is_an_entry_of_the_logbook_with_its_words(world: World, client_as: ClientAs) -> None:
    client_as(world.asha).post("/lost-property/", {"words": "A red umbrella"})
    assert Entry.objects.get().action == "lost_property.thing.handed_in"
    page = client_as(world.dev).get("/logbook/").content.decode()
    assert "Lost thing handed in" in page
    assert "A red umbrella" in page, "its things' names say nothing of a person"


def test_its_command_is_one_of_overt(world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    hand_in("A red umbrella", by=world.asha)
    assert cli.main(["--data", str(tmp_path), "lost-property"]) == 0
    assert capsys.readouterr().out == "A red umbrella\n"


def test_scripts_ask_it(world: World, client_as: ClientAs) -> None:
    hand_in("A red umbrella", by=world.asha)
    assert client_as(world.asha).get("/api/v1/lost-property").json() == ["A red umbrella"]
    assert "/api/v1/lost-property" in client_as().get("/api/openapi.json").json()["paths"]


def test_the_walk_knows_its_addresses() -> None:
    assert [key for key in ROUTES if "lost-property" in key] == [
        "GET lost-property/", "POST lost-property/", "GET api/v1/lost-property",
    ]  # fmt: skip
