"""What the demo writes into its own logbook."""

from __future__ import annotations

from dataclasses import dataclass

from overt.logbook.actions import action


@dataclass(frozen=True, slots=True)
class SchemeMade:
    partners: int
    towns: int
    cameras: int


SCHEME_MADE = action(
    "demo.scheme.made",
    "Demo scheme made",
    SchemeMade,
    line="{partners:count partner}, {towns:count town}, {cameras:count camera}",
)
