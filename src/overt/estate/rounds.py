"""What the worker does for this room again and again, besides telling the node of the cameras (see services)."""

from __future__ import annotations

from django.utils import timezone

from overt.estate.retention.services import run_if_due
from overt.estate.sound.services import end_due_sound


def end_sound() -> None:
    end_due_sound(timezone.now())


def write_retention() -> None:
    run_if_due(timezone.now())
