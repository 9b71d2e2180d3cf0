"""What the list of people and a person's page say about an account is what is so at that moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from overt.accounts.links import use_link
from overt.accounts.models import User
from overt.people import services
from world import World

ClientAs = Callable[..., Client]

IN_THE_LIST, ON_THE_PAGE = "No password yet", "nobody can sign in with this name until a one-time link has been used"


def said(client: Client, person: User) -> tuple[bool, bool]:
    """Whether the list, and the person's own page, say that there is no password."""
    listed = client.get("/people/", {"q": person.username}).content.decode()
    page = client.get(f"/people/{person.pk}/").content.decode()
    return IN_THE_LIST in listed, ON_THE_PAGE in page


def test_an_account_without_a_password_says_so_until_its_link_was_used(world: World, client_as: ClientAs) -> None:
    elin = client_as(world.elin)
    lee, token = services.add_person("lee", "Lee New", by=world.elin)
    assert said(elin, lee) == (True, True)

    use_link(lee.pk, token, "seven herons on a wire")
    assert said(elin, lee) == (False, False)
    assert "Open" in elin.get(f"/people/{lee.pk}/").content.decode()

    services.reset_password(lee, by=world.elin, reason="Forgot it.")
    assert said(elin, lee) == (True, True), "a reset takes the password away"


@pytest.mark.parametrize("close", [services.mark_left, lambda p, **k: services.suspend(p, breach=1, **k)])
def test_a_closed_account_is_said_to_be_closed_and_not_to_wait(
    world: World, client_as: ClientAs, close: Callable[..., None]
) -> None:
    lee, _ = services.add_person("lee", "Lee New", by=world.elin)
    close(lee, by=world.elin, reason="Over.")
    assert said(client_as(world.elin), lee) == (False, False)
