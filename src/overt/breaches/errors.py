"""What can go wrong with breaches."""

from __future__ import annotations

from overt.shared.errors import BadInput, NotThere


class NoSuchBreach(NotThere):
    """No breach has this number, or it is not this person's to read."""

    code = "no-such-breach"


class BadBreach(BadInput):
    """A report or an answer lacks its words, or its time cannot be."""

    code = "bad-breach"
