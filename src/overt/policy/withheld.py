"""What the policy in force takes from roles, told to the room of access."""

from __future__ import annotations

from overt.access.rules import Act, Role
from overt.policy.queries import policy_in_force


def withheld_acts() -> list[tuple[Role, Act]]:
    """Each row was checked when the policy was read. Source: BASS-8.2.1.6."""
    rows = policy_in_force().rows("withheld_acts")
    return [(Role(str(row["role"])), Act(str(row["act"]))) for row in rows]
