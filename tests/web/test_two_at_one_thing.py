"""Two people, or two tabs, change one thing: the second is told who changed what and when, and loses nothing he typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.db import transaction
from django.test import Client

from overt.access.rules import Role
from overt.estate.cameras.forms import CameraForm
from overt.estate.models import Camera
from overt.evidence.models import Hold, StoragePlace
from overt.policy.models import PolicyVersion
from overt.shared.edits import ChangedMeanwhile, Edit, shown_by, unchanged
from page_forms import PageForm, forms_of
from web.test_every_form import address_of
from world import World, give_role

ClientAs = Callable[..., Client]


@pytest.fixture
def both(world: World, client_as: ClientAs) -> tuple[Client, Client]:
    """Elin and Dev, who may do everything."""
    for person in (world.elin, world.dev):
        for role in Role:
            give_role(person, role)
    return client_as(world.elin), client_as(world.dev)


def values(client: Client, path: str, **changed: str | list[str]) -> dict[str, list[str]]:
    """What a browser would send of the form at an address, with some fields changed."""
    form = _with(client.get(path).content.decode(), next(iter(changed)))
    sent = {name: list(field.values) for name, field in form.fields.items()}
    return sent | {name: [value] if isinstance(value, str) else value for name, value in changed.items()}


def _with(page: str, name: str) -> PageForm:
    return next(form for form in forms_of(page) if name in form.fields)


#: The page, what the first and the second put into it, and where the first's value is seen to be kept.
EDITS = [
    pytest.param("cameras/<str:number>/change/", {"name": "By the mill"}, {"name": "By the weir"}, id="camera"),
    pytest.param("estate/<slug:slug>/<uuid:place_id>/rename/", {"name": "Milltown"}, {"name": "Weirtown"}, id="place"),
    pytest.param(
        "policy/versions/<int:number>/head/",
        {"title": "The mill's code", "reason": "a"},
        {"title": "The weir's code", "reason": "b"},
        id="title page",
    ),
    pytest.param(
        "policy/versions/<int:number>/settings/<slug:name>/",
        {"note": "By the mill", "reason": "a"},
        {"note": "By the weir", "reason": "b"},
        id="setting",
    ),
    pytest.param(
        "exhibits/holds/<uuid:hold_id>/",
        {"ground": "case_history", "case_reference": "The mill", "requester": "PC Hill", "review_on": "2999-01-01"},
        {"ground": "case_history", "case_reference": "The weir", "requester": "PC Dale", "review_on": "2999-01-01"},
        id="hold's ground",
    ),
]


@pytest.mark.parametrize(("template", "first", "second"), EDITS)
def test_the_second_is_told_and_decides(
    template: str, first: dict[str, str], second: dict[str, str], world: World, both: tuple[Client, Client]
) -> None:
    elin, dev = both
    path = address_of(template, world)
    of_elin, of_dev = values(elin, path, **first), values(dev, path, **second)
    assert elin.post(path, of_elin).status_code == 302

    told = dev.post(path, of_dev)
    assert told.status_code == 409
    page = told.content.decode()
    assert "Elin Ward changed this on " in page
    assert "mill" in page.lower(), "what stands there now"
    shown = _with(page, next(iter(second)))
    for name, value in second.items():
        assert shown.fields[name].values == [value], "what the second typed"

    again = {name: list(field.values) for name, field in shown.fields.items()}
    assert dev.post(path, again).status_code == 302, "sent in sight of both, it counts"


@pytest.mark.parametrize(("template", "first", "second"), EDITS)
def test_one_after_the_other_is_told_nothing(
    template: str, first: dict[str, str], second: dict[str, str], world: World, both: tuple[Client, Client]
) -> None:
    elin, dev = both
    path = address_of(template, world)
    assert elin.post(path, values(elin, path, **first)).status_code == 302
    path += "?change" if "holds" in path else ""
    assert dev.post(path, values(dev, path, **second)).status_code == 302


def test_a_field_that_the_second_left_alone_takes_the_firsts(world: World, both: tuple[Client, Client]) -> None:
    elin, dev = both
    path = "/cameras/127/change/"
    of_elin, of_dev = values(elin, path, name="By the mill"), values(dev, path, priority="7")
    assert elin.post(path, of_elin).status_code == 302
    told = dev.post(path, of_dev)
    assert told.status_code == 409
    shown = _with(told.content.decode(), "priority")
    assert (shown.fields["name"].values, shown.fields["priority"].values) == (["By the mill"], ["7"])
    assert dev.post(path, {name: field.values for name, field in shown.fields.items()}).status_code == 302
    kept = Camera.objects.get(number="127")
    assert (kept.name, kept.priority) == ("By the mill", 7)


def test_the_same_change_twice_is_no_conflict(world: World, both: tuple[Client, Client]) -> None:
    elin, dev = both
    path = "/cameras/127/change/"
    of_elin, of_dev = values(elin, path, name="By the mill"), values(dev, path, name="By the mill")
    assert elin.post(path, of_elin).status_code == 302
    assert dev.post(path, of_dev).status_code == 302


def test_an_access_list_is_merged_by_whoever_comes_second(world: World, both: tuple[Client, Client]) -> None:
    elin, dev = both
    path = address_of("exhibits/places/<uuid:location_id>/keepers/", world)
    mine, theirs = [str(world.asha.pk), str(world.dev.pk)], [str(world.bryn.pk)]
    of_elin, of_dev = values(elin, path, keepers=theirs, reason="a"), values(dev, path, keepers=mine, reason="b")
    assert elin.post(path, of_elin).status_code == 302
    told = dev.post(path, of_dev)
    assert told.status_code == 409
    assert "Changed meanwhile to “Bryn Howell”" in told.content.decode()
    assert list(StoragePlace.objects.get().keepers.all()) == [world.bryn]


def test_of_a_draft_as_text_both_see_the_lines_apart(world: World, both: tuple[Client, Client]) -> None:
    elin, dev = both
    path = address_of("policy/versions/<int:number>/change/", world)
    text = values(elin, path, reason="a")["text"][0]
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    of_elin = values(elin, path, text=text.replace(title, "title: The code of the mill"), reason="a")
    of_dev = values(dev, path, text=text.replace(title, "title: The code of the weir"), reason="b")
    assert elin.post(path, of_elin).status_code == 302
    told = dev.post(path, of_dev)
    page = told.content.decode()
    assert told.status_code == 409
    assert "In it now, and not in yours: “title: &quot;The code of the mill&quot;”" in page
    assert _with(page, "text").fields["text"].values[0].strip() == of_dev["text"][0].strip()
    assert PolicyVersion.objects.order_by("-number")[0].document["title"] == "The code of the mill"


def test_two_settings_of_one_draft_changed_at_once_both_stay(world: World, both: tuple[Client, Client]) -> None:
    """Each is put into the document as it is once it is locked, not into the one the page was drawn with."""
    from overt.policy.drafting import services

    path = address_of("policy/versions/<int:number>/settings/<slug:name>/", world)
    number = int(path.split("/")[3])
    stale = [PolicyVersion.objects.get(number=number) for _ in range(2)]
    services.change_setting(stale[0], "retention_days", {"value": 14, "unit": "days"}, by=world.elin, reason="a")
    term = {"value": 2, "unit": "years"}
    services.change_setting(stale[1], "evidence_master_retention_years", term, by=world.elin, reason="b")
    settings = PolicyVersion.objects.get(number=number).document["settings"]
    assert settings["retention_days"]["value"] == 14
    assert settings["evidence_master_retention_years"]["value"] == 2


def test_a_change_between_the_look_and_the_lock_is_noticed_under_the_lock(world: World) -> None:
    camera = world.camera("127")
    made = partial(CameraForm, manager=world.elin, camera=camera)
    with unchanged(Edit(camera, lambda: None), made, shown_by(made())), transaction.atomic():
        assert Camera.objects.lock(camera.pk).pk == camera.pk
        Camera.objects.filter(pk=camera.pk).update(name="By the mill")
        Camera.objects.lock(world.camera("128").pk)  # another row is nobody's business here
        with pytest.raises(ChangedMeanwhile):
            Camera.objects.lock(camera.pk)
    with transaction.atomic():
        assert Camera.objects.lock(camera.pk).name == "By the mill"


def test_a_ground_that_is_corrected_keeps_its_end(world: World, both: tuple[Client, Client]) -> None:
    elin, _ = both
    path = address_of("exhibits/holds/<uuid:hold_id>/", world)
    why = {"ground": "case_history", "case_reference": "1", "requester": "PC Hill", "review_on": "2999-01-01"}
    assert elin.post(path, {**why, "ends_on": "2999-02-01"}).status_code == 302
    [hold] = Hold.objects.all()
    ends = hold.expires_at
    assert ends is not None
    assert elin.post(f"{path}?change", values(elin, f"{path}?change", case_reference="2")).status_code == 302
    hold.refresh_from_db()
    assert (hold.case_reference, hold.expires_at) == ("2", ends)
