"""A command run for a person (`--as`) has that person's rights and no more: every command that takes it, every role."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from overt.access.rules import ROLE_ACTS, Act, Role
from overt.cli import HOUSE, _parser, main
from overt.estate.models import Camera
from overt.evidence.models import Exhibit
from overt.places.models import Town
from overt.rooms import modules
from world import PEOPLE, World, give_role, make_person

#: Answers that mean that the person was not let in.
REFUSALS = {"not-yours", "no-such-camera", "camera-beyond-you"}
SPAN = ("2026-11-22T02:14:07Z", "2026-11-22T02:14:17Z")


@dataclass(frozen=True)
class Command:
    """A command that takes `--as`: the acts of which all are needed, and words that an allowed person could give."""

    acts: frozenset[Act]
    words: Callable[[str, Path], tuple[str, ...]]  # of the camera's number and a folder


def _export(number: str, out: Path) -> tuple[str, ...]:
    return (number, *SPAN, "--ref", "JD-7", "--reason", "Court", "--out", str(out / "bags"))


COMMANDS = {
    "camera add": Command(
        frozenset({Act.MANAGE_CAMERA}),
        lambda number, out: ("500", "rtsp://127.0.0.1/1", "--name", "Quay", "--town", "Harbour"),
    ),
    "camera check": Command(
        frozenset({Act.CHECK_CAMERA}), lambda number, out: (number, "--seconds", "1") if number else ()
    ),
    "camera list": Command(frozenset({Act.SEE_CAMERA}), lambda number, out: ()),
    "camera retire": Command(frozenset({Act.MANAGE_CAMERA}), lambda number, out: (number, "--reason", "Gone")),
    "export": Command(frozenset({Act.SEAL_EXHIBIT, Act.EXPORT_BAG}), _export),
}
OF_A_CAMERA = ("camera check", "camera retire", "export")


def with_person(parser: argparse.ArgumentParser, name: str = "") -> Iterator[str]:
    """The commands under a parser that take `--as`."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, inner in action.choices.items():
                yield from with_person(inner, f"{name} {word}".strip())
        elif "--as" in action.option_strings:
            yield name


def test_every_command_that_takes_a_person_is_walked() -> None:
    assert set(with_person(_parser([*modules("cli"), *HOUSE]))) == set(COMMANDS)


@pytest.fixture
def overt(
    world: World, own_folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """`overt("camera list", "asha", "127")`: the exit code and the code of the problem, if there was one."""
    monkeypatch.setenv("OVERT_DATA", str(own_folders))
    Camera.objects.update(stream_url="rtsp://127.0.0.1:1/1")  # refuses at once

    def run(command: str, person: str, number: str, *more: str) -> tuple[int, str]:
        capsys.readouterr()
        words = [*command.split(), *COMMANDS[command].words(number, tmp_path), "--as", person, "--json", *more]
        code = main(words)
        said = json.loads(capsys.readouterr().out)
        return code, str(said.get("code", "")) if isinstance(said, dict) else ""

    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_each_role_may_by_a_command_what_it_may_by_a_page(
    command: str, world: World, overt: Callable[..., tuple[int, str]]
) -> None:
    """Camera 127 is within reach of everybody but Bryn, who is passed over here."""
    wrong = []
    for username, (_, role) in PEOPLE.items():
        if username == "bryn":
            continue
        Camera.objects.filter(number="500").delete()
        Camera.objects.update(retired_at=None)
        code, problem = overt(command, username, "127")
        allowed = COMMANDS[command].acts <= ROLE_ACTS[role]
        if (problem not in REFUSALS) is not allowed:
            wrong.append((role.value, code, problem))
    assert wrong == []


@pytest.mark.parametrize("command", OF_A_CAMERA)
def test_a_foreign_camera_is_refused_to_every_role_together(
    command: str, world: World, overt: Callable[..., tuple[int, str]]
) -> None:
    for role in Role:
        give_role(world.bryn, role, partner=world.riverside_homes)
    assert overt(command, "bryn", "201")[1] not in REFUSALS, "his own camera he gets"
    assert overt(command, "bryn", "127")[1] in REFUSALS
    assert Camera.objects.get(number="127").retired_at is None
    assert not Exhibit.objects.exists()


def test_a_list_and_a_check_of_all_are_of_ones_own_cameras(
    world: World, capsys: pytest.CaptureFixture[str], overt: Callable[..., tuple[int, str]]
) -> None:
    give_role(world.bryn, Role.ENGINEER, partner=world.riverside_homes)
    for words in (["list"], ["check", "--seconds", "1"]):
        main(["camera", *words, "--as", "bryn", "--json"])
        assert [one["number"] for one in json.loads(capsys.readouterr().out)] == ["201", "202"]
    assert main(["camera", "check", "--as", "jo", "--json"]) == 4, "none is his to check, which is said"
    capsys.readouterr()
    main(["camera", "list", "--json"])
    assert len(json.loads(capsys.readouterr().out)) == len(world.cameras), "the server itself knows them all"


def test_who_may_not_make_places_on_the_page_makes_none_by_a_command(
    world: World, overt: Callable[..., tuple[int, str]]
) -> None:
    lee = make_person("lee", "Lee Marsh")
    give_role(lee, Role.MANAGER, partner=world.marketon)
    new = ("--town", "Newtown", "--partner", world.marketon.name, "--new-places")
    assert overt("camera add", "lee", "127", *new) == (4, "not-yours")
    assert not Town.objects.filter(name="Newtown").exists()
    assert overt("camera add", "elin", "127", *new) == (0, "")


def test_a_role_that_is_over_or_an_account_that_is_closed_runs_nothing(
    world: World, overt: Callable[..., tuple[int, str]]
) -> None:
    world.elin.grants.update(withdrawn_at=world.elin.grants.get().starts_at)
    assert overt("camera retire", "elin", "127")[0] == 4
    world.farah.is_active = False
    world.farah.save()
    assert overt("camera list", "farah", "127")[0] == 2
