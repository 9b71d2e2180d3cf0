"""What this room writes into the logbook."""

from overt.logbook.actions import register

HANDED_IN = register("lost_property.thing.handed_in", "Lost thing handed in")
