"""What a value of a setting may be: each kind reads a raw value, or says in one sentence why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from overt.access.rules import Role as AccessRole
from overt.access.rules import can_be_withheld
from overt.policy.rules.errors import BadPolicy
from overt.policy.rules.ranks import check_rank
from overt.rooms import act_named

#: A row of a table of facts: column -> text, number, yes or no, list of words, or nothing.
Row = Mapping[str, object]
Value = int | bool | str | tuple[str, ...] | tuple[Row, ...]

_WORD = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


@dataclass(frozen=True, slots=True)
class Kind:
    """The base: any text of a line."""

    words = "a text"

    def read(self, name: str, raw: object) -> Value:
        if not isinstance(raw, str) or not raw.strip() or len(raw) > 400:
            raise self.wrong(name, raw)
        return raw.strip()

    def wrong(self, name: str, raw: object) -> BadPolicy:
        return BadPolicy(f"{name}: {_shown(raw)} cannot be; expected {self.words}.")


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    """A whole number, in one of the units the setting allows."""

    least: int = 1
    most: int = 36500

    @property
    def words(self) -> str:  # type: ignore[override]  # a text that depends on the bounds
        return f"a whole number from {self.least} to {self.most}"

    def read(self, name: str, raw: object) -> Value:
        if not isinstance(raw, int) or isinstance(raw, bool) or not self.least <= raw <= self.most:
            raise self.wrong(name, raw)
        return raw


@dataclass(frozen=True, slots=True)
class YesNo(Kind):
    words = "true or false"

    def read(self, name: str, raw: object) -> Value:
        if not isinstance(raw, bool):
            raise self.wrong(name, raw)
        return raw


@dataclass(frozen=True, slots=True)
class Choice(Kind):
    """One of a few codes."""

    options: tuple[str, ...] = ()

    @property
    def words(self) -> str:  # type: ignore[override]  # a text that depends on the options
        return f"one of {', '.join(self.options)}"

    def read(self, name: str, raw: object) -> Value:
        if raw not in self.options:
            raise self.wrong(name, raw)
        return str(raw)


@dataclass(frozen=True, slots=True)
class Word(Kind):
    """A code the scheme chooses itself: a post, a place."""

    words = "a code of small letters, digits and underscores"

    def read(self, name: str, raw: object) -> Value:
        if not isinstance(raw, str) or not _WORD.fullmatch(raw):
            raise self.wrong(name, raw)
        return raw


@dataclass(frozen=True, slots=True)
class Role(Word):
    """A post; it has to be one of those the document names under `roles`."""


@dataclass(frozen=True, slots=True)
class Rank(Kind):
    """The lowest rank of a body that may do it."""

    body: str = "police"

    def read(self, name: str, raw: object) -> Value:
        if not isinstance(raw, str):
            raise BadPolicy(f"{name}: {_shown(raw)} cannot be; expected a rank.")
        return raw  # compared with the document's own ladders, which are read before


@dataclass(frozen=True, slots=True)
class Words(Kind):
    """Several codes, in the document's order; `options` where only these can be. An empty list means: none."""

    options: tuple[str, ...] = ()

    @property
    def words(self) -> str:  # type: ignore[override]  # a text that depends on the options
        return f"a list of {', '.join(self.options)}" if self.options else "a list of codes, such as [fire, flood]"

    def read(self, name: str, raw: object) -> Value:
        if not _is_list(raw):
            raise self.wrong(name, raw)
        found = tuple(self._one(name, one) for one in raw)
        if len(set(found)) != len(found):
            raise BadPolicy(f"{name}: {_shown(raw)} names something twice.")
        return found

    def _one(self, name: str, one: object) -> str:
        known = one in self.options if self.options else isinstance(one, str) and _WORD.fullmatch(one)
        if not known:
            raise self.wrong(name, one)
        return str(one)


@dataclass(frozen=True, slots=True)
class Roles(Words):
    """Several posts of the document."""


@dataclass(frozen=True, slots=True)
class DayOfYear(Kind):
    words = 'a day of the year in quotes, such as "04-01"'

    def read(self, name: str, raw: object) -> Value:
        if not isinstance(raw, str) or not _DAY.fullmatch(raw):
            raise self.wrong(name, raw)
        return raw


@dataclass(frozen=True, slots=True)
class Table(Kind):
    """Rows with known columns; the first `required` ones must be there, `clauses` may always be."""

    columns: tuple[str, ...] = ()
    required: tuple[str, ...] = ()

    @property
    def words(self) -> str:  # type: ignore[override]  # a text that depends on the columns
        return f"a list of rows with {', '.join((*self.columns, 'clauses'))}"

    def read(self, name: str, raw: object) -> Value:
        if not _is_list(raw):
            raise self.wrong(name, raw)
        return tuple(self._row(name, row, number) for number, row in enumerate(raw, 1))

    def _row(self, name: str, row: object, number: int) -> Row:
        if not isinstance(row, Mapping):
            raise self.wrong(name, row)
        unknown = sorted(str(key) for key in set(row) - {*self.columns, "clauses"})
        if unknown:
            raise BadPolicy(f"{name}, row {number}: there is no column {', '.join(unknown)}; expected {self.words}.")
        missing = [key for key in self.required if row.get(key) in (None, "")]
        if missing:
            raise BadPolicy(f"{name}, row {number}: {', '.join(missing)} is missing.")
        # In the order of the columns: PostgreSQL does not keep the order in which a document was written.
        return {key: self._cell(name, number, key, row[key]) for key in (*self.columns, "clauses") if key in row}

    def _cell(self, name: str, number: int, key: str, cell: object) -> object:
        if cell is None or isinstance(cell, str | bool | int):
            return cell
        if _is_list(cell) and all(isinstance(one, str) for one in cell):
            return tuple(str(one) for one in cell)
        raise BadPolicy(
            f"{name}, row {number}: {key} is neither a text, a whole number, yes or no, nor a list of codes."
        )


@dataclass(frozen=True, slots=True)
class RoleActs(Table):
    """Acts taken from roles: each row a role and an act that the role has and a policy may take from it."""

    columns: tuple[str, ...] = ("role", "act")
    required: tuple[str, ...] = ("role", "act")

    def _row(self, name: str, row: object, number: int) -> Row:
        # Without the zero-argument form of super(), which a dataclass with slots does not have.
        found = Table._row(self, name, row, number)
        try:
            role, act = AccessRole(str(found["role"])), act_named(str(found["act"]))
        except ValueError:
            words = f"{found['role']} or {found['act']}"
            raise BadPolicy(f"{name}, row {number}: there is no role or act {words}.") from None
        if not can_be_withheld(role, act):
            words = f"{act.value} is not {role.value}'s to lose"
            raise BadPolicy(
                f"{name}, row {number}: {words}: the role never had it, or keeps it whatever a policy says."
            )
        return found


def check_rank_of(name: str, kind: Rank, value: object, ladders: Mapping[str, Sequence[str]]) -> None:
    """Raises BadPolicy, naming the setting, for a rank that its body does not have."""
    try:
        check_rank(kind.body, str(value), ladders)
    except BadPolicy as error:
        raise BadPolicy(f"{name}: {error}") from None


def _is_list(raw: object) -> TypeGuard[Sequence[object]]:
    return isinstance(raw, Sequence) and not isinstance(raw, str | bytes)


def _shown(raw: object) -> str:
    text = repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."
