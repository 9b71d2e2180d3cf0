"""The database's own refusal to change or remove what a kept clock said, and the holidays that moved it.

A clock that runs is moved on, and ends; what it runs for stays, and an ended one stays as it ended.
"""

from __future__ import annotations

from overt.shared.refusals import Guard, Refusals, unchanged

REFUSALS = Refusals(
    {
        "clocks_clockanswer": Guard(),
        "clocks_clock": Guard("OLD.state = 'open' AND " + unchanged("id", "kind", "owner", "controller", "started_at")),
    },
    "an answer of a clock stays as it is",
    function="clocks_refuse",
)
#: A holiday is taken back once, and is otherwise as it was added.
HOLIDAYS = Refusals(
    {
        "clocks_proclaimedholiday": Guard(
            "OLD.taken_back_at IS NULL AND NEW.taken_back_at IS NOT NULL AND "
            + unchanged("id", "day", "nation", "name", "source", "added_at")
        ),
    },
    "a proclaimed holiday stays as it was added",
    function="clocks_refuse_holidays",
)
