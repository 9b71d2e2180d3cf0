"""What this room writes into the logbook."""

from dataclasses import dataclass

from overt.logbook.actions import action


@dataclass(frozen=True, slots=True)
class HandedIn:
    letters: int  # how long the description is; the words themselves may name somebody and stay with the thing


HANDED_IN = action("lost_property.thing.handed_in", "Lost thing handed in", HandedIn, line="{letters:count letter}")
