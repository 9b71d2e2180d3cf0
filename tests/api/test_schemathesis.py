"""Whatever the OpenAPI document allows, and much that it does not, is sent to every operation, with a live token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, settings

from overt.access.rules import Role
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
def token(world: World) -> str:
    """Of somebody who may do everything, so that refusals do not hide faults behind them."""
    for role in Role:
        give_role(world.elin, role)
    return create_token(world.elin, "Everything", timezone.now() + timedelta(days=1))[1]


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_input_breaks_an_operation_or_its_promise(case: schemathesis.Case, token: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"})
