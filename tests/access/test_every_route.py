"""Walks every address of the product as every role, as a stranger, and with a foreign partner's camera."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from access.reads import only_read
from access.role_table import MAY
from every_route import ROUTES
from overt.access.rules import Role
from overt.accounts.models import User
from overt.logbook.models import Entry
from overt.web.api import api
from routing import Route
from world import PEOPLE, World, give_role

API = "api/v1"
#: People of the world whose role does not reach over the whole scheme.
NARROW = {"asha", "bryn", "iris", "jo"}
ClientAs = Callable[..., Client]

#: `METHOD template` of a route, by its name in the table.
keys = pytest.mark.parametrize("key", ROUTES, ids=[key.replace(" ", "-") for key in ROUTES])


def templates(patterns: Any, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        template = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from templates(pattern.url_patterns, template)
        elif isinstance(pattern, URLPattern):
            yield template


def api_operations() -> set[str]:
    return {
        f"{method} {API}{prefix.rstrip('/')}{path}"
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }


def test_every_route_of_the_product_is_in_the_table() -> None:
    pages = {template for template in templates(get_resolver().url_patterns) if not template.startswith(f"{API}/")}
    known = {key.partition(" ")[2] for key in ROUTES}
    assert pages - known == set(), "say in the room's routes.py who may use these pages"
    assert api_operations() - set(ROUTES) == set(), "say in the room's routes.py who may use these API operations"


def test_nothing_lies_under_the_api_but_its_operations() -> None:
    """A plain view among them would escape the API's sign-in."""
    told = {key.partition(" ")[2] for key in api_operations()}
    found = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", template) for template in templates(get_resolver().url_patterns)}
    assert {template for template in found if template.startswith(f"{API}/")} - told == {f"{API}/"}


def test_the_table_names_no_route_that_is_gone() -> None:
    pages = set(templates(get_resolver().url_patterns))
    gone = {key for key in ROUTES if key.partition(" ")[2] not in pages and key not in api_operations()}
    assert gone == set()


def send(client: Client, key: str, world: World, user: User, number: str) -> HttpResponse:
    """The answer; for a GET, whoever asks, nothing may have been done but to note it."""
    method, _, template = key.partition(" ")
    route = ROUTES[key]
    path = route.path(world, user, number) if route.path else "/" + re.sub(r"[<{](?:\w+:)?number[>}]", number, template)
    body = route.body(world, user, number) if route.body else {}
    if method == "GET":
        with only_read(template):
            return client.get(path)
    if route.json:
        return client.generic(method, path, json.dumps(body), "application/json", HTTP_ACCEPT="application/json")
    return client.generic(method, path, *_form(body)) if method != "POST" else client.post(path, body)


def _form(body: dict[str, str]) -> tuple[str, str]:
    return "&".join(f"{name}={value}" for name, value in body.items()), "application/x-www-form-urlencoded"


def code_of(response: HttpResponse) -> str:
    if not response.headers.get("Content-Type", "").startswith("application/problem+json"):
        return ""
    return str(json.loads(response.content)["code"])


def got_in(response: HttpResponse, route: Route) -> bool:
    """Whether the person was let in, be it to an error of what was sent."""
    if to_sign_in(response) or response.status_code in {401, 403, 405}:
        return False
    if response.status_code in {404, 503}:
        passes = code_of(response) or ("first-run-over" if "first-run-over" in route.passes else "not-ready")
        return passes in route.passes
    assert response.status_code < 500, response.content
    return True


def to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith("/sign-in/?")


def allowed(route: Route, role: Role, username: str) -> bool:
    if not route.acts:
        return True
    # Not the product's table, which is on trial; an act that is not in ours yet fails tests/access/test_role_table.py.
    by_hand = any(role.value in MAY.get(act.value, act.roles) for act in route.acts)
    return by_hand and not (route.everywhere and username in NARROW)


@keys
@pytest.mark.clause("HERTS-2.1", part="an account without one is refused … not merely hidden in the interface")
def test_each_role_gets_what_its_acts_allow_and_nothing_else(key: str, world: World, client_as: ClientAs) -> None:
    """Asha, Iris and Jo reach camera 127, and so does everybody whose role is over the whole scheme."""
    route = ROUTES[key]
    wrong = []
    for username, (_, role) in PEOPLE.items():
        if username == "bryn":
            continue
        response = send(client_as(world.people[username]), key, world, world.people[username], "127")
        if got_in(response, route) is not allowed(route, role, username):
            wrong.append((role.value, response.status_code, code_of(response)))
    assert wrong == []


@keys
def test_a_stranger_is_led_to_the_sign_in_or_refused(key: str, world: World, client_as: ClientAs) -> None:
    response = send(client_as(), key, world, world.elin, "127")
    if ROUTES[key].stranger:
        assert got_in(response, ROUTES[key]) or response.status_code in {200, 302}
    elif key.partition(" ")[2].startswith("api/"):
        assert (response.status_code, code_of(response)) == (401, "not-signed-in")
    else:
        assert to_sign_in(response) or response.status_code == 401


@pytest.mark.parametrize("key", [key for key in ROUTES if ROUTES[key].camera or ROUTES[key].record])
def test_a_foreign_camera_cannot_be_told_from_a_missing_one(key: str, world: World, client_as: ClientAs) -> None:
    """Bryn holds every role there is, at Riverside Homes; camera 127 is Marketon's."""
    for role in Role:
        give_role(world.bryn, role, partner=world.riverside_homes)
    assert got_in(send(client_as(world.bryn), key, world, world.bryn, "201"), ROUTES[key]), "his own camera he gets"

    foreign = send(client_as(world.bryn), key, world, world.bryn, "127")
    entry = Entry.objects.order_by("-number").first()
    missing = send(client_as(world.bryn), key, world, world.bryn, "999")

    assert foreign.status_code == 404
    assert entry is not None
    assert entry.action == "access.refused"
    if ROUTES[key].camera:
        assert entry.camera == str(world.camera("127").pk), "the logbook knows which camera it was"
    assert missing.status_code == 404
    assert same_words(foreign, "127") == same_words(missing, "999")
    assert foreign.headers["Content-Type"] == missing.headers["Content-Type"]


def same_words(response: HttpResponse, number: str) -> str:
    """The body without what was asked for and without its form token, which is new on every page."""
    words = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|EX-[0-9A-F]{6}|NO-\d+", "N", words).replace(number, "N")


@keys
def test_a_person_without_any_role_gets_nothing_but_his_own_account(
    key: str, world: World, client_as: ClientAs
) -> None:
    from world import make_person

    nobody = make_person("nemo", "Nemo Nobody")
    response = send(client_as(nobody), key, world, nobody, "127")
    assert got_in(response, ROUTES[key]) is not bool(ROUTES[key].acts)
