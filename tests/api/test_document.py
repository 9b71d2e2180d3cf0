"""The API's document, from which people make clients: what names it gives to operations."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client


def test_an_operation_is_named_by_its_room_and_not_by_the_file_it_stands_in(client_as: Callable[..., Client]) -> None:
    paths = client_as().get("/api/openapi.json").json()["paths"]
    names = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(set(names)) == len(names) > 20
    assert paths["/api/v1/exhibits"]["post"]["operationId"] == "evidence_post_exhibit"
    assert paths["/api/v1/holds/{hold_id}/release"]["post"]["operationId"] == "evidence_release_hold"
    assert [name for name in names if name.startswith("overt_") or "_api_" in name] == []
