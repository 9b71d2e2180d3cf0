"""How the islands ask, and how many entries an act has left."""

from __future__ import annotations

from typing import Any

from django.test import Client

from overt.logbook.models import Entry

JSON = "application/json"


def ask(client: Client, address: str, body: dict[str, object] | None = None) -> Any:
    return client.post(address, body or {}, content_type=JSON, headers={"accept": JSON})


def entries(action: str) -> int:
    return Entry.objects.filter(action=action).count()
