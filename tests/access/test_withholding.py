"""The policy takes acts from roles, and from then on no door lets them; it never gives one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from access.test_every_route import NARROW, got_in, send
from every_route import ROUTES
from overt.access.queries import acts_of, may
from overt.access.rules import ROLE_ACTS, Act, Role, can_be_withheld
from overt.access.words import ACT_WORDS, GROUPS, ROLE_WORDS
from overt.policy.rules import BadPolicy, policy_from
from world import PEOPLE, World, adopt_policy, small_document

ClientAs = Callable[..., Client]
#: Playback and export: what the clause is about.
RECORDED = (Act.REVIEW, Act.EXPORT_BAG)
PAIRS = [(role, act) for role in Role for act in RECORDED if act in ROLE_ACTS[role]]
#: Doors for which one of these acts alone is asked; a route with no one act is everybody's.
DOORS = {act: [key for key, route in ROUTES.items() if route.acts == {act}] for act in RECORDED}


def withhold(*pairs: tuple[Role, Act]) -> None:
    rows = [{"role": role.value, "act": act.value, "clauses": ["BASS-8.2.1.6"]} for role, act in pairs]
    adopt_policy(withheld_acts=rows)


@pytest.mark.clause(
    "BASS-8.2.1.6",
    part="The permission to play back or export is … per role by SchemePolicy and tested by an automated check on every release",
)
@pytest.mark.parametrize(("role", "act"), PAIRS, ids=[f"{role}-{act}" for role, act in PAIRS])
def test_what_the_policy_withholds_no_door_lets(role: Role, act: Act, world: World, client_as: ClientAs) -> None:
    """Each role that plays back or exports, at each door of it: let in before, and not after; others as before."""
    assert DOORS[act]
    [username] = [name for name, (_, held) in PEOPLE.items() if held is role and name != "bryn"]
    other = next(name for name, (_, held) in PEOPLE.items() if held is not role and act in ROLE_ACTS[held])
    doors = [key for key in DOORS[act] if not (ROUTES[key].everywhere and username in NARROW)]

    def let_in(name: str, key: str) -> bool:
        person = world.people[name]
        return got_in(send(client_as(person), key, world, person, "127"), ROUTES[key])

    assert all(let_in(username, key) for key in doors)
    withhold((role, act))
    assert not any(let_in(username, key) for key in doors)
    assert all(let_in(other, key) for key in doors if not (ROUTES[key].everywhere and other in NARROW))
    assert act not in acts_of(world.people[username])


@pytest.mark.parametrize(
    "row",
    [
        {"role": "engineer", "act": "review"},  # which it never had
        {"role": "owner_nominee", "act": "grant_role"},  # or nobody could mend it
        {"role": "inspector", "act": "read_logbook"},
        {"role": "operator", "act": "see_camera"},
        {"role": "operator", "act": "fly"},
        {"role": "pilot", "act": "review"},
        {"role": "operator"},
    ],
)
def test_a_policy_takes_only_what_a_role_has_and_can_lose(row: dict[str, str]) -> None:
    with pytest.raises(BadPolicy):
        policy_from(small_document(withheld_acts=[row]))


def test_no_policy_gives_a_role_an_act(world: World) -> None:
    before = {name: acts_of(person) for name, person in world.people.items()}
    withhold((Role.POLICE_REVIEWER, Act.REVIEW), (Role.SUPERVISOR, Act.EXPORT_BAG))
    for name, person in world.people.items():
        assert acts_of(person) <= before[name]
    assert not may(world.jo, Act.REVIEW)


@pytest.mark.clause("BASS-8.2.1.6", part="per role by SchemePolicy")
def test_the_next_policy_lets_it_again(world: World) -> None:
    withhold((Role.POLICE_REVIEWER, Act.REVIEW))
    assert not may(world.jo, Act.REVIEW)
    adopt_policy()
    assert may(world.jo, Act.REVIEW)


def test_the_page_shows_each_act_of_each_role_and_where_it_comes_from(world: World, client_as: ClientAs) -> None:
    withhold((Role.POLICE_REVIEWER, Act.REVIEW))
    page = client_as(world.asha).get("/roles/")
    groups = {
        words: {cell.role: cell.state for cell in cells} for _, acts in page.context["groups"] for words, cells in acts
    }
    for act in Act:
        for role in Role:
            state = groups[ACT_WORDS[act]][ROLE_WORDS[role]]
            assert (state != "") is (act in ROLE_ACTS[role])
            assert (state == "yes") is (
                can_be_withheld(role, act) and (role, act) != (Role.POLICE_REVIEWER, Act.REVIEW)
            )
    assert groups["Look at recordings"]["Police reviewer"] == "withheld"
    assert "Withheld now" in page.content.decode()


def test_every_act_has_its_place_on_the_page() -> None:
    assert {act for _, acts in GROUPS for act in acts} == set(Act)
