"""Identifiers of records."""

from __future__ import annotations

from uuid import UUID, uuid4


def new_id() -> UUID:
    """A random id: nothing can be told from it, and none can be guessed."""
    return uuid4()
