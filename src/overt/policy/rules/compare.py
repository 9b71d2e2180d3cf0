"""Two policies side by side: setting by setting, what differs."""

from __future__ import annotations

from dataclasses import dataclass

from overt.policy.rules.document import SchemePolicy, Term
from overt.policy.rules.findings import words_of
from overt.policy.rules.settings import SETTINGS, Setting


@dataclass(frozen=True, slots=True)
class Pair:
    """One setting in two policies."""

    setting: Setting
    first: Term
    second: Term

    @property
    def differs(self) -> bool:
        return (self.first.value, self.first.unit) != (self.second.value, self.second.unit)


def compare(first: SchemePolicy, second: SchemePolicy) -> list[Pair]:
    """Every setting that at least one of the two speaks of, in the catalogue's order."""
    pairs = [Pair(setting, first.term(setting.name), second.term(setting.name)) for setting in SETTINGS]
    return [pair for pair in pairs if pair.first.value is not None or pair.second.value is not None]


def is_major(before: SchemePolicy, after: SchemePolicy) -> list[str]:
    """The settings whose change makes a new version a major one; empty for a minor change.

    The class is computed from the content and never chosen. Source: BASS-2.1.b, BASS-2.1.c, HERTS-9.1, HERTS-17.3.
    """
    return [pair.setting.name for pair in compare(before, after) if pair.differs and pair.setting.major]


def shown(term: Term) -> str:
    """A term's value in one line: "28 days", "head of service", "none", or a dash for a silence."""
    return "; ".join(lines_of(term))


def lines_of(term: Term) -> list[str]:
    """A term's value as people read it, a line for each row of a table."""
    if term.value is None:
        return ["–"]
    if isinstance(term.value, tuple) and any(not isinstance(one, str) for one in term.value):
        return [row_words(row) for row in term.value]
    words = words_of(term.value)
    unit = term.unit[:-1] if term.value == 1 and term.unit.endswith("s") and term.unit != "ms" else term.unit
    return [f"{words} {unit}".strip()]


def row_words(row: object) -> str:
    """A row of a table in a line: its first cell, then the others by name."""
    if not isinstance(row, dict):
        return words_of(row)
    cells = {key: cell for key, cell in row.items() if key != "clauses" and cell is not None}
    if "says" in cells:
        rest = [f"{words_of(key)}: {words_of(cell)}" for key, cell in cells.items() if key not in ("code", "says")]
        return "; ".join([str(cells["says"]), *rest])
    first, *others = cells
    period = _period(cells)
    rest = [f"{words_of(key)}: {words_of(cells[key])}" for key in others if key not in ("period", "unit")]
    return ", ".join([words_of(cells[first]), *period, *rest])


def _period(cells: dict[str, object]) -> list[str]:
    return [f"{cells['period']} {cells.get('unit', '')}".strip()] if "period" in cells else []
