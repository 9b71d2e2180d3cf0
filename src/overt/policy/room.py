"""What the rest of the product may know of the code of practice as data, and of the deadlines it fixes."""

from __future__ import annotations

from datetime import timedelta

from overt.rooms import Act, MenuItem, Room, Round, Way
from overt.shared.roles import EVERYBODY, Group, Role

#: The code of practice as data, and its clocks.
READ_POLICY = Act("read_policy", "Read the policy", Group.SYSTEM, roles=EVERYBODY, keeps=EVERYBODY)
_MANAGERS = frozenset({Role.DATA_CONTROLLER, Role.MANAGER})
#: Draft, consult on, put in force.
MANAGE_POLICY = Act(
    "manage_policy", "Draft policies and put them in force", Group.SYSTEM, roles=_MANAGERS, keeps=_MANAGERS
)
_APPROVERS = frozenset({Role.OWNER_NOMINEE, Role.DATA_CONTROLLER})
#: Never one's own draft.
APPROVE_POLICY = Act("approve_policy", "Approve policies", Group.SYSTEM, roles=_APPROVERS, keeps=_APPROVERS)

ROOM = Room(
    acts=(READ_POLICY, MANAGE_POLICY, APPROVE_POLICY),
    menu=(MenuItem("Policy", "/policy/", frozenset({READ_POLICY}), place=60, also="/clocks/"),),
    ways=(
        Way(
            READ_POLICY,
            "Policy and deadlines",
            "/policy/",
            "What the code fixes; a deadline with its working",
            place=110,
        ),
    ),
    tasks=("overt.policy.notices.tasks_for",),
    rounds=(
        Round(
            "open clocks, where a rule, a calendar or the policy changed",
            timedelta(minutes=10),
            "overt.policy.held.services.rework_clocks",
        ),
    ),
    guards=("overt.policy.triggers.REFUSALS",),
    scheme_figures="overt.policy.cli.figures_of",
    role_terms="overt.policy.queries.role_terms",
    alone=("policy",),
    impersonal=True,
)
