"""A policy as a page reads it: sections, lines, clauses with what they say, and what only the product decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from overt.clauses.catalogue import catalogue
from overt.policy.drafting.setting_form import has_form
from overt.policy.rules import SchemePolicy, Term
from overt.policy.rules.compare import Pair, compare, lines_of, shown
from overt.policy.rules.document import first_day
from overt.policy.rules.kinds import Role, Roles
from overt.policy.rules.settings import SECTIONS, SETTINGS, Setting


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """A clause's id and what it says, for the word that appears beside it."""

    id: str
    says: str


@dataclass(frozen=True, slots=True)
class Line:
    """One setting on the page."""

    setting: Setting
    lines: list[str]
    clauses: list[ClauseWords]
    note: str
    also: list[tuple[str, list[ClauseWords]]]
    silent: bool
    default: str  # the product's own value where the code is silent; empty where there is none

    @property
    def title(self) -> str:
        return title_of(self.setting)

    @property
    def has_form(self) -> bool:
        """Whether it can be changed by itself; a table of rows is changed in the text."""
        return has_form(self.setting)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    slug: str
    lines: list[Line]

    @property
    def spoken(self) -> list[Line]:
        return [line for line in self.lines if not line.silent]

    @property
    def unspoken(self) -> list[Line]:
        return [line for line in self.lines if line.silent]


def title_of(setting: Setting) -> str:
    """What a setting is about, as the beginning of a line."""
    return setting.meaning[0].upper() + setting.meaning[1:]


def issued_words(policy: SchemePolicy) -> str:
    """When it was issued, as printed: a day, or a month where no day is."""
    first = first_day(policy.issued)
    if first is None:
        return "undated"
    return f"{first:%-d %B %Y}" if len(policy.issued) == 10 else f"{first:%B %Y}"


def sections_of(policy: SchemePolicy) -> list[Section]:
    """The whole document in the order of its sections."""
    return [
        Section(title, f"section-{number}", [_line(policy, s) for s in SETTINGS if s.section == title])
        for number, title in enumerate(SECTIONS, 1)
    ]


def pairs_of(first: SchemePolicy, second: SchemePolicy, *, only_different: bool) -> list[tuple[str, list[SidePair]]]:
    """Two policies side by side, by section; sections with nothing to show are left out."""
    pairs = [pair for pair in compare(first, second) if pair.differs or not only_different]
    by_section = [(title, [_side(first, second, p) for p in pairs if p.setting.section == title]) for title in SECTIONS]
    return [(title, rows) for title, rows in by_section if rows]


@dataclass(frozen=True, slots=True)
class SidePair:
    title: str
    name: str
    first: Line
    second: Line
    differs: bool


def clause_words(ids: Iterable[str]) -> list[ClauseWords]:
    known = catalogue()
    return [ClauseWords(one, known[one].says) for one in ids if one in known]


def _side(first: SchemePolicy, second: SchemePolicy, pair: Pair) -> SidePair:
    return SidePair(
        title_of(pair.setting), pair.setting.name, _line(first, pair.setting), _line(second, pair.setting), pair.differs
    )


def _line(policy: SchemePolicy, setting: Setting) -> Line:
    term = policy.term(setting.name)
    default = "" if setting.default is None else shown(Term(setting.default, _unit(setting)))
    return Line(
        setting,
        _words(policy, setting, term),
        clause_words(term.clauses),
        term.note,
        [
            (_words(policy, setting, replace(term, value=other.value))[0], clause_words(other.clauses))
            for other in term.also
        ],
        term.value is None,
        default if term.value is None else "",
    )


def _unit(setting: Setting) -> str:
    return setting.units[0] if setting.units else ""


def _words(policy: SchemePolicy, setting: Setting, term: Term) -> list[str]:
    """A role by the name of its post; everything else as it is compared."""
    if isinstance(setting.kind, Role) and isinstance(term.value, str):
        return [policy.post_words(term.value)]
    if isinstance(setting.kind, Roles) and isinstance(term.value, tuple):
        return [policy.post_words(str(code)) for code in term.value] or ["none"]
    return lines_of(term)
