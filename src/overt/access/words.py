"""Roles and acts as people say them, in the order of a working day."""

from __future__ import annotations

from overt.access.rules import Act, Role
from overt.shared.roles import Group

ROLE_WORDS: dict[Role, str] = {role: role.value.replace("_", " ").capitalize() for role in Role} | {
    Role.OWNER_NOMINEE: "Owner's nominee",
    Role.DATA_PROTECTION_OFFICER: "Data protection",
}

GROUPS: tuple[tuple[str, tuple[Act, ...]], ...] = tuple(
    (group.value, tuple(act for act in Act if act.group is group)) for group in Group
)

ACT_WORDS: dict[Act, str] = {act: act.words for act in Act}
