"""What this room writes into the logbook."""

from __future__ import annotations

from overt.logbook.actions import register

CLOCK_STARTED = register("clocks.clock.started", "Clock started")
CLOCK_ANSWERED = register("clocks.clock.worked_out_again", "Clock worked out again")
CLOCK_MET = register("clocks.clock.met", "Clock met")
CLOCK_CLOSED = register("clocks.clock.closed", "Clock closed without an answer")
HOLIDAY_ADDED = register("clocks.holiday.added", "Proclaimed holiday added")
HOLIDAY_TAKEN_BACK = register("clocks.holiday.taken_back", "Proclaimed holiday taken back")
