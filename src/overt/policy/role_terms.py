"""What the policy in force says of roles, told to the room of access: what they lose, and when they lapse."""

from __future__ import annotations

from overt.access.rules import Act, Role
from overt.policy.queries import policy_in_force
from overt.rooms import act_named


def role_terms() -> tuple[list[tuple[Role, Act]], int | None]:
    """The acts withheld (each row was checked when the policy was read), and the days after which a role lapses.

    Source: BASS-8.2.1.6, BASS-8.2.1.9, PROG-4.2.22.a.
    """
    policy = policy_in_force()
    rows = [(Role(str(row["role"])), act_named(str(row["act"]))) for row in policy.rows("withheld_acts")]
    return rows, policy.number_or_none("access_review_days")
