"""A role is given to a person for a need, and lapses unless somebody confirms that the need is still there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from overt.access.queries import may
from overt.access.renewal import confirm, due_for
from overt.access.rules import Act, BadGrant, GrantRefused, OwnGrant, Role
from overt.access.services import grant_role
from overt.logbook.models import Entry
from overt.watch.notices import notices_for
from watch.asking import ask
from world import World, adopt_policy, give_role, make_person

ClientAs = Callable[..., Client]
QUARTER = 92


@pytest.fixture
def world_lapsing(world: World) -> World:
    """Everybody's role was given a hundred days ago; the policy wants it confirmed each quarter."""
    adopt_policy(access_review_days=QUARTER)
    for person in world.people.values():
        person.grants.update(starts_at=timezone.now() - timedelta(days=100))
    world.elin.grants.update(renewed_at=timezone.now() - timedelta(days=1))
    return world


def post(client: Client, *grants: object, reason: str = "On the rota until summer"):  # type: ignore[no-untyped-def]
    chosen = [str(grant.pk) for grant in grants]  # type: ignore[attr-defined]  # Grants
    return client.post("/roles/confirm/", {"grants": chosen, "reason": reason})


@pytest.mark.clause("BASS-8.2.1.9", part="lapses unless renewed")
@pytest.mark.clause("PROG-4.2.22.a", part="unconfirmed accounts lapse")
def test_what_nobody_confirmed_has_lapsed(world_lapsing: World, client_as: ClientAs) -> None:
    world = world_lapsing
    asha = client_as(world.asha)
    answers = {"cameras": "127", "date": "2026-11-20", "time": "12:00:00", "reason": "Incident 4417", "alone": "on"}
    assert asha.post("/review/", answers).status_code == 403
    assert ask(asha, "/api/v1/watch/viewings", {"camera": "127"}).status_code == 404
    assert asha.get("/watch/").status_code == 403
    [row] = [one for one in due_for(world.elin) if one.grant.user == world.asha]
    assert row.over

    assert post(client_as(world.elin), world.asha.grants.get()).status_code == 302
    assert asha.post("/review/", answers).status_code == 302
    assert ask(asha, "/api/v1/watch/viewings", {"camera": "127"}).status_code == 201
    assert not may(world.bryn, Act.REVIEW)


@pytest.mark.clause("BASS-8.2.1.9", part="lapses unless renewed")
@pytest.mark.clause("PROG-4.2.22.a", part="a quarterly list is re-confirmed and unconfirmed accounts lapse")
def test_a_confirmation_lasts_as_long_as_the_first_and_no_longer(world_lapsing: World) -> None:
    world, now = world_lapsing, timezone.now()
    confirm([world.asha.grants.get()], by=world.elin, reason="On the rota")
    assert may(world.asha, Act.REVIEW, now=now + timedelta(days=QUARTER - 1))
    assert not may(world.asha, Act.REVIEW, now=now + timedelta(days=QUARTER + 1))


@pytest.mark.clause("BASS-8.2.1.9", part="Access to recordings is granted per person with stated need and review date")
@pytest.mark.clause("PROG-4.2.22.a", part="an authorisation record with manager and end date")
def test_each_role_has_who_gave_it_the_need_and_the_day_it_lapses(world: World, client_as: ClientAs) -> None:
    adopt_policy(access_review_days=QUARTER)
    lee = make_person("lee", "Lee New")
    grant = grant_role(lee, Role.OPERATOR, by=world.elin, reason="Covers the night shift")
    page = client_as(world.farah).get("/roles/confirm/").content.decode()
    [row] = [row for row in page.split("<tr")[1:] if "Lee New" in row]
    day = timezone.localtime(grant.starts_at + timedelta(days=QUARTER))
    for words in ("Lee New", "Elin Ward", "Covers the night shift", f"{day.day} {day:%b}"):
        assert words in row
    with pytest.raises(BadGrant):
        grant_role(make_person("may", "May New"), Role.OPERATOR, by=world.elin, reason=" ")


@pytest.mark.clause("PROG-4.2.22.a", part="a quarterly list is re-confirmed")
def test_each_confirmation_is_an_entry_with_its_reason(world_lapsing: World, client_as: ClientAs) -> None:
    world = world_lapsing
    post(client_as(world.elin), world.asha.grants.get(), world.dev.grants.get())
    told = Entry.objects.filter(action="access.grant.confirmed")
    assert [dict(one.personal.values_list("field", "value"))["reason"] for one in told] == [
        "On the rota until summer"
    ] * 2
    assert {dict(one.personal.values_list("field", "value"))["person"] for one in told} == {"Asha Patel", "Dev Chandra"}


def test_nobody_confirms_his_own_role_nor_one_beyond_his_reach(world_lapsing: World, client_as: ClientAs) -> None:
    world = world_lapsing
    with pytest.raises(OwnGrant):
        confirm([world.elin.grants.get()], by=world.elin, reason="Mine")
    with pytest.raises(GrantRefused):
        confirm([world.gwen.grants.get()], by=world.elin, reason="The controller")
    for name in ("asha", "dev", "cerys"):
        assert post(client_as(world.people[name]), world.bryn.grants.get()).status_code == 403
    assert not may(world.bryn, Act.REVIEW)


@pytest.mark.parametrize("said", [{"grants": []}, {"reason": " "}])
def test_without_a_choice_and_a_reason_nothing_is_confirmed(world_lapsing: World, client_as: ClientAs, said) -> None:  # type: ignore[no-untyped-def]
    world = world_lapsing
    body = {"grants": [str(world.asha.grants.get().pk)], "reason": "On the rota"} | said
    assert client_as(world.elin).post("/roles/confirm/", body).status_code == 422
    assert not may(world.asha, Act.REVIEW)


def test_the_owners_nominee_is_left_to_confirm_the_others(world_lapsing: World) -> None:
    world = world_lapsing
    world.elin.grants.update(renewed_at=None)
    assert not may(world.elin, Act.GRANT_ROLE)
    confirm([world.elin.grants.get()], by=world.farah, reason="She goes on")
    assert may(world.elin, Act.GRANT_ROLE)


@pytest.mark.clause("PROG-4.2.22.a", part="a quarterly list")
def test_the_list_is_asked_for_before_roles_lapse(world: World) -> None:
    adopt_policy(access_review_days=QUARTER)
    now = timezone.now()
    assert notices_for(world.elin, now) == []
    lee = make_person("lee", "Lee New")
    give_role(lee, Role.OPERATOR, starts_at=now - timedelta(days=QUARTER - 3))
    [to_elin] = notices_for(world.elin, now)
    assert (to_elin.href, to_elin.title) == ("/roles/confirm/", "1 role to confirm")
    [to_lee] = notices_for(lee, now)
    assert to_lee.title == "Your role lapses soon"


def test_where_the_policy_has_no_period_no_role_lapses(world: World, client_as: ClientAs) -> None:
    world.asha.grants.update(starts_at=timezone.now() - timedelta(days=4000))
    assert may(world.asha, Act.REVIEW)
    assert "No role lapses" in client_as(world.elin).get("/roles/confirm/").content.decode()
