"""What the worker does for this room again and again."""

from __future__ import annotations

from django.utils import timezone

from overt.logbook.tasks import check_if_due


def check_whole_logbook() -> None:
    check_if_due(timezone.now())
