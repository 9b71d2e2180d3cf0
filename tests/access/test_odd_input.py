"""No input answers 500: every part and parameter of every address, with what breaks readers of input.

The walk is by the table of all routes. Which parameters a page has is found out, not listed: the request remembers what it
was asked for.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode
from zlib import crc32

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings

from access.odd_values import ODD_PARTS, ODD_TEXTS, ODD_YAML, asked_names
from access.test_every_route import API
from every_route import ROUTES
from overt.access.rules import Role
from world import World, give_role

PAGES = [key for key in ROUTES if not key.partition(" ")[2].startswith(API)]
#: Asked by the house itself, of every page.
OF_THE_HOUSE = {"csrfmiddlewaretoken", "next"}

#: Each parameter is sent some of the odd texts, always the same; with OVERT_ODD=all each of them (four minutes).
A_SHARE = 1 if os.environ.get("OVERT_ODD") == "all" else 9

by_page = pytest.mark.parametrize("key", PAGES, ids=[key.replace(" ", "-") for key in PAGES])


@pytest.fixture
def elin(world: World, client_as: Callable[..., Client], settings: Settings) -> Client:
    """Somebody who may do everything, in a browser that passes a failure on as the answer 500."""
    for role in Role:
        give_role(world.elin, role)
    settings.MIDDLEWARE = [*django_settings.MIDDLEWARE, "access.odd_values.RecordingMiddleware"]
    client = client_as(world.elin)
    client.raise_request_exception = False
    return client


def sendings(key: str, world: World) -> tuple[str, str, dict[str, Any]]:
    """Method, address and form of a request that an allowed person could send."""
    method, _, template = key.partition(" ")
    route = ROUTES[key]
    path = route.path(world, world.elin, "127") if route.path else "/" + re.sub(r"<(?:\w+:)?number>", "127", template)
    return method, path, dict(route.body(world, world.elin, "127")) if route.body else {}


class Walk:
    """Sends requests whose acts are undone, and keeps those that failed."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.failed: list[str] = []

    def send(self, what: str, method: str, path: str, form: dict[str, Any] | None = None) -> None:
        mark = transaction.savepoint()
        response = self.client.get(path) if method == "GET" else self.client.post(path, form or {})
        if response.streaming:
            response.getvalue()  # to its end, which closes it
        if connection.needs_rollback:
            connection.set_rollback(False)
        transaction.savepoint_rollback(mark)
        if response.status_code >= 500 and response.status_code not in {503, 507}:
            self.failed.append(f"{what[:60]!r} {method} {path[:120]}")


def some(*names: str) -> Iterator[str]:
    """The share of the odd texts that this parameter gets; together the parameters get them all."""
    first = crc32("".join(names).encode())
    return (value for at, value in enumerate(ODD_TEXTS) if (at + first) % A_SHARE == 0)


def sendable(value: str) -> str:
    """What a browser would send of a text; half a surrogate pair is left as what replaces it."""
    return value.encode("utf-8", "replace").decode()


@by_page
def test_no_value_of_any_parameter_breaks_a_page(key: str, world: World, elin: Client) -> None:
    method, path, form = sendings(key, world)
    walk = Walk(elin)
    with asked_names() as (queried, posted):
        walk.send("as it should be", method, path, form)
        if method == "POST":
            walk.send("an empty form", method, path, {})
        names = set(queried) - OF_THE_HOUSE, (set(posted) | set(form)) - OF_THE_HOUSE
    address, _, query = path.partition("?")
    for name in sorted(names[0]):
        for value in some(key, name):
            odd = urlencode({name: sendable(value)})
            walk.send(f"?{name}={value}", method, f"{address}?{query}&{odd}" if query else f"{address}?{odd}", form)
    for name in sorted(names[1]) if method == "POST" else ():
        for value in some(key, name):
            walk.send(f"{name}={value}", method, path, {**form, name: sendable(value)})
        walk.send(f"{name} twice", method, path, {**form, name: [form.get(name, "a"), "b"]})
        walk.send(f"{name} as a file", method, path, {**form, name: SimpleUploadedFile("a\u202e.csv", b"\xff\x00")})
    assert walk.failed == []


@by_page
def test_no_part_of_an_address_breaks_a_page(key: str, world: World, elin: Client) -> None:
    method, path, form = sendings(key, world)
    template = key.partition(" ")[2]
    walk = Walk(elin)
    for address in addresses(template, path):
        walk.send(address, method, address, form)
    assert walk.failed == []


def addresses(template: str, path: str) -> Iterator[str]:
    """The path with each part that the template leaves open replaced by odd ones."""
    address, _, query = path.partition("?")
    parts, open_parts = address.strip("/").split("/"), template.strip("/").split("/")
    for at, part in enumerate(open_parts):
        if "<" in part and at < len(parts):
            for odd in ODD_PARTS:
                text = odd if "%" in odd else quote(odd, safe="")
                made = [*parts[:at], text, *parts[at + 1 :]]
                yield "/" + "/".join(made) + ("/" if template.endswith("/") else "") + (f"?{query}" if query else "")


YAML_PAGES = ["change/", "draft/"]


@pytest.mark.parametrize("text", ODD_YAML, ids=lambda text: text[:12].replace("\n", " "))
def test_no_yaml_breaks_a_draft(text: str, world: World, elin: Client) -> None:
    keys = [key for key in PAGES if key.startswith("POST policy/") and key.endswith(tuple(YAML_PAGES))]
    assert keys
    walk = Walk(elin)
    for key in keys:
        method, path, form = sendings(key, world)
        for do in ("check", "keep"):
            walk.send(text, method, path, {**form, "text": text, "reason": "x", "do": do, "source": "file"})
            file = SimpleUploadedFile("policy.yaml", text.encode("utf-8", "replace"))
            walk.send(text, method, path, {**form, "file": file, "reason": "x", "do": do, "source": "file"})
    assert walk.failed == []


#: Where a request says who, from where and in what form, beside what it says.
ODD_HEADERS: list[dict[str, Any]] = [
    {"CONTENT_TYPE": "multipart/form-data"},
    {"CONTENT_TYPE": "multipart/form-data; boundary=" + "x" * 300},
    {"CONTENT_TYPE": "multipart/form-data; boundary=a; charset=hex"},
    {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-16"},
    {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=zlib"},
    {"CONTENT_TYPE": "application/json; charset=rot13"},
    {"CONTENT_TYPE": "\xff;;;=="},
    {"HTTP_AUTHORIZATION": "Bearer \xff\xfe"},
    {"HTTP_AUTHORIZATION": "Bearer " + "x" * 20_000},
    {"HTTP_AUTHORIZATION": "Bearer"},
    {"HTTP_AUTHORIZATION": "Basic %%%"},
    {"HTTP_X_FORWARDED_FOR": "x" * 5000},
    {"HTTP_HOST": "a b"},
    {"HTTP_HOST": "[::1"},
    {"HTTP_ORIGIN": "http://[", "HTTP_REFERER": "http://["},
    {"HTTP_ACCEPT": "application/json;;;q=x"},
    {"HTTP_COOKIE": "sessionid=" + "é" * 300},
    {"HTTP_COOKIE": "messages=x; csrftoken=\x01; sessionid=%00"},
    {"HTTP_X_REASON": "\xff" * 3000},
    {"HTTP_RANGE": "bytes=٣-"},
    {"HTTP_IF_NONE_MATCH": "W/" * 500},
]
ODD_BODIES = [
    b"",
    b"--a\r\n",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"a": "\\ud800"}',
    b"9" * 6000,
    b"null",
]


@pytest.mark.parametrize("headers", ODD_HEADERS, ids=lambda headers: " ".join(map(str, headers.values()))[:50])
def test_no_header_breaks_an_address(headers: dict[str, Any], world: World, elin: Client) -> None:
    wrong = []
    for path in ("/sign-in/", "/account/", "/exhibits/seal/", "/api/v1/exhibits", "/metrics", "/no/such/"):
        for body in ODD_BODIES[:3]:
            more = {"CONTENT_TYPE": "application/x-www-form-urlencoded", **headers}
            response = elin.generic("POST", path, body, more.pop("CONTENT_TYPE"), **more)
            if response.status_code >= 500:
                wrong.append((path, body[:9], response.status_code))
        if (
            elin.generic("GET", path, **{k: v for k, v in headers.items() if not k.startswith("CONTENT")}).status_code
            == 500
        ):
            wrong.append((path, b"", 500))
    assert wrong == []


@pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: body[:9].decode("latin1"))
def test_no_body_breaks_an_operation(body: bytes, world: World, elin: Client) -> None:
    """Whatever its type is said to be: the API reads JSON."""
    wrong = []
    for key in (key for key in ROUTES if key.startswith("POST api/")):
        method, _, template = key.partition(" ")
        path = "/" + re.sub(r"\{\w+\}", "127", template)
        for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
            status = elin.generic(method, path, body, kind).status_code
            if status >= 500:
                wrong.append((key, kind, status))
    assert wrong == []


@pytest.mark.parametrize("value", [value for value in ODD_TEXTS if value], ids=lambda value: ascii(value[:16]))
def test_no_text_inside_json_breaks_an_operation(value: str, world: World, elin: Client) -> None:
    """Each text and number of a body that is right, replaced: with half a surrogate pair as JSON can say it."""
    wrong = []
    for key in (key for key in ROUTES if key.startswith("POST api/") and ROUTES[key].body):
        method, path, body = sendings_of_api(key, world)
        for changed in replaced(body, value):
            mark = transaction.savepoint()
            status = elin.generic(method, path, json.dumps(changed), "application/json").status_code
            if connection.needs_rollback:
                connection.set_rollback(False)
            transaction.savepoint_rollback(mark)
            if status >= 500 and status not in {503, 507}:
                wrong.append((key, json.dumps(changed)[:200], status))
    assert wrong == []


def sendings_of_api(key: str, world: World) -> tuple[str, str, Any]:
    method, _, template = key.partition(" ")
    route = ROUTES[key]
    path = route.path(world, world.elin, "127") if route.path else "/" + template.replace("{number}", "127")
    assert route.body
    return method, path, route.body(world, world.elin, "127")


def replaced(body: Any, value: str) -> Iterator[Any]:
    """The body with one leaf after the other replaced, and with a key of that name."""
    if isinstance(body, dict):
        yield {**body, value: value}
        for key, inner in body.items():
            yield from ({**body, key: one} for one in replaced(inner, value))
    elif isinstance(body, list):
        for at, inner in enumerate(body):
            yield from ([*body[:at], one, *body[at + 1 :]] for one in replaced(inner, value))
    else:
        yield value
