"""What this room writes into the logbook. The person is its subject: personal content, and so no fact.

The names say `accounts`, the room in which these acts were first done: an entry stays for ever, and so does its name.
"""

from __future__ import annotations

from dataclasses import dataclass

from overt.logbook.actions import action


@dataclass(frozen=True, slots=True)
class PasswordReset:
    tokens_withdrawn: int


@dataclass(frozen=True, slots=True)
class Suspended:
    breach: int
    tokens_withdrawn: int


PASSWORD_RESET = action(
    "accounts.password.reset",
    "Password reset",
    PasswordReset,
    line="[{tokens_withdrawn:count API token} withdrawn]",
)
FIRST_PERSON_MADE = action("accounts.first_person.made", "First person made")
PERSON_ADDED = action("accounts.person.added", "Person added")
PERSON_LEFT = action("accounts.person.left", "Person left")
PERSON_SUSPENDED = action(
    "accounts.person.suspended",
    "Person's access suspended",
    Suspended,
    line="breach {breach}[, {tokens_withdrawn:count API token} withdrawn]",
)
PERSON_RETURNED = action("accounts.person.returned", "Person returned")
