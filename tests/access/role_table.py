"""Who may do what, written by hand: the product's own table is compared with this one, never with itself.

A new role or act is entered here by whoever answers for it. Source: HERTS-19.5, BASS-7.1.c (the manager decides who has
access), HERTS-22.1 (an inspector reads and changes nothing), BASS-6.7.3 (an engineer sees no recordings), BASS-8.2.1.6.
"""

from __future__ import annotations

EVERYBODY = (
    "owner_nominee", "data_controller", "manager", "supervisor", "operator", "data_protection_officer", "inspector",
    "engineer", "police_reviewer", "auditor",
)  # fmt: skip

MAY: dict[str, tuple[str, ...]] = {
    # people
    "grant_role": ("owner_nominee", "manager"),
    "manage_people": ("owner_nominee", "manager"),
    # the scheme's own book and code
    "answer_breach": ("owner_nominee", "data_controller", "data_protection_officer", "manager"),
    "keep_clock": ("data_controller", "data_protection_officer", "manager"),
    "read_policy": EVERYBODY,
    "manage_policy": ("data_controller", "manager"),
    "approve_policy": ("owner_nominee", "data_controller"),
    "read_logbook": (
        "owner_nominee", "data_controller", "data_protection_officer", "inspector", "auditor", "manager", "supervisor",
    ),
    "verify_logbook": (
        "owner_nominee", "data_controller", "data_protection_officer", "inspector", "auditor", "manager", "supervisor",
    ),
    "correct_entry": ("data_controller", "data_protection_officer", "manager", "supervisor"),
    "erase_personal": ("data_controller", "data_protection_officer"),
    # cameras
    "see_camera": EVERYBODY,
    "check_camera": ("engineer", "manager", "supervisor"),
    "manage_camera": ("manager",),
    "see_system": ("owner_nominee", "data_controller", "inspector", "auditor", "engineer", "manager", "supervisor"),
    # looking
    "view_live": ("inspector", "engineer", "manager", "supervisor", "operator"),
    "review": ("data_protection_officer", "inspector", "police_reviewer", "manager", "supervisor", "operator"),
    "supervise_playback": ("manager", "supervisor"),
    "write_entry": ("data_protection_officer", "engineer", "police_reviewer", "manager", "supervisor", "operator"),
    # evidence
    "mark_hold": ("police_reviewer", "manager", "supervisor", "operator"),
    "seal_exhibit": ("manager", "supervisor", "operator"),
    "see_exhibit": (
        "data_controller", "data_protection_officer", "inspector", "auditor", "police_reviewer", "manager",
        "supervisor", "operator",
    ),
    "export_bag": ("manager", "supervisor"),
    "manage_evidence": ("manager",),
}  # fmt: skip

#: What no policy takes away from a role, or nobody could mend the policy, give a role or call the scheme to account.
KEEPS: dict[str, tuple[str, ...]] = {
    "grant_role": ("owner_nominee", "manager"),
    "manage_people": ("owner_nominee",),
    "answer_breach": ("manager",),
    "read_policy": EVERYBODY,
    "manage_policy": ("data_controller", "manager"),
    "approve_policy": ("owner_nominee", "data_controller"),
    "see_camera": EVERYBODY,
    "read_logbook": ("owner_nominee", "data_controller", "data_protection_officer", "inspector", "auditor"),
    "verify_logbook": ("data_controller", "data_protection_officer", "inspector", "auditor"),
}
