"""Looking after people: adding, roles within one's own scope, resetting, leaving."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from overt.access import services as access
from overt.access.duties import RolesApart, TwoHandsNeeded
from overt.access.models import Grant
from overt.access.queries import may
from overt.access.rules import Act, BadGrant, GrantRefused, OwnGrant, Role
from overt.accounts.models import User
from overt.accounts.rules import BadPerson
from overt.accounts.tokens import create_token
from overt.logbook.models import Entry
from overt.people import services
from overt.people.errors import NotYourPerson
from world import World, give_role, make_person

ClientAs = Callable[..., Client]


@pytest.fixture
def local_manager(world: World) -> User:
    """Manager of Riverside Homes' cameras and nothing else."""
    user = make_person("mona", "Mona Reyes")
    give_role(user, Role.MANAGER, partner=world.riverside_homes)
    return user


NEW = "seven herons on a wire"


def said_of(entry: Entry) -> dict[str, str]:
    """The personal content of an entry, without the keys of the people in it."""
    rows = entry.personal.exclude(field__in=["actor", "subject"]).values_list("field", "value")
    return dict(rows)


def link_on(page: bytes) -> str:
    found = re.search(rb'id="one-time-link">http://testserver(/choose-password/[^<]+)<', page)
    assert found
    return found[1].decode()


def choose(link: str, password: str = NEW) -> int:
    return Client().post(link, {"password": password, "again": password}).status_code


def test_a_new_person_chooses_a_password_by_a_link_that_works_once(world: World, client_as: ClientAs) -> None:
    page = client_as(world.elin).post("/people/add/", {"full_name": "Lee New", "username": "Lee"})
    link = link_on(page.content)
    assert page.headers["Cache-Control"] == "no-store"
    shown = Client().get(link)
    assert "Lee New" in shown.content.decode()
    assert (shown.headers["Cache-Control"], shown.headers["Referrer-Policy"]) == ("no-store", "same-origin")

    assert choose(link, "lee new") == 422, "too short, and the name itself"
    assert choose(link) == 302
    assert choose(link, "another one for the thief") == 404, "it works once"
    added = Entry.objects.get(action="accounts.person.added")
    assert said_of(added) == {"actor_name": "Elin Ward", "subject_name": "Lee New", "sign_in_name": "lee"}
    lee = Client()
    assert lee.post("/sign-in/", {"username": "lee", "password": NEW}).status_code == 302
    assert lee.get("/account/").status_code == 200
    assert lee.get("/cameras/").status_code == 403, "no role yet, so nothing to see"
    assert Entry.objects.filter(action="accounts.password.chosen").count() == 1


def test_a_link_ends_by_a_newer_one_by_time_and_by_the_account_s_closing(
    world: World, client_as: ClientAs, settings: Settings
) -> None:
    elin, page = client_as(world.elin), f"/people/{world.asha.pk}/reset-password/"
    first = link_on(elin.post(page, {"reason": "Forgot it"}).content)
    second = link_on(elin.post(page, {"reason": "Lost the note"}).content)
    assert choose(first) == 404
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert choose(second) == 404
    settings.PASSWORD_RESET_TIMEOUT = 3600
    elin.post(f"/people/{world.asha.pk}/close/", {"reason": "Left"})
    assert choose(second) == 404
    assert choose("/choose-password/00000000-0000-0000-0000-000000000000/x/") == 404
    assert choose(second.replace("/choose-password/", "/choose-password/")[:-3] + "xx/") == 404


def test_nobody_signs_in_before_the_link_was_used(world: World) -> None:
    user, token = services.add_person("lee", "Lee New", by=world.elin)
    assert not user.has_usable_password()
    for guess in (token, "", "!", user.password):
        assert Client().post("/sign-in/", {"username": "lee", "password": guess}).status_code == 422


TWO_HANDS = [Role.OWNER_NOMINEE, Role.DATA_CONTROLLER, Role.DATA_PROTECTION_OFFICER]


@pytest.mark.parametrize("role", TWO_HANDS)
def test_nobody_gives_a_role_of_oversight_to_an_account_whose_key_he_had(world: World, role: Role) -> None:
    """Otherwise one person appears as two, and approves, erases or appoints as the other."""
    own, _ = services.add_person("lee", "Lee New", by=world.farah)
    with pytest.raises(TwoHandsNeeded):
        access.grant_role(own, role, by=world.farah, reason="Needed")
    access.grant_role(own, Role.OPERATOR, by=world.farah, reason="An ordinary one is given at once")
    other, _ = services.add_person("max", "Max Other", by=world.elin)
    assert access.grant_role(other, role, by=world.farah, reason="Needed").role == role.value
    # Resetting is having the key in hand, too.
    third, _ = services.add_person("noa", "Noa Third", by=world.elin)
    services.reset_password(third, by=world.farah, reason="Lost the note")
    with pytest.raises(TwoHandsNeeded):
        access.grant_role(User.objects.get(pk=third.pk), role, by=world.farah, reason="Needed")


@pytest.mark.parametrize("role", TWO_HANDS)
def test_who_runs_the_scheme_does_not_watch_over_it(world: World, role: Role) -> None:
    with pytest.raises(RolesApart):
        access.grant_role(world.elin, role, by=world.farah, reason="Saves a post")
    lee = make_person("lee", "Lee New")
    access.grant_role(lee, role, by=world.farah, reason="Needed")
    with pytest.raises(RolesApart):
        access.grant_role(lee, Role.MANAGER, by=world.farah, reason="Saves a post")


@pytest.mark.parametrize("username", ["asha", "ASHA", "a", "1lee", "lee new", "x" * 41, "l\x00ee"])
def test_a_sign_in_name_that_is_taken_or_cannot_be_typed_is_refused(
    world: World, client_as: ClientAs, username: str
) -> None:
    before = User.objects.count()
    assert client_as(world.elin).post("/people/add/", {"full_name": "Lee", "username": username}).status_code == 422
    assert User.objects.count() == before


@pytest.mark.parametrize(("days", "given"), [(-1, False), (-400, False), (0, True), (1, True)])
def test_a_role_is_never_given_for_a_time_that_is_over(
    world: World, client_as: ClientAs, days: int, given: bool
) -> None:
    """From today is from now, so that nothing which was done without the role looks as if it had been done with it."""
    lee, before = make_person("lee", "Lee New"), timezone.now()
    first = (timezone.localdate() + timedelta(days=days)).isoformat()
    form = {"role": "operator", "partner": str(world.marketon.pk), "first_day": first, "reason": "Covers the night"}
    answer = client_as(world.elin).post(f"/people/{lee.pk}/roles/give/", form)
    assert (answer.status_code == 302) is given
    grants = list(Grant.objects.filter(user=lee))
    assert [grant.starts_at >= before for grant in grants] == [True] * given
    if not given:
        page = answer.content.decode()
        assert "A role begins when it is given, or later" in page
        assert first in page, "what was typed stays"


def test_a_manager_gives_a_role_with_dates_and_reason_and_it_is_in_the_book(world: World, client_as: ClientAs) -> None:
    lee = make_person("lee", "Lee New")
    today = timezone.localdate()
    form = {
        "role": "operator",
        "partner": str(world.marketon.pk),
        "last_day": (today + timedelta(days=6)).isoformat(),
        "reason": "Covers the night shift",
    }

    assert client_as(world.elin).post(f"/people/{lee.pk}/roles/give/", form).status_code == 302

    grant = Grant.objects.get(user=lee)
    assert grant.granted_by == world.elin
    assert timezone.localtime(grant.ends_at).date() == today + timedelta(days=7), "the last day counts"
    assert may(lee, Act.VIEW_LIVE)
    assert not may(lee, Act.VIEW_LIVE, now=grant.ends_at), "and then it is over"
    entry = Entry.objects.get(action="access.grant.given")
    assert entry.facts["role"] == "operator"
    assert {one.field: one.value for one in entry.personal.all()}["reason"] == "Covers the night shift"


def test_a_withdrawn_role_is_gone_at_once_and_its_row_stays(world: World, client_as: ClientAs) -> None:
    grant = world.asha.grants.get()
    asha = client_as(world.asha)
    assert asha.get("/cameras/127/").status_code == 200

    page = f"/people/{world.asha.pk}/roles/{grant.pk}/withdraw/"
    assert client_as(world.elin).post(page, {"reason": "Left the desk"}).status_code == 302

    assert asha.get("/cameras/127/").status_code == 404
    assert Grant.objects.filter(pk=grant.pk, withdrawn_at__isnull=False).exists()
    told = Entry.objects.get(action="access.grant.withdrawn")
    assert (told.subject_id, told.facts["role"], said_of(told)["person"]) == (str(grant.pk), "operator", "Asha Patel")


def test_nobody_changes_his_own_roles(world: World, client_as: ClientAs) -> None:
    with pytest.raises(OwnGrant):
        access.grant_role(world.elin, Role.OPERATOR, by=world.elin, reason="I may")
    with pytest.raises(OwnGrant):
        access.withdraw_grant(world.elin.grants.get(), by=world.elin, reason="Enough")
    page = client_as(world.elin).post(
        f"/people/{world.elin.pk}/roles/give/", {"role": "data_controller", "reason": "I may"}
    )
    assert page.status_code == 403
    assert "Nobody changes his own roles" in page.content.decode()


def test_a_grant_never_reaches_beyond_the_granter(world: World, local_manager: User) -> None:
    lee = make_person("lee", "Lee New")
    inside = access.grant_role(lee, Role.OPERATOR, by=local_manager, reason="Nights", partner=world.riverside_homes)
    assert inside.partner == world.riverside_homes
    beyond = [
        {"partner": world.marketon},
        {"partner": None},
        {"partner": None, "group": world.town_centre},
    ]
    for where in beyond:
        with pytest.raises(GrantRefused):
            access.grant_role(lee, Role.OPERATOR, by=local_manager, reason="Nights", **where)
    with pytest.raises(GrantRefused):
        access.withdraw_grant(world.asha.grants.get(), by=local_manager, reason="Not mine")


@pytest.mark.parametrize("role", [*TWO_HANDS, Role.INSPECTOR, Role.AUDITOR])
def test_those_who_watch_over_the_manager_are_named_by_the_owner(world: World, role: Role) -> None:
    lee = make_person("lee", "Lee New")
    with pytest.raises(GrantRefused):
        access.grant_role(lee, role, by=world.elin, reason="Needed")
    assert access.grant_role(lee, role, by=world.farah, reason="Needed").role == role.value


def test_an_operator_gives_no_roles(world: World) -> None:
    with pytest.raises(GrantRefused):
        access.grant_role(make_person("lee", "Lee"), Role.OPERATOR, by=world.asha, reason="A friend")


def test_a_grant_needs_a_reason_and_dates_that_can_be(world: World) -> None:
    lee, now = make_person("lee", "Lee New"), timezone.now()
    wrong: list[dict[str, object]] = [
        {"reason": "  "},
        {"reason": "x", "starts_at": now, "ends_at": now},
        {"reason": "x", "starts_at": now - timedelta(days=2), "ends_at": now - timedelta(days=1)},
    ]
    for terms in wrong:
        with pytest.raises(BadGrant):
            access.grant_role(lee, Role.OPERATOR, by=world.elin, **terms)  # type: ignore[arg-type]  # a table of cases
    assert not Grant.objects.filter(user=lee).exists()
    assert not Entry.objects.exists()


def test_a_role_to_come_does_not_count_yet(world: World) -> None:
    lee, tomorrow = make_person("lee", "Lee New"), timezone.now() + timedelta(days=1)
    access.grant_role(lee, Role.OPERATOR, by=world.elin, reason="Starts tomorrow", starts_at=tomorrow)
    assert not may(lee, Act.VIEW_LIVE)
    assert may(lee, Act.VIEW_LIVE, now=tomorrow)


def test_a_reset_ends_sessions_and_tokens_and_the_old_password(world: World, client_as: ClientAs) -> None:
    asha = client_as(world.asha)
    _, token = create_token(world.asha, "A script", timezone.now() + timedelta(days=1))
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    assert Client().get("/api/v1/cameras", **bearer).status_code == 200

    page = client_as(world.elin).post(f"/people/{world.asha.pk}/reset-password/", {"reason": "Forgot it"})

    assert link_on(page.content)
    assert asha.get("/account/").status_code == 302
    assert Client().get("/api/v1/cameras", **bearer).status_code == 401
    assert Entry.objects.filter(action="accounts.password.reset").count() == 1


def test_a_local_manager_cannot_take_over_an_account_that_reaches_further(
    world: World, local_manager: User, client_as: ClientAs
) -> None:
    """Otherwise the manager of one partner could sign in as the manager of all."""
    for person in (world.elin, world.gwen, world.dev):
        with pytest.raises(NotYourPerson):
            services.reset_password(person, by=local_manager, reason="Forgot it")
        page = client_as(local_manager).post(f"/people/{person.pk}/reset-password/", {"reason": "Forgot it"})
        assert page.status_code in {403, 404}
    assert services.reset_password(world.bryn, by=local_manager, reason="Forgot it")


def test_a_manager_cannot_take_over_the_owners_nominee(world: World) -> None:
    with pytest.raises(NotYourPerson):
        services.reset_password(world.farah, by=world.elin, reason="Forgot it")
    assert services.reset_password(world.elin, by=world.farah, reason="Forgot it")


def test_a_local_manager_sees_his_own_people_and_those_without_a_role(
    world: World, local_manager: User, client_as: ClientAs
) -> None:
    lee = make_person("lee", "Lee New")
    page = client_as(local_manager).get("/people/").content.decode()
    assert "Bryn Howell" in page
    assert lee.full_name in page
    assert "Asha Patel" not in page
    assert client_as(local_manager).get(f"/people/{world.asha.pk}/").status_code == 404


def test_who_has_left_is_signed_out_and_stays_in_the_book(world: World, client_as: ClientAs) -> None:
    asha = client_as(world.asha)
    page = client_as(world.elin).post(f"/people/{world.asha.pk}/close/", {"reason": "Moved away"})
    assert page.status_code == 302
    assert asha.get("/account/").status_code == 302
    assert User.objects.filter(username="asha", is_active=False).exists()
    assert not may(User.objects.get(username="asha"), Act.VIEW_LIVE)

    back = client_as(world.elin).post(f"/people/{world.asha.pk}/reopen/", {"reason": "Came back"})
    assert choose(link_on(back.content)) == 302
    assert may(User.objects.get(username="asha"), Act.VIEW_LIVE)
    about = {"actor_name": "Elin Ward", "subject_name": "Asha Patel"}
    assert said_of(Entry.objects.get(action="accounts.person.left")) == about | {"reason": "Moved away"}
    assert said_of(Entry.objects.get(action="accounts.person.returned")) == about | {"reason": "Came back"}
    assert Entry.objects.filter(action="accounts.password.chosen").count() == 1


def test_a_role_inside_ones_reach_does_not_open_an_account_with_one_beyond_it(
    world: World, local_manager: User
) -> None:
    give_role(world.bryn, Role.OPERATOR, partner=world.marketon)
    with pytest.raises(NotYourPerson):
        services.reset_password(world.bryn, by=local_manager, reason="Forgot it")
    with pytest.raises(NotYourPerson):
        services.mark_left(world.bryn, by=local_manager, reason="Moved away")
    assert User.objects.get(username="bryn").is_active
    services.mark_left(world.bryn, by=world.elin, reason="Moved away")


@pytest.mark.parametrize("act", [services.reset_password, services.mark_left, services.mark_returned])
def test_what_is_done_to_an_account_needs_a_reason_by_every_door(world: World, act: Callable[..., object]) -> None:
    User.objects.filter(pk=world.asha.pk).update(is_active=act is not services.mark_returned)
    with pytest.raises(BadPerson, match="Say why"):
        act(world.asha, by=world.elin, reason=" ")
    act(world.asha, by=world.elin, reason="As agreed")


def test_an_act_without_a_reason_is_not_done(world: World, client_as: ClientAs) -> None:
    assert client_as(world.elin).post(f"/people/{world.asha.pk}/close/", {"reason": " "}).status_code == 422
    assert User.objects.get(username="asha").is_active
