"""The queue of jobs, for the rooms above."""

from __future__ import annotations

from overt.rooms import Room

ROOM = Room()
