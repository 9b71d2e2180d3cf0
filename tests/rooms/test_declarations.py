"""What the rooms say of themselves holds together: names that lead somewhere, acts that exist, one order."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from overt.access.rules import Act
from overt.rooms import ORDER, act_named, by_name, named, rooms
from overt.web.context import menu_for

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ROOT / "src" / "overt"


def names() -> list[str]:
    return [
        name
        for room in rooms()
        for name in (
            *room.tasks,
            *room.notices,
            *room.standing,
            *(one.do for one in room.rounds),
            *room.resumes,
            *(check.ask for check in room.checks),
            *room.metrics,
            *room.guards,
            *(name for name in (room.role_terms, room.scheme_figures) if name),
        )
    ]


def test_every_folder_with_a_declaration_stands_in_the_order_once() -> None:
    assert sorted(ORDER) == sorted(path.parent.name for path in ROOMS.glob("*/room.py"))


@pytest.mark.parametrize("name", names())
def test_what_a_declaration_names_is_there(name: str) -> None:
    assert named(name) is not None


def test_rounds_and_checks_have_names_of_their_own() -> None:
    told = Counter(one.name for room in rooms() for one in (*room.rounds, *room.checks))
    assert max(told.values()) == 1


def test_every_act_that_the_source_names_is_declared() -> None:
    here = Path(__file__).parent  # makes a room of its own, and asks for an act that is none
    sources = [path for path in ROOT.glob("[st]*/**/*.py") if here not in path.parents]
    used = {
        name for path in sources for name in re.findall(r"\bAct\.([A-Z][A-Z_]+)\b", path.read_text(encoding="utf-8"))
    }
    assert {name for name in used if name.lower() not in set(Act)} == {"NAME"}, "NAME is an example"
    assert len(used) >= 20


def test_what_the_first_page_offers_hangs_on_acts_that_are_declared() -> None:
    assert {way.act for room in rooms() for way in room.ways} <= set(Act)


def test_an_act_that_nobody_declares_is_none() -> None:
    with pytest.raises(ValueError, match="fly is no act"):
        act_named("fly")
    with pytest.raises(AttributeError):
        _ = Act.FLY


def test_the_navigation_is_in_the_order_of_a_working_day() -> None:
    day = ["Watch", "Review", "Evidence", "Cameras", "Logbook", "Policy", "People"]
    shown = menu_for({str(act) for act in Act}, "/clocks/held/")
    assert [entry.name for entry in shown if entry.name in day] == day, "other rooms may stand between"
    assert [entry.name for entry in shown if entry.here] == ["Policy"]


def test_declarations_load_no_framework() -> None:
    """Settings and commands that need no installation read them."""
    program = (
        "import sys; from overt.rooms import rooms; rooms(); print('django' in sys.modules, 'ninja' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_room_is_known_by_its_folder() -> None:
    assert by_name()["clauses"].alone == ("clauses",)
