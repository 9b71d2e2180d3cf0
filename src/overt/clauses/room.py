"""The catalogue of clauses: read by all, asked by its command."""

from __future__ import annotations

from overt.rooms import Room

ROOM = Room(alone=("clauses",))
