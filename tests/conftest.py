"""What every test stands on: data folders of its own, a believable scheme, and browsers signed in as its people."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

pytest_plugins = [
    "logbook_facts",
    "logbook_flush",
    "clause_plugin",
    "order_plugin",
    "clock_plugin",
    "database_plugin",
    "pytester",
]

# How fast this machine is just now says nothing of what is tested.
hypothesis_settings.register_profile("any-load", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("any-load")


def pytest_collection_finish() -> None:
    """What is imported by now stays to the end: the collector need not look at it again after every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def own_folders(settings: Settings) -> Iterator[Path]:
    """A data folder that only this test sees. Short, for a Unix socket's path may hold 107 bytes."""
    data = Path(tempfile.mkdtemp(prefix="ov-"))
    settings.DATA = data
    settings.PASSWORD_HASHERS = ["quick_hash.QuickArgon2"]
    settings.SECRETS = data / "secrets"
    settings.RUN = data / "run"
    settings.FOOTAGE_STORE = data / "footage"
    settings.EXHIBITS = data / "exhibits"
    for folder in (settings.SECRETS, settings.RUN, settings.FOOTAGE_STORE, settings.EXHIBITS):
        folder.mkdir(mode=0o700)
    yield data
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def world(db: None):  # type: ignore[no-untyped-def]  # importing World needs Django set up
    """Two partners, three towns, six cameras and one person a role: see tests/world.py."""
    from world import build_world

    return build_world()


@pytest.fixture
def client_as() -> Callable[..., Client]:
    """`client_as(world.asha)` is a browser in which Asha has signed in; `client_as(None)` is a stranger's."""

    def make(user: object | None = None) -> Client:
        client = Client()
        if user is not None:
            client.cookies["sessionid"] = _session_of(user)
        return client

    return make


def _session_of(user: Any) -> str:
    """The key of a session as signing in begins one; made with one row, for a walk of all routes signs in thousands."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from overt.accounts import sessions
    from overt.accounts.session_store import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    sessions.begin(session, timezone.now())
    session.create()
    return str(session.session_key)
