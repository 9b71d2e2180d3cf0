"""Roles and acts as people say them, in the order of a working day."""

from __future__ import annotations

from overt.access.rules import Act, Role

ROLE_WORDS: dict[Role, str] = {role: role.value.replace("_", " ").capitalize() for role in Role} | {
    Role.OWNER_NOMINEE: "Owner's nominee",
    Role.DATA_PROTECTION_OFFICER: "Data protection",
}

GROUPS: tuple[tuple[str, tuple[Act, ...]], ...] = (
    (
        "Cameras and pictures",
        (Act.SEE_CAMERA, Act.VIEW_LIVE, Act.CHECK_CAMERA, Act.MANAGE_CAMERA),
    ),
    (
        "Recordings and evidence",
        (
            Act.REVIEW,
            Act.SUPERVISE_PLAYBACK,
            Act.MARK_HOLD,
            Act.SEAL_EXHIBIT,
            Act.SEE_EXHIBIT,
            Act.EXPORT_BAG,
            Act.MANAGE_EVIDENCE,
        ),
    ),
    (
        "The books",
        (
            Act.WRITE_ENTRY,
            Act.READ_LOGBOOK,
            Act.VERIFY_LOGBOOK,
            Act.CORRECT_ENTRY,
            Act.ERASE_PERSONAL,
            Act.ANSWER_BREACH,
            Act.KEEP_CLOCK,
        ),
    ),
    (
        "People, policy and system",
        (
            Act.MANAGE_PEOPLE,
            Act.GRANT_ROLE,
            Act.READ_POLICY,
            Act.MANAGE_POLICY,
            Act.APPROVE_POLICY,
            Act.SEE_SYSTEM,
        ),
    ),
)

ACT_WORDS: dict[Act, str] = {act: act.value.replace("_", " ").capitalize() for act in Act} | {
    Act.SEE_CAMERA: "Know of cameras and how they are",
    Act.VIEW_LIVE: "Watch live pictures",
    Act.CHECK_CAMERA: "Check a camera",
    Act.MANAGE_CAMERA: "Add, change and retire cameras",
    Act.REVIEW: "Look at recordings",
    Act.SUPERVISE_PLAYBACK: "Let an engineer look at recordings, under one's eye",
    Act.MARK_HOLD: "Hold footage",
    Act.SEAL_EXHIBIT: "Seal exhibits",
    Act.SEE_EXHIBIT: "See exhibits and holds",
    Act.EXPORT_BAG: "Take sealed evidence away",
    Act.MANAGE_EVIDENCE: "Look after storage and destruction",
    Act.WRITE_ENTRY: "Write entries",
    Act.READ_LOGBOOK: "Read the logbook",
    Act.VERIFY_LOGBOOK: "Take checkpoints and proofs",
    Act.CORRECT_ENTRY: "Correct entries, by a new one",
    Act.ERASE_PERSONAL: "Erase personal content",
    Act.ANSWER_BREACH: "Answer breaches",
    Act.KEEP_CLOCK: "Run deadlines",
    Act.MANAGE_PEOPLE: "Look after accounts",
    Act.GRANT_ROLE: "Give and take roles",
    Act.READ_POLICY: "Read the policy",
    Act.MANAGE_POLICY: "Draft policies and put them in force",
    Act.APPROVE_POLICY: "Approve policies",
    Act.SEE_SYSTEM: "See how the system stands",
}
