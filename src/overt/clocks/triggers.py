"""The database's own refusal to change or remove what a kept clock said.

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
