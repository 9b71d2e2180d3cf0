"""What every test stands on: data folders of its own, a believable scheme, and browsers signed in as its people."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

pytest_plugins = ["logbook_facts", "logbook_flush", "clause_plugin", "order_plugin", "clock_plugin", "pytester"]


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
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
        return client

    return make
