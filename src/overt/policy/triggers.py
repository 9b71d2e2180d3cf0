"""The database's own refusal to change a version of the policy once it has left the draft, or to remove one.

The moves pass: a draft takes another document; what was consulted on goes back, on or aside with the document it has;
an approved one is put in force, once, or aside. Steps of the history are added, never changed.
"""

from __future__ import annotations

from overt.policy.rules.moves import MOVES, VersionState
from overt.shared.refusals import Guard, Refusals, unchanged


def _moves() -> str:
    """A move of the table, with the document as it was; a day from which it counts only for what was approved."""
    allowed = " OR ".join(f"(OLD.state = '{a.value}' AND NEW.state = '{b.value}')" for a, b in MOVES)
    day = f"OLD.state = '{VersionState.APPROVED.value}' OR {unchanged('effective_from')}"
    return f"({allowed}) AND {unchanged('document')} AND ({day})"


def _draft() -> str:
    """Another document in a draft."""
    draft = VersionState.DRAFT.value
    return f"OLD.state = '{draft}' AND NEW.state = '{draft}' AND {unchanged('effective_from')}"


REFUSALS = Refusals(
    {
        "policy_policyversion": Guard(
            f"{unchanged('id', 'number', 'adopted_by_id', 'adopted_at')} AND (({_draft()}) OR ({_moves()}))",
            ("number",),
        ),
        "policy_policymove": Guard(),
    },
    "a version of the policy stays as it was approved",
    function="policy_refuse",
)
