"""Who may use each address of the accounts, and how."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from overt.accounts.models import User
from routing import Route
from world import World


def _token(world: World, user: User, number: str) -> str:
    from overt.accounts.tokens import create_token

    token, _ = create_token(user, "A script", timezone.now() + timedelta(days=1))
    return f"/account/tokens/{token.pk}/withdraw/"


def _link(world: World, user: User, number: str) -> str:
    from overt.accounts.links import token_of

    person = User(username=f"new-{User.objects.count()}", full_name="New Person")
    person.set_unusable_password()
    person.save()
    return f"/choose-password/{person.pk}/{token_of(person)}/"


ROUTES: Mapping[str, Route] = {
    "GET choose-password/<uuid:person_id>/<str:token>/": Route(stranger=True, path=_link),
    "POST choose-password/<uuid:person_id>/<str:token>/": Route(
        stranger=True, path=_link, body=lambda w, u, n: {"password": "seven herons", "again": "on a wire"}
    ),
    "GET+POST sign-in/": Route(stranger=True),
    "POST sign-out/": Route(stranger=True),
    "GET+POST account/password/": Route(),
    "POST account/sign-out-everywhere/": Route(),
    "GET+POST account/tokens/add/": Route(),
    "POST account/tokens/<uuid:token_id>/withdraw/": Route(path=_token),
}
