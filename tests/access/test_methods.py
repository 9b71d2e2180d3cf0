"""An address is open by the methods that its room's table names, and by no other."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from access.test_every_route import API, templates
from every_route import ROUTES
from overt.access.rules import Role
from world import World, give_role

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PAGES = [one for one in dict.fromkeys(templates(get_resolver().url_patterns)) if not one.startswith(f"{API}/")]


@pytest.fixture
def everybody(world: World, client_as: Callable[..., Client]) -> Client:
    """Somebody who may do everything, so that what stops him is the method."""
    for role in Role:
        give_role(world.elin, role)
    return client_as(world.elin)


@pytest.mark.parametrize("template", PAGES, ids=[page.replace(" ", "-") or "home" for page in PAGES])
def test_a_page_has_the_methods_of_its_table_and_no_other(template: str, world: World, everybody: Client) -> None:
    """What asks and what acts are two doors: one that only the other's is written down for is not proven."""
    known = {method for method in METHODS if f"{method} {template}" in ROUTES}
    open_by = {method for method in METHODS if is_open(everybody, method, template, world)}
    assert open_by == known, "say each method in the room's routes.py, or close it (require_safe, require_POST)"


def is_open(client: Client, method: str, template: str, world: World) -> bool:
    route = next(ROUTES[f"{one} {template}"] for one in METHODS if f"{one} {template}" in ROUTES)
    mark = transaction.savepoint()
    path = route.path(world, world.elin, "127") if route.path else "/" + re.sub(r"<(?:\w+:)?number>", "127", template)
    response = client.generic(method, path)
    if response.streaming:
        response.getvalue()
    if connection.needs_rollback:
        connection.set_rollback(False)
    transaction.savepoint_rollback(mark)
    return response.status_code != 405
