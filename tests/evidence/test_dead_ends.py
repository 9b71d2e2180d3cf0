"""Before a form opens, what it needs is there or is offered; and what is sealed for good has its shape first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from overt.access.rules import Role
from overt.evidence.errors import BadReference
from overt.evidence.exhibits import rules
from overt.evidence.models import Copy, Exhibit, StoragePlace
from overt.shared.env import WrongSetting, env_pattern
from page_forms import forms_of
from web.test_every_form import address_of
from world import World, adopt_policy, give_role

ClientAs = Callable[..., Client]
SHAPE = "[A-Z0-9]+(-[A-Z0-9]+)*-[0-9]+(-[A-Z0-9]+)*"


@pytest.fixture
def elin(world: World, client_as: ClientAs) -> Client:
    for role in Role:
        give_role(world.elin, role)
    return client_as(world.elin)


@pytest.mark.parametrize("asked", ["exhibits/stills/take/", "exhibits/<str:reference>/copies/<int:number>/store/"])
def test_without_a_storage_location_the_page_offers_one_and_no_form(asked: str, world: World, elin: Client) -> None:
    path = address_of(asked, world)
    StoragePlace.objects.all().delete()
    page = elin.get(path).content.decode()
    assert forms_of(page) == []
    assert 'href="/exhibits/places/add/"' in page

    StoragePlace.objects.create(name="Safe", security="lock", security_number="K", added_at=timezone.now())
    assert len(forms_of(elin.get(path).content.decode())) == 1


def test_who_may_add_no_storage_location_is_told_whom_to_ask(world: World, client_as: ClientAs) -> None:
    page = client_as(world.asha).get("/exhibits/stills/take/").content.decode()
    assert "Ask a manager of the scheme" in page
    assert "places/add" not in page


@pytest.mark.parametrize(("medium", "links", "leaves"), [
    ("download", "off", False), ("download", "on", True), ("disc", "off", True),
])  # fmt: skip
def test_a_file_on_no_medium_has_no_form_to_hand_it_over_where_links_are_off(
    medium: str, links: str, leaves: bool, world: World, elin: Client
) -> None:
    adopt_policy(link_delivery=links)
    path = address_of("exhibits/<str:reference>/copies/<int:number>/hand-over/", world)
    Copy.objects.update(medium=medium, test_answer="good")
    assert elin.get(path).status_code == (200 if leaves else 409)
    page = elin.get(path.removesuffix("hand-over/")).content.decode()
    assert ("Hand it over" in page) is leaves
    assert ("make a copy on a medium" in page) is not leaves


@pytest.mark.parametrize("reference", ["JD-7", "42-4417-26", "JD-7-R1"])
def test_a_reference_of_the_usual_shape_passes(reference: str) -> None:
    rules.check_shape(reference, SHAPE)


@pytest.mark.parametrize("reference", ["HELLO", "JD", "7", "HELLO-WORLD", "JD-7X"])
def test_a_reference_of_another_shape_is_refused_before_it_is_used_up(reference: str) -> None:
    with pytest.raises(BadReference):
        rules.check_shape(reference, SHAPE)


def test_hello_is_not_sealed(world: World, elin: Client) -> None:
    sent = {"camera": "127", "start": "2026-11-01 00:00:00", "end": "2026-11-01 00:01:00", "reason": "A theft"}
    answer = elin.post("/exhibits/seal/", {**sent, "reference": "hello"})
    assert answer.status_code == 422
    assert 'id="id_reference-error"' in answer.content.decode()
    assert "HELLO has not the shape" in answer.content.decode()
    assert not Exhibit.objects.exists()


@pytest.mark.parametrize(("last", "used", "free"), [
    ("JD-7", {"JD-7"}, "JD-8"), ("JD-9", {"JD-10", "JD-11"}, "JD-12"), ("JD-7-A", set(), ""),
])  # fmt: skip
def test_the_next_free_reference_follows_the_last(last: str, used: set[str], free: str) -> None:
    assert rules.following(last, used) == free


def test_the_form_offers_ones_own_next_reference(world: World, elin: Client) -> None:
    for number, operator in ((7, world.elin), (8, world.dev)):
        Exhibit.objects.create(
            reference=f"JD-{number}", state="sealed", operator=operator, opened_at=timezone.now()
        )  # fmt: skip
    [form] = forms_of(elin.get("/exhibits/seal/").content.decode())
    assert form.fields["reference"].values == ["JD-9"], "JD-8 is somebody else's"


def test_a_shape_that_cannot_be_read_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERT_EXHIBIT_REFERENCE", "[A-Z")
    with pytest.raises(WrongSetting, match="OVERT_EXHIBIT_REFERENCE"):
        env_pattern("OVERT_EXHIBIT_REFERENCE", SHAPE)
