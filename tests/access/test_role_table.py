"""The product's table of roles and acts stands against the one written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from access.role_table import KEEPS, MAY
from overt.access.doors import NotYours, need
from overt.access.queries import acts_of
from overt.access.rules import ROLE_ACTS, Act, Role, can_be_withheld
from world import PEOPLE, World, give_role

ClientAs = Callable[..., Client]


def test_every_act_of_the_product_is_in_the_table_and_no_other() -> None:
    assert {act.value for act in Act} == set(MAY)
    assert {role.value for role in Role} == {role for roles in MAY.values() for role in roles}


@pytest.mark.parametrize("role", Role, ids=[role.value for role in Role])
def test_a_role_may_what_the_table_says_and_nothing_else(role: Role) -> None:
    assert {act.value for act in ROLE_ACTS[role]} == {act for act, roles in MAY.items() if role.value in roles}


@pytest.mark.parametrize("role", Role, ids=[role.value for role in Role])
def test_a_policy_takes_from_a_role_what_the_table_lets_it(role: Role) -> None:
    kept = {act for act, roles in KEEPS.items() if role.value in roles}
    assert {act.value for act in ROLE_ACTS[role] if not can_be_withheld(role, act)} == kept


def test_a_person_may_what_his_role_may(world: World) -> None:
    for username, (_, role) in PEOPLE.items():
        found = {act.value for act in acts_of(world.people[username])}
        assert found == {act for act, roles in MAY.items() if role.value in roles}, username


@pytest.mark.parametrize("where", ["group", "partner", "both"])
def test_a_role_over_a_part_is_none_over_the_whole_scheme(world: World, client_as: ClientAs, where: str) -> None:
    scope = {"group": world.town_centre, "partner": world.marketon}
    give_role(world.kit, Role.MANAGER, **(scope if where == "both" else {where: scope[where]}))
    need(world.kit, Act.MANAGE_POLICY)
    with pytest.raises(NotYours):
        need(world.kit, Act.MANAGE_POLICY, everywhere=True)
    assert client_as(world.kit).get("/policy/draft/").status_code == 403
    assert client_as(world.elin).get("/policy/draft/").status_code == 200
