"""Whatever changes something, by whatever door: an entry with the name of who did it tells of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from access.test_every_route import NARROW, send
from every_route import ROUTES
from footage.times import utc_text
from overt.access.rules import ROLE_ACTS
from overt.accounts.models import User
from overt.logbook.models import Entry
from overt.logbook.verify import verify
from overt.policy.files import write_text
from overt.policy.schemes import unadopted
from playback.making import BEGIN, HZ, Recorded
from world import PEOPLE, World

ClientAs = Callable[..., Client]
#: What goes on: the opening was the entry. And what only reads the logbook itself.
NOTHING_NEW = {"POST sign-in/", "POST api/v1/watch/viewings/{viewing_id}/renew", "POST logbook/prove/"}
DOING = [key for key in ROUTES if not key.startswith("GET ") and key not in NOTHING_NEW]
SPAN = {"camera": "127", "start": utc_text(BEGIN + HZ), "end": utc_text(BEGIN + 5 * HZ)}
GROUND = {"ground": "case_history", "case_reference": "4417", "requester": "PC Hill", "review_on": "2999-01-01"}
CLIPS = {"reference": "JD-7", "reason": "A test", "clips": [SPAN]}
FRAME = f"/api/v1/cameras/127/frame?reason=A+test&at={utc_text(BEGIN + 2 * HZ)}"

#: Doors whose request here is let in and then refused, so that the walk proves nothing of them; each is printed at the end
#: of the run. Their entries are asked for by their own tests (tests/logbook/test_declared.py).
NOT_PROVEN = frozenset(
    {
        "POST account/password/",
        "POST account/tokens/add/",
        "POST api/v1/exhibits/{reference}/bag",
        "POST cameras/import/",
        "POST choose-password/<uuid:person_id>/<str:token>/",
        "POST estate/<slug:slug>/",
        "POST exhibits/<str:reference>/bag/",
        "POST exhibits/<str:reference>/copies/<int:number>/bag/",
        "POST exhibits/<str:reference>/copies/<int:number>/hand-over/",
        "POST exhibits/<str:reference>/copies/<int:number>/take-back/",
        "POST exhibits/<str:reference>/copies/<int:number>/test/",
        "POST exhibits/<str:reference>/copies/make/",
        "POST exhibits/<str:reference>/retry/",
        "POST exhibits/stills/<int:number>/hand-over/",
        "POST exhibits/stills/take/",
        "POST first-run/",
        "POST people/<uuid:person_id>/reopen/",
        "POST review/",
    }
)

#: A request that is carried out, where the sample in the table of routes is only let in.
CARRIED_OUT: Mapping[str, Callable[[World], dict[str, Any]]] = {
    "POST cameras/<str:number>/change/": lambda world: {
        "number": "127",
        "name": "High Street",
        "kind": "ptz",
        "town": str(world.towns["Market Town"].pk),
        "address": "rtsp://127.0.0.1/1",
        "priority": "100",
    },
    "POST logbook/entries/<int:number>/erase/": lambda world: {
        "fields_to_erase": ["actor_name"],
        "reason": "Asked for",
    },
    "POST policy/versions/<int:number>/change/": lambda world: {
        "text": write_text(unadopted()),
        "reason": "Mended",
    },
    "POST policy/versions/<int:number>/put-in-force/": lambda world: {"effective_from": "", "csrfmiddlewaretoken": "x"},
    "POST api/v1/watch/reviews/{review_id}/cameras": lambda world: {"camera": "128"},
    "POST review/<uuid:review_id>/close/": lambda world: {"result": "Nothing"},
    "POST exhibits/mark/": lambda world: {**SPAN, **GROUND, "reason": "A test"},
    "POST api/v1/holds": lambda world: {**SPAN, **GROUND, "reason": "A test"},
    "POST api/v1/marks": lambda world: {**SPAN, **GROUND, "reason": "A test"},
    "POST exhibits/seal/": lambda world: {**SPAN, "reference": "JD-7", "reason": "A test"},
    "POST api/v1/exhibits": lambda world: CLIPS,
}


def somebody_who_may(key: str, world: World) -> User:
    route = ROUTES[key]
    for username, (_, role) in PEOPLE.items():
        if not route.acts or (route.acts & ROLE_ACTS[role] and not (route.everywhere and username in NARROW)):
            return world.people[username]
    raise AssertionError(f"nobody may {key}")


def told_by(person: User) -> list[str]:
    """The acts that the logbook has under this person's name; a refusal is no act."""
    entries = Entry.objects.exclude(action="access.refused").prefetch_related("personal")
    return [
        one.action for one in entries if {p.field: p.value for p in one.personal.all()}.get("actor") == str(person.pk)
    ]


@pytest.mark.clause("PROG-4.2.29", part="AuditEvent covers configuration … maintenance and retrieval actions by people")
@pytest.mark.parametrize("key", DOING, ids=[key.replace(" ", "-") for key in DOING])
def test_what_is_done_is_in_the_logbook(
    key: str, world: World, footage: Recorded, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = somebody_who_may(key, world)
    if key in CARRIED_OUT:
        route = replace(ROUTES[key], body=lambda world, user, number: CARRIED_OUT[key](world))
        monkeypatch.setitem(ROUTES, key, route)  # type: ignore[arg-type]  # a dict, told as a mapping
    response = send(client_as(person), key, world, person, "127")
    if response.status_code >= 400:
        assert key in NOT_PROVEN, (
            f"{key} answered {response.status_code}; give CARRIED_OUT a request that is carried out"
        )
        pytest.skip(f"not proven: {key} answered {response.status_code}, so nothing was done")
    assert key not in NOT_PROVEN, f"{key} is carried out: it is no door that is not proven any more"
    assert told_by(person), f"{key} answered {response.status_code}; give CARRIED_OUT a request that is carried out"
    assert verify().sound


@pytest.mark.clause("PROG-4.2.29", part="retrieval actions by people")
def test_what_is_looked_at_is_in_the_logbook(world: World, footage: Recorded, client_as: ClientAs) -> None:
    pytest.importorskip("av", reason="pictures are an extra")
    dev = client_as(world.dev)
    pages = [FRAME, "/logbook/", "/logbook/print/", "/logbook/entries/1/"]
    assert [dev.get(page).status_code for page in pages] == [200] * 4
    told = ["estate.frame.seen", "logbook.searched", "logbook.searched", "logbook.printed", "logbook.entry.opened"]
    assert told_by(world.dev) == told
    client_as(world.asha).get("/logbook/")
    assert told_by(world.asha) == []
    assert Entry.objects.filter(action="access.refused").count() == 1
