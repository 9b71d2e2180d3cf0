"""What a room refuses with another answer than "mend this": the form stays, with the refusal on it, under its own status."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from overt.access.rules import Role
from overt.estate.models import Camera
from overt.logbook.models import Entry
from overt.shared.asking import Question, ask
from overt.shared.errors import NotThere, OvertError, Refused
from overt.shared.forms import ReasonForm
from overt.web.middleware import RefusalMiddleware
from page_forms import forms_of
from world import World, give_role

ClientAs = Callable[..., Client]


class Held(OvertError):
    """Somebody else has it in hand."""

    code = "held"
    status = 409


def asked(world: World, error: Exception) -> HttpResponse:
    request: HttpRequest = RequestFactory().post("/x/", {"reason": "Because the pole was moved"})
    request.session, request.user = SessionStore(), world.dev
    request.resolver_match = None

    def fails(form: ReasonForm) -> None:
        raise error

    house = RefusalMiddleware(lambda request: ask(request, ReasonForm, fails, Question("Move it", "Move"), back="/"))
    try:
        return house(request)
    except Exception as raised:  # as Django's handler catches what a view raises
        answer = house.process_exception(request, raised)
        assert answer is not None
        return answer


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Refused("Your role ends at the market."), 403, "Your role ends at the market."),
        (NotThere("There is no such pole."), 404, "There is no such pole."),
        (Held("Asha is at it."), 409, "Asha is at it."),
        (IntegrityError("UNIQUE constraint failed: poles.number"), 409, "Somebody else did something here"),
    ],
)
def test_the_form_stays_with_the_refusal_at_its_head(world: World, error: Exception, status: int, words: str) -> None:
    answer = asked(world, error)
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page[page.index("There is a problem") : page.index("<h1")]
    assert "Because the pole was moved" in page


def test_a_fault_of_ours_stays_as_loud_as_it_is(world: World) -> None:
    request: HttpRequest = RequestFactory().post("/x/", {})
    assert RefusalMiddleware(lambda request: HttpResponse()).process_exception(request, ValueError("a fault")) is None


def test_a_camera_beyond_ones_reach_is_refused_and_written_down_with_its_form_kept(
    world: World, client_as: ClientAs
) -> None:
    give_role(world.iris, Role.MANAGER, partner=world.marketon)
    iris = client_as(world.iris)
    [form] = forms_of(iris.get("/cameras/127/change/").content.decode())
    sent = {name: field.values for name, field in form.fields.items()}
    sent |= {"partner": [str(world.riverside_homes.pk)], "name": ["By the new mill"]}
    answer = iris.post("/cameras/127/change/", sent)
    assert answer.status_code == 403
    [shown] = forms_of(answer.content.decode())
    assert shown.fields["name"].values == ["By the new mill"]
    assert Entry.objects.order_by("-number")[0].action == "access.refused"
    assert Camera.objects.get(number="127").name != "By the new mill"


def test_what_was_typed_stands_on_the_page_that_tells_there_is_no_form_any_more(
    world: World, client_as: ClientAs
) -> None:
    """The hold was released while its form was open."""
    dev = client_as(world.dev)
    token = forms_of(dev.get("/exhibits/mark/").content.decode())[0].fields["form_of"].values[0]
    gone = "/exhibits/holds/00000000-0000-4000-8000-000000000000/release/"
    answer = dev.post(gone, {"reason": "Two pages of reasons", "form_of": token})
    assert answer.status_code == 404
    assert "Two pages of reasons" in answer.content.decode()
    assert "Two pages" not in dev.post(gone, {"reason": "Two pages of reasons"}).content.decode()


@pytest.mark.parametrize(
    ("path", "name", "typed"),
    [
        ("/review/", "cameras", "999"),
        ("/exhibits/mark/", "camera", "999"),
        ("/exhibits/seal/", "camera", "999"),
        ("/exhibits/stills/take/", "camera", "999"),
        ("/exhibits/seal/", "reference", "JD/ 7!"),
    ],
)
def test_a_mistyped_number_is_told_beside_its_field(
    path: str, name: str, typed: str, world: World, client_as: ClientAs
) -> None:
    for role in Role:
        give_role(world.elin, role)
    elin = client_as(world.elin)
    sent = {
        **{"camera": "127", "cameras": "127", "reference": "JD-7", "start": "2026-11-01 00:00:00"},
        **{"end": "2026-11-01 00:01:00", "date": "2026-11-01", "time": "00:00:00", "reason": "A theft", "alone": "on"},
        **{"ground": "case_history", "case_reference": "4417", "requester": "PC Hill", "review_on": "2999-01-01"},
        **{name: typed},
    }
    answer = elin.post(path, sent)
    page = answer.content.decode()
    assert answer.status_code in {404, 422}
    assert f'id="id_{name}-error"' in page
    shown = next(form for form in forms_of(page) if name in form.fields)
    assert shown.fields[name].values == [typed]
