"""What can go wrong with looking after people."""

from __future__ import annotations

from overt.shared.errors import NotThere, Refused


class NoSuchPerson(NotThere):
    """There is no such person, or not for this person to manage."""

    code = "no-such-person"


class NotYourPerson(Refused):
    """The person holds roles that reach beyond those of whoever asks."""

    code = "not-your-person"


class FirstRunOver(NotThere):
    """The one-time token is wrong or was used, or somebody is already here."""

    code = "first-run-over"
