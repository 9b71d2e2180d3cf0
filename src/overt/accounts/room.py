"""What the rest of the product may know of accounts. Looking after other people's is the room of people's."""

from __future__ import annotations

from datetime import timedelta

from overt.rooms import Limit, Room, Round

#: Where a POST checks or sets a password.
_HASHING = (
    "sign-in/",
    "account/password/",
    "account/tokens/add/",
    "choose-password/<uuid:person_id>/<str:token>/",
)

ROOM = Room(
    limits=tuple(Limit(template, hashes_password=True) for template in _HASHING),
    rounds=(Round("old sessions", timedelta(hours=6), "overt.accounts.sessions.clear_old"),),
)
