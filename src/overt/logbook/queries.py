"""Reads the logbook for a person."""

from __future__ import annotations

from overt.logbook.checkpoints import head

__all__ = ["head"]
