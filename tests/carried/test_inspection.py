"""An inspector reads everything of the operators' work, changes nothing, and leaves an entry for all that he opens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from access.test_every_route import allowed, got_in, send
from every_route import ROUTES
from overt.access.rules import Role
from overt.estate.models import Camera
from overt.evidence.models import StoragePlace
from overt.logbook.models import Entry
from overt.rooms import rooms
from playback.making import Recorded
from watch.asking import ask
from world import World, give_role

ClientAs = Callable[..., Client]
OPENED = [key for key in ROUTES if key.startswith("GET ")]
POLLED = {"GET api/v1/watch/now", "GET api/v1/exhibits/{reference}/progress"}
#: Doors of his that this walk does not open, for there is nothing behind them here: printed at the end of a run.
NOT_PROVEN = frozenset(
    {
        "GET api/v1/cameras/{number}/frame",
        "GET exhibits/<str:reference>/label/",
        "GET first-run/",
        "GET readyz",
        "GET sign-in/",
    }
)
#: What an inspector does that is more than reading: for himself, and to look; each of them leaves its own entry.
OF_HIS_OWN = {
    "POST sign-out/",
    "POST account/sign-out-everywhere/",
    "POST account/tokens/<uuid:token_id>/withdraw/",
    "POST logbook/prove/",
    "POST logbook/breaches/report/",  # as anybody may and must
    "POST exhibits/<str:reference>/verify/",
    # In the table of routes everybody is a keeper of the place. An inspector who is none: see below.
    "POST exhibits/places/<uuid:location_id>/open/",
    "POST exhibits/<str:reference>/copies/<int:number>/store/",
    "POST exhibits/<str:reference>/copies/<int:number>/take-out/",
    "POST api/v1/watch/viewings",
    "POST api/v1/watch/viewings/{viewing_id}/renew",
    "POST api/v1/watch/viewings/{viewing_id}/close",
    "POST api/v1/watch/reviews/{review_id}/tickets",
    "POST api/v1/watch/reviews/{review_id}/cameras",
    "POST review/<uuid:review_id>/close/",
}


def by(person: object) -> list[Entry]:
    mine = Entry.objects.filter(personal__field="actor", personal__value=str(person.pk))  # type: ignore[attr-defined]
    return list(mine.order_by("number"))


@pytest.mark.clause("HERTS-22.1", part="everything an inspector opens is itself logged")
@pytest.mark.parametrize("key", OPENED, ids=[key.replace(" ", "-") for key in OPENED])
def test_whatever_an_inspector_opens_is_an_entry(
    key: str, world: World, footage: Recorded, client_as: ClientAs
) -> None:
    response = send(client_as(world.cerys), key, world, world.cerys, "127")
    told = [entry.action for entry in by(world.cerys)]
    if not allowed(ROUTES[key], Role.INSPECTOR, "cerys"):
        assert response.status_code in {403, 404}, "not a door of his"
        return
    if response.status_code != 200 or key in POLLED:
        assert key in NOT_PROVEN | POLLED, f"{key} answered {response.status_code}, and so proves nothing"
        pytest.skip(f"not proven: {key} answered {response.status_code}")
    assert key not in NOT_PROVEN, f"{key} is opened: it is no door that is not proven any more"
    assert told, f"{key} was opened and nobody will know"


@pytest.mark.clause("HERTS-22.1", part="everything an inspector opens is itself logged")
def test_what_is_asked_for_again_and_again_is_no_page_of_its_own() -> None:
    """The exception from the rule is these two, and no more."""
    assert {"watch-now", "exhibit-progress"} == {name for room in rooms() for name in room.repeated}


@pytest.mark.clause("HERTS-22.1", part="read-only access")
@pytest.mark.parametrize("key", [key for key in ROUTES if not key.startswith("GET ") and key not in OF_HIS_OWN])
def test_an_inspector_changes_nothing(key: str, world: World, footage: Recorded, client_as: ClientAs) -> None:
    """He is refused at the door, or by the act's own rule: either way there is nothing that he did."""
    got_in(send(client_as(world.cerys), key, world, world.cerys, "127"), ROUTES[key])
    assert [entry.action for entry in by(world.cerys) if entry.action != "access.refused"] == []


@pytest.mark.clause("HERTS-22.1", part="read-only access")
def test_an_inspector_whom_nobody_named_a_keeper_opens_no_storage(world: World, client_as: ClientAs) -> None:
    place = StoragePlace.objects.create(name="Safe", security="lock", security_number="K1", added_at=timezone.now())
    place.keepers.set([world.dev])
    address = f"/exhibits/places/{place.pk}/open/"
    client_as(world.cerys).post(address, {"reason": "To look"})
    assert [entry.action for entry in by(world.cerys) if entry.action != "access.refused"] == []
    client_as(world.dev).post(address, {"reason": "To look"})
    assert [entry.action for entry in by(world.dev)] == ["evidence.place.opened"]


@pytest.mark.clause(
    "HERTS-22.1", part="The inspector role has … access to logs, audit trail and operators' recorded actions"
)
def test_operators_acts_their_proof_and_their_footage_are_open_to_him(
    world: World, footage: Recorded, client_as: ClientAs
) -> None:
    ask(client_as(world.asha), "/api/v1/watch/viewings", {"camera": "127"})
    act = Entry.objects.get(action="watch.live.opened")
    cerys = client_as(world.cerys)
    assert "Asha Patel" in cerys.get("/logbook/").content.decode()
    assert "Asha Patel" in cerys.get(f"/logbook/entries/{act.number}/").content.decode()
    assert cerys.get(f"/logbook/entries/{act.number}/proof/").status_code == 200
    answers = {"cameras": "127", "date": "2026-11-20", "time": "12:00:00", "reason": "Inspection", "alone": "yes"}
    assert cerys.post("/review/", answers).status_code == 302
    assert client_as(world.kit).post("/review/", answers).status_code == 403
    assert [entry.action for entry in by(world.cerys)] == [
        "logbook.searched",
        "logbook.entry.opened",
        "access.inspected",
        "watch.review.opened",
    ]


def test_the_entry_names_the_camera_and_the_page(world: World, client_as: ClientAs) -> None:
    client_as(world.cerys).get("/cameras/127/")
    [entry] = by(world.cerys)
    assert (entry.action, entry.facts["path"]) == ("access.inspected", "/cameras/127/")
    assert entry.camera == str(Camera.objects.get(number="127").pk)


def test_pages_of_whoever_is_no_inspector_leave_no_such_entry(world: World, client_as: ClientAs) -> None:
    client_as(world.dev).get("/cameras/127/")
    assert by(world.dev) == []
    give_role(world.dev, Role.INSPECTOR)
    client_as(world.dev).get("/cameras/127/")
    assert len(by(world.dev)) == 1
