"""Adding, changing and retiring cameras: who may, what is refused, what the recorder and the logbook are told."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from footage.catalogue import Catalogue
from overt.access.rules import Act, Role
from overt.estate.cameras.credentials import decrypt
from overt.estate.cameras.services import add_camera, change_camera, retire_camera
from overt.estate.cameras.values import CameraValues
from overt.estate.models import Camera
from overt.estate.node import sources, sync_node
from overt.estate.rules import BadCamera, BeyondYou
from overt.logbook.models import Entry
from world import World, adopt_policy, give_role

ClientAs = Callable[..., Client]
SECRET = "keys-under-the-mat"


def values(world: World, **other: Any) -> CameraValues:
    given = {"number": "500", "name": "Quay Lane", "town": world.towns["Harbour"], "address": "rtsp://127.0.0.1/1"}
    return CameraValues(**{**given, **other})


def form(world: World, **other: str) -> dict[str, str]:
    given = {
        "number": "500",
        "name": "Quay Lane",
        "kind": "fixed",
        "town": str(world.towns["Harbour"].pk),
        "address": "rtsp://127.0.0.1/1",
        "recorded": "on",
        "priority": "100",
    }
    return {**given, **other}


def as_form(world: World, camera: Camera, **other: str) -> dict[str, str]:
    """The form as its page shows it for a camera that is there."""
    shown = {"number": camera.number, "name": camera.name, "kind": camera.kind, "address": camera.stream_url}
    place = {"latitude": str(camera.latitude), "longitude": str(camera.longitude), "town": str(camera.town_id)}
    bearing = {} if camera.bearing_degrees is None else {"bearing_degrees": str(camera.bearing_degrees)}
    groups = {"groups": [str(group.pk) for group in camera.groups.all()]}
    return {**form(world, **shown, **place, **bearing), "partner": str(camera.partner_id), **groups, **other}  # type: ignore[dict-item]  # a list is posted as several


def test_a_camera_that_is_added_is_ordered_from_the_recorder_and_written_down(
    world: World,
    client_as: ClientAs,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = client_as(world.elin).post("/cameras/add/", form(world, username="viewer", password=SECRET))
    assert response.headers["Location"] == "/cameras/500/"

    camera = Camera.objects.get(number="500")
    assert (camera.town.name, camera.partner) == ("Harbour", world.marketon), "the town's partner, unless said"
    ordered = {one.camera_id: one for one in _ordered(settings)}
    assert ordered[camera.pk].url == "rtsp://127.0.0.1/1"
    assert (ordered[camera.pk].username, ordered[camera.pk].password) == ("viewer", SECRET)
    assert ordered[camera.pk].retention_days == 31
    entry = Entry.objects.get(action="estate.camera.added")
    assert entry.camera == str(camera.pk)
    assert entry.facts["town"] == str(world.towns["Harbour"].pk)


def _ordered(settings: Settings) -> list[Any]:
    """What the recorder reads when it starts."""
    from overt.shared.keys import node_key

    with Catalogue(settings.FOOTAGE_STORE, key=node_key(), readonly=True) as catalogue:
        return list(catalogue.cameras())


def test_a_cameras_password_is_sealed_and_never_comes_back(world: World, client_as: ClientAs) -> None:
    elin = client_as(world.elin)
    elin.post("/cameras/add/", form(world, address=f"rtsp://viewer:{SECRET}@127.0.0.1/1"))

    camera = Camera.objects.get(number="500")
    assert decrypt(camera.credentials_sealed) == ("viewer", SECRET)
    assert SECRET.encode() not in bytes(camera.credentials_sealed or b"")
    assert camera.stream_url == "rtsp://127.0.0.1/1"
    pages = ["/cameras/500/", "/cameras/500/change/", "/cameras/", "/api/v1/cameras/500", "/logbook/"]
    for page in pages:
        assert SECRET not in elin.get(page).content.decode(), page
    written = "".join(e.facts_text + "".join(p.value or "" for p in e.personal.all()) for e in Entry.objects.all())
    assert SECRET not in written


def test_an_empty_password_keeps_the_stored_one_and_forgetting_is_asked_for(world: World, client_as: ClientAs) -> None:
    elin = client_as(world.elin)
    camera = add_camera(values(world, username="viewer", password=SECRET), by=world.elin)

    elin.post("/cameras/500/change/", form(world, name="Quay Lane south"))
    camera.refresh_from_db()
    assert (camera.name, decrypt(camera.credentials_sealed)) == ("Quay Lane south", ("viewer", SECRET))

    elin.post("/cameras/500/change/", form(world, name="Quay Lane south", forget_credentials="on"))
    camera.refresh_from_db()
    assert decrypt(camera.credentials_sealed) == ("", "")


def test_stored_credentials_do_not_follow_an_address_to_another_host(world: World) -> None:
    """Somebody who may change a camera could otherwise have its password sent to a machine of his own."""
    camera = add_camera(values(world, username="viewer", password=SECRET), by=world.elin)
    with pytest.raises(BadCamera) as refused:
        change_camera(camera, values(world, address="rtsp://10.0.0.66/1"), by=world.elin)
    assert refused.value.field == "username"
    for address in ("rtsp://127.0.0.1:8554/1", "rtsps://127.0.0.1/1"):
        with pytest.raises(BadCamera):
            change_camera(camera, values(world, address=address), by=world.elin)
    same_host = values(world, address="rtsp://127.0.0.1/2")
    assert change_camera(camera, same_host, by=world.elin) == ["address"]
    elsewhere = values(world, address="rtsp://10.0.0.66/1", username="viewer", password="another")
    assert change_camera(camera, elsewhere, by=world.elin) == ["address", "credentials"]


@pytest.mark.parametrize(
    ("credentials", "written"), [("user:hunter#2", "%23"), ("user:hunter/2", "%2F"), ("user:hunt@er", "%40")]
)
def test_a_raw_sign_in_pasted_credentials_is_named_and_nothing_of_them_is_shown(
    world: World, client_as: ClientAs, credentials: str, written: str
) -> None:
    page = client_as(world.elin).post("/cameras/add/", form(world, address=f"rtsp://{credentials}@127.0.0.1/s"))
    assert page.status_code == 422
    assert written in page.content.decode()
    assert "hunt" not in page.content.decode()


def test_how_a_camera_is_spoken_to_is_switched_with_an_entry_and_reaches_the_recorder(
    world: World,
    client_as: ClientAs,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    elin = client_as(world.elin)
    with django_capture_on_commit_callbacks(execute=True):
        elin.post("/cameras/add/", form(world))
    (ordered,) = [one for one in _ordered(settings) if one.name == "500 Quay Lane"]
    assert (ordered.basic_allowed, ordered.transport) == (False, "tcp"), "neither, unless somebody says so"
    page = elin.get("/cameras/500/change/").content.decode()
    assert "Allow the password to be sent unencrypted (Basic)" in page

    with django_capture_on_commit_callbacks(execute=True):
        elin.post("/cameras/500/change/", form(world, basic_allowed="on", transport="udp"))
    (ordered,) = [one for one in _ordered(settings) if one.name == "500 Quay Lane"]
    assert (ordered.basic_allowed, ordered.transport) == (True, "udp")
    entry = Entry.objects.get(action="estate.camera.changed")
    assert entry.facts["changed"] == ["basic_allowed", "transport"]
    assert (entry.facts["basic_allowed"], entry.facts["transport"]) == (True, "udp")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1/1", "rtsp://"),
        ("file:///etc/passwd", "rtsp://"),
        ("exec:rm", "rtsp://"),
        ("127.0.0.1", "rtsp://"),
        ("rtsp://", "no host"),
        ("rtsp://8.8.8.8/1", "outside the networks"),
        ("rtsp://169.254.169.254/latest", "outside the networks"),
        ("rtsp://[::ffff:8.8.8.8]/1", "outside the networks"),
        ("rtsp://0/1", "outside the networks"),
        ("rtsp://134744072/1", "outside the networks"),
        ("rtsp://no-such-host.invalid/1", "not known here"),
        ("rtsp://127.0.0.1:99999/1", "camera address"),
        ("rtsp://127.0.0.1/1\r\nX: y", "visible ASCII"),
        ("rtsp://127.0.0.1/" + "x" * 600, "at most 500"),
    ],
)
def test_an_address_that_cannot_be_is_told_beside_its_field(
    world: World, client_as: ClientAs, address: str, words: str
) -> None:
    page = client_as(world.elin).post("/cameras/add/", form(world, address=address))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert 'id="id_address-error"' in page.content.decode()
    assert not Camera.objects.filter(number="500").exists()


def test_the_networks_are_a_setting(world: World, settings: Settings) -> None:
    settings.CAMERA_NETWORKS = ["10.9.0.0/16"]
    with pytest.raises(BadCamera):
        add_camera(values(world), by=world.elin)
    assert add_camera(values(world, address="rtsp://10.9.1.2/1"), by=world.elin)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "127"}, "number"),
        ({"number": "r2"}, "number"),
        ({"number": "add"}, "number"),
        ({"number": "1/2"}, "number"),
        ({"name": "=cmd()"}, "name"),
        ({"name": "a\x07b"}, "name"),
        ({"latitude": Decimal("51.5")}, "longitude"),
        ({"latitude": Decimal("95"), "longitude": Decimal("0")}, "latitude"),
        ({"bearing_degrees": 360}, "bearing_degrees"),
        ({"retention_days": 32}, "retention_days"),
        ({"retention_days": 0}, "retention_days"),
        ({"priority": 40_000}, "priority"),
        ({"certificate": "any"}, "certificate"),  # at rtsp:// none is shown
        ({"address": "rtsps://127.0.0.1/1", "certificate": "ab" * 31}, "certificate"),
        ({"transport": "http"}, "transport"),
        ({"address": "rtsps://127.0.0.1/1", "transport": "udp"}, "transport"),
        ({"address": "rtsps://127.0.0.1/1", "certificate": "everything"}, "certificate"),
    ],
)
def test_a_value_that_cannot_be_names_its_field(world: World, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(BadCamera) as refused:
        add_camera(values(world, **wrong), by=world.elin)
    assert refused.value.field == field
    assert not Entry.objects.exists()


def test_a_cameras_own_period_is_only_ever_shorter_than_the_schemes(world: World) -> None:
    camera = add_camera(values(world, retention_days=14), by=world.elin)
    days = {one.camera_id: one.retention_days for one in sources()}
    assert (days[camera.pk], days[world.camera("127").pk]) == (14, 31)
    adopt_policy(retention_days=7)
    assert {one.retention_days for one in sources()} == {7}, "a stricter policy counts at once"


def test_a_local_manager_adds_and_moves_cameras_inside_the_own_partner_only(world: World) -> None:
    give_role(world.bryn, Role.MANAGER, partner=world.riverside_homes)
    mine = values(world, town=world.towns["Riverside"])
    camera = add_camera(mine, by=world.bryn)
    with pytest.raises(BeyondYou):
        add_camera(values(world, number="501"), by=world.bryn)
    with pytest.raises(BeyondYou):
        change_camera(camera, values(world, partner=world.marketon), by=world.bryn)
    with pytest.raises(BeyondYou):
        change_camera(world.camera("127"), values(world, town=world.towns["Riverside"]), by=world.bryn)
    with pytest.raises(BeyondYou):
        retire_camera(world.camera("127"), by=world.bryn, reason="I want it gone")


def test_a_manager_of_a_partners_group_reaches_no_other_camera_of_the_partner(world: World) -> None:
    give_role(world.kit, Role.MANAGER, partner=world.marketon, group=world.town_centre)
    with pytest.raises(BeyondYou):
        add_camera(values(world, number="501"), by=world.kit)
    seen = set(Camera.objects.visible_to(world.kit, to=Act.MANAGE_CAMERA))
    assert seen == set(Camera.objects.filter(partner=world.marketon, groups=world.town_centre))
    assert seen < set(Camera.objects.filter(partner=world.marketon))
    add_camera(values(world, number="501", groups=[world.town_centre]), by=world.kit)


def test_saving_what_is_there_already_changes_nothing(world: World, client_as: ClientAs) -> None:
    camera = world.camera("128")
    before = Entry.objects.count()
    page = client_as(world.elin).post("/cameras/128/change/", as_form(world, camera), follow=True)
    assert "nothing was changed" in page.content.decode()
    assert Entry.objects.count() == before


def test_a_change_names_what_changed(world: World, client_as: ClientAs) -> None:
    camera = world.camera("128")
    client_as(world.elin).post("/cameras/128/change/", as_form(world, camera, name="Market Place east"))
    assert Entry.objects.get(action="estate.camera.changed").facts["changed"] == ["name"]
    page = client_as(world.elin).get("/cameras/128/").content.decode()
    assert "Camera changed: name" in page
    assert "Elin Ward" in page


def test_a_retired_camera_is_recorded_no_more_and_keeps_its_number_and_history(
    world: World, client_as: ClientAs
) -> None:
    assert client_as(world.elin).post("/cameras/127/retire/", {"reason": " "}).status_code == 422
    client_as(world.elin).post("/cameras/127/retire/", {"reason": "The pole was taken down"})

    order = next(one for one in sources() if one.camera_id == world.camera("127").pk)
    assert not order.enabled, "still ordered, so that retention goes on for what it recorded"
    assert client_as(world.asha).get("/cameras/127/").status_code == 200
    assert "127" not in [one["number"] for one in client_as(world.asha).get("/api/v1/cameras").json()]
    with pytest.raises(BadCamera):
        add_camera(values(world, number="127"), by=world.elin)
    assert client_as(world.elin).post("/cameras/127/change/", form(world, number="127")).status_code == 422


def test_the_recorder_is_told_again_when_it_could_not_be(world: World, settings: Settings) -> None:
    store = settings.FOOTAGE_STORE
    settings.FOOTAGE_STORE = store / "catalogue.sqlite3" / "nowhere"
    (store / "catalogue.sqlite3").write_bytes(b"not a database")
    assert sync_node() is False
    settings.FOOTAGE_STORE = store.parent / "another"
    settings.FOOTAGE_STORE.mkdir()
    assert sync_node() is True
    assert len(_ordered(settings)) == 6


def test_only_who_manages_cameras_sees_the_address(world: World, client_as: ClientAs) -> None:
    assert "rtsp://127.0.0.1:18554/127" in client_as(world.elin).get("/cameras/127/").content.decode()
    assert "rtsp://" not in client_as(world.asha).get("/cameras/127/").content.decode()


def test_the_list_shows_ones_own_cameras_and_says_that_nothing_records(world: World, client_as: ClientAs) -> None:
    page = client_as(world.asha).get("/cameras/").content.decode()
    assert "High Street North" in page
    assert "Ferry Court" not in page
    assert "The recorder is not running" in page


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("sort=number", ["127", "128", "129", "201", "202", "R2"]),
        ("sort=-number", ["R2", "202", "201", "129", "128", "127"]),
        ("q=ferry", ["201", "202"]),
        ("town=Harbour", ["R2"]),
        ("state=retired", []),
        ("sort=nonsense&town=nowhere&state=x", []),
    ],
)
def test_the_list_is_narrowed_and_ordered_by_its_address(
    world: World, client_as: ClientAs, query: str, order: list[str]
) -> None:
    page = client_as(world.elin).get(f"/cameras/?{query}").context
    assert [camera.number for camera, _ in page["listed"]] == order
