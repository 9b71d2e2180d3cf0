"""What was handed in stays written down as it was."""

from __future__ import annotations

from overt.shared.refusals import Guard, Refusals

REFUSALS = Refusals(
    {"lost_property_thing": Guard()}, "a thing handed in stays written down", function="lost_property_refuse"
)
