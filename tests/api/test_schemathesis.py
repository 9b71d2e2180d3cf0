"""Whatever the OpenAPI document allows, and much that it does not, is sent to every operation.

With a live token, or with a session where the operation is a page's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings

from overt.access.rules import Role
from overt.accounts.models import User
from overt.accounts.tokens import create_token
from world import World, give_role

# The document is the same for every scheme, so that it can be asked for before there is one.
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Requests come past Django's own test client, and must not end the transaction that the test lives in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def elin(world: World) -> User:
    """Somebody who may do everything, so that refusals do not hide faults behind them."""
    for role in Role:
        give_role(world.elin, role)
    return world.elin


@pytest.fixture
def token(elin: User) -> dict[str, str]:
    _, text = create_token(elin, "Everything", timezone.now() + timedelta(days=1))
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def session(elin: User, client_as: Callable[..., Client]) -> dict[str, str]:
    cookie, csrf = client_as(elin).cookies[django_settings.SESSION_COOKIE_NAME].value, "c" * 32
    cookies = f"{django_settings.SESSION_COOKIE_NAME}={cookie}; {django_settings.CSRF_COOKIE_NAME}={csrf}"
    return {"Cookie": cookies, "X-CSRFToken": csrf}


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_input_breaks_an_operation_or_its_promise(
    case: schemathesis.Case, token: dict[str, str], session: dict[str, str]
) -> None:
    of_a_page = case.operation.definition.raw["security"] == [{"SessionAuth": []}]
    case.call_and_validate(headers=session if of_a_page else token)
