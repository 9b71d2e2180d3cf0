"""A scheme policy: the validated document of what a code of practice fixes, each term with its clauses.

Three answers to a question, never mixed: `value(name)` is what the code says (None where it is silent),
`in_effect(name)` falls back to the product's own default, and `require(name)` refuses a silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from overt.policy.rules.errors import BadPolicy, PolicySilent
from overt.policy.rules.kinds import Row, Value
from overt.policy.rules.ranks import LADDERS
from overt.policy.rules.settings import BY_NAME, Setting

OWNER_KINDS = ("council", "partnership", "landlord", "other")
NATIONS = ("england-and-wales", "scotland", "northern-ireland")


@dataclass(frozen=True, slots=True)
class Also:
    """Another value that the same document gives to a setting."""

    value: Value
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """What the code says of one setting. `value` None is a silence; then clauses may still tell where it was sought."""

    value: Value | None = None
    unit: str = ""
    clauses: tuple[str, ...] = ()
    note: str = ""
    also: tuple[Also, ...] = ()


SILENT = Term()


@dataclass(frozen=True, slots=True)
class Post:
    """A role as the document names it. `acts_as` is the product's role, where it is one."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()  # posts that stand in, in order
    acts_as: str = ""
    kind: str = "post"  # post, or body: an organisation
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two places of the document that cannot both be followed, and how they are read."""

    id: str
    clauses: tuple[str, ...]
    says: str
    read_as: str


@dataclass(frozen=True, slots=True)
class SchemePolicy:
    """One edition of one scheme's code. Built by `policy_from`, which checks everything."""

    scheme: str = "scheme"
    title: str = "CCTV scheme"
    edition: str = ""
    issued: str = ""  # ISO day, or ISO month where no day is printed; empty where undated
    review_due: str = ""
    source: str = ""
    based_on: str = ""
    owner_kind: str = "other"
    nation: str = "england-and-wales"
    note: str = ""
    ladders: Mapping[str, Sequence[str]] = field(default_factory=lambda: LADDERS)
    roles: tuple[Post, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    terms: Mapping[str, Term] = field(default_factory=dict)

    # ---- what it says
    def term(self, name: str) -> Term:
        """What the code says of a setting. Raises BadPolicy for a setting there is not."""
        setting_named(name)
        return self.terms.get(name, SILENT)

    def value(self, name: str) -> Value | None:
        return self.term(name).value

    def in_effect(self, name: str) -> Value | None:
        """The code's value, else the product's default; None where neither speaks."""
        found = self.value(name)
        return setting_named(name).default if found is None else found

    def require(self, name: str) -> Value:
        """The value in effect. Raises PolicySilent, naming the setting: null refuses rather than allows.

        Source: BASS-5.6.5, HERTS-15.3 (clear rules stand before an act; a rule that is not there allows nothing).
        """
        found = self.in_effect(name)
        if found is None:
            raise PolicySilent(name, setting_named(name).meaning)
        return found

    def number(self, name: str) -> int:
        """A whole number in effect. Raises PolicySilent, or TypeError for a setting that is no number."""
        found = self.require(name)
        if not isinstance(found, int) or isinstance(found, bool):
            raise TypeError(f"{name} is no number")
        return found

    def number_or_none(self, name: str) -> int | None:
        return None if self.in_effect(name) is None else self.number(name)

    def codes(self, name: str) -> tuple[str, ...]:
        """A list of codes in effect; empty where the code is silent."""
        found = self.in_effect(name)
        return tuple(one for one in found if isinstance(one, str)) if isinstance(found, tuple) else ()

    def rows(self, name: str) -> tuple[Row, ...]:
        """A table in effect; empty where the code is silent."""
        found = self.in_effect(name)
        return tuple(one for one in found if isinstance(one, Mapping)) if isinstance(found, tuple) else ()

    def in_code(self, name: str) -> bool:
        """Whether the scheme's own code fixes it; what is only a default is shown as "not in your code"."""
        return self.value(name) is not None

    def post(self, code: str) -> Post | None:
        """The role of a code, or of one of its aliases. Source: HERTS-5.1, HERTS-2.3 (two names for one post)."""
        return next((post for post in self.roles if code == post.code or code in post.aliases), None)

    def post_words(self, code: str) -> str:
        post = self.post(code)
        return post.name if post else code.replace("_", " ")

    def in_force_on(self, day: date) -> bool:
        first = first_day(self.issued)
        return first is None or first <= day

    # ---- what the rooms ask for by name
    @property
    def scheme_name(self) -> str:
        return self.title

    @property
    def retention_days(self) -> int:
        """Source: HERTS-24.1, BASS-1.6.1.c, SEVEN-PIA.8.a, PROG-4.2.10. Raises PolicySilent."""
        return self.number("retention_days")

    @property
    def reason_required_for(self) -> tuple[str, ...]:
        return self.codes("reason_required_for")

    @property
    def marking_hold_days(self) -> int:
        return self.number("marking_hold_days")

    @property
    def evidence_master_retention_years(self) -> int | None:
        """None where the code is silent: then a master is kept until the scheme has decided. Source: BASS-1.6.3.c."""
        return self.number_or_none("evidence_master_retention_years")

    @property
    def checkpoint_minutes(self) -> int:
        return self.number("checkpoint_minutes")

    @property
    def logbook_personal_days(self) -> int | None:
        return self.number_or_none("logbook_personal_days")


def setting_named(name: str) -> Setting:
    """Raises BadPolicy for a setting that does not exist."""
    try:
        return BY_NAME[name]
    except KeyError:
        raise BadPolicy(f"A policy has no setting {name}.{_near(name, BY_NAME)}") from None


def first_day(text: str) -> date | None:
    """The day of an ISO date, or the first day of an ISO month; None for nothing."""
    if not text:
        return None
    return date.fromisoformat(text if len(text) == 10 else f"{text}-01")


def _near(name: str, known: Mapping[str, object]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]}?" if close else ""
