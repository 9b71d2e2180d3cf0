"""What the worker does for this room again and again."""

from __future__ import annotations

from overt.lost_property.models import Thing


def count_things() -> int:
    return Thing.objects.count()
