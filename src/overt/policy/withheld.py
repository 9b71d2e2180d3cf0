"""What the policy in force says of roles, told to the room of access: what they lose, and when they lapse."""

from __future__ import annotations

from overt.access.rules import Act, Role
from overt.policy.queries import policy_in_force


def withheld_acts() -> list[tuple[Role, Act]]:
    """Each row was checked when the policy was read. Source: BASS-8.2.1.6."""
    rows = policy_in_force().rows("withheld_acts")
    return [(Role(str(row["role"])), Act(str(row["act"]))) for row in rows]


def access_review_days() -> int | None:
    """After how many days a role lapses that nobody confirmed. Source: BASS-8.2.1.9, PROG-4.2.22.a."""
    return policy_in_force().number_or_none("access_review_days")
