"""A browser without script: follows links and fills in forms, as every page of records must allow."""

from __future__ import annotations

import re
import ssl
from html import unescape
from typing import Any

import httpx

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ID = re.compile(r"/people/([0-9a-f-]{36})/")


#: Read once: a client that makes its own reads every authority's certificate of the machine, which takes 20 ms.
TRUST = ssl.create_default_context()


class Visitor(httpx.Client):
    """Keeps cookies and sends what a browser sends with a form."""

    def __init__(self, address: str, **more: Any) -> None:
        super().__init__(**{"base_url": address, "timeout": 30.0, "verify": TRUST} | more)
        self.password = ""

    def submit(self, path: str, **fields: object) -> httpx.Response:
        """Open a page and send its form, with these values."""
        return self.submit_to(path, path, **fields)

    def submit_to(self, path: str, to: str, **fields: object) -> httpx.Response:
        """Open a page and send a form on it that goes to another address."""
        page = self.get(path)
        assert page.status_code == 200, f"{path}: {page.status_code}"
        found = _TOKEN.search(page.text)
        assert found, f"{path} has no form"
        data = {"csrfmiddlewaretoken": found[1]} | {name: str(value) for name, value in fields.items()}
        return self.post(to, data=data, headers={"Referer": str(page.url)})

    def sign_in(self, username: str, password: str) -> httpx.Response:
        self.password = password
        return self.submit("/sign-in/", username=username, password=password)

    def token(self, name: str = "a script") -> str:
        """A new API token in this person's name."""
        made = self.submit("/account/tokens/add/", name=name, days=7, scope="all", current=self.password)
        return text_of(made, "token")


def text_of(response: httpx.Response, element_id: str) -> str:
    """What stands in the element of this id."""
    found = re.search(rf'id="{element_id}">([^<]+)<', response.text)
    assert found, f"nothing of id {element_id} on the page ({response.status_code})"
    return unescape(found[1])


def add_person(manager: Visitor, username: str, full_name: str, role: str, password: str) -> Visitor:
    """A person with a role over everything, who has signed in and chosen a password; their browser."""
    made = manager.submit("/people/add/", username=username, full_name=full_name)
    person = _ID.search(made.text)
    assert person, made.status_code
    given = manager.submit(f"/people/{person[1]}/roles/give/", role=role, reason="Appointed in November")
    assert given.status_code == 302, given.text
    return enter(str(manager.base_url), username, text_of(made, "one-time-link"), password)


def enter(address: str, username: str, link: str, password: str) -> Visitor:
    """Choose a password by a one-time link, and sign in with it."""
    visitor = Visitor(address)
    chosen = visitor.submit(link, password=password, again=password)
    assert chosen.status_code == 302, chosen.text
    assert visitor.sign_in(username, password).status_code == 302
    return visitor
