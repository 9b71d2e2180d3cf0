"""The rooms of the product, and what a room says of itself to all the others.

`ORDER` is the only list of rooms. The rest stands in each room's `room.py`, as a `Room`, or is found by the name of its
file: `models.py`, `urls.py`, `api.py` (its `router`), `cli.py` (its `add_arguments`), `log_actions.py`.

Neither this module nor a `room.py` loads Django: settings read `ORDER`, and commands that need no installation read the
roles. So a declaration names its functions by their full dotted names, and `named` fetches one when it is to be used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from overt.shared.roles import Group, Role

#: Bottom to top: a room imports only from those before it, and what it brings is taken in this order.
ORDER = (
    "clauses",
    "jobs",
    "logbook",
    "places",
    "accounts",
    "access",
    "people",
    "breaches",
    "clocks",
    "policy",
    "estate",
    "inspection",
    "watch",
    "evidence",
)


class _Acts(type):
    """Lets code write `Act.VIEW_LIVE` and `for act in Act`, whichever rooms declared the acts."""

    def __getattr__(cls, name: str) -> Act:
        if not name.isupper():
            raise AttributeError(name)
        try:
            return act_named(name.lower())
        except ValueError as error:
            raise AttributeError(str(error)) from None

    def __iter__(cls) -> Iterator[Act]:
        return iter(acts().values())


class Act(str, metaclass=_Acts):
    """What a person does, named once, by the room where it is done; everywhere else it is `Act.NAME`.

    `words` are what the page of roles calls it, within its `group`. `roles` may carry it out, within their grants. A
    policy may take it away from each of them but those in `keeps`. Source: BASS-8.2.1.6.
    """

    words: str
    group: Group
    roles: frozenset[Role]
    keeps: frozenset[Role]

    def __new__(
        cls, name: str, words: str, group: Group, *, roles: frozenset[Role], keeps: frozenset[Role] = frozenset()
    ) -> Act:
        act = super().__new__(cls, name)
        act.words, act.group, act.roles, act.keeps = words, group, roles, keeps
        return act

    def __reduce__(self) -> tuple[Any, ...]:
        return act_named, (str(self),)

    @property
    def value(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the navigation, shown to whoever may carry out one of the acts."""

    name: str
    href: str
    acts: frozenset[Act]
    place: int = 50  # among all rooms' entries, the least first
    also: str = ""  # another address under which its pages stand


@dataclass(frozen=True, slots=True)
class Way:
    """Where an act leads from the first page. The act of a higher room is given by its name."""

    act: str
    words: str
    href: str
    detail: str = ""
    place: int = 50  # among all rooms' ways, in the order of a working day


@dataclass(frozen=True, slots=True)
class Task:
    """A thing somebody should do next, on the first page; `state` is said beside it, in the tone of its tag."""

    words: str
    href: str
    detail: str = ""
    state: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of how the system stands, on the first page: what it is, how it is, and a tag where that is not well."""

    key: str
    value: str
    tone: str = ""
    tag: str = ""
    place: int = 50  # among all rooms' lines, the least first


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the wall's rail: what it is, what is known, by when, and how pressing: "", soon or now."""

    heading: str
    title: str
    detail: str = ""
    due: datetime | None = None
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """What the worker does again and again. `do` names a function without arguments that can run twice without harm."""

    name: str
    every: timedelta
    do: str


@dataclass(frozen=True, slots=True)
class Check:
    """A condition of being ready. `ask` names a function that says in words how it stands, or raises NotWell.

    Where it is met and a person must see to something all the same, it says so with ToSeeTo.
    """

    name: str
    ask: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What a request to one of the room's addresses may cost, where that is not what is usual (overt.web.limits).

    `template` is the address as `urls.py` has it; `body_bytes` the most that somebody signed in may send there, 0 for
    what is usual; `hashes_password` says that a POST to it checks or sets a password, which few may do at once.
    """

    template: str
    body_bytes: int = 0
    hashes_password: bool = False


class ToSeeTo(str):
    """How a condition stands that is met, although not all is well: a person must see to something."""

    __slots__ = ()


class NotWell(Exception):
    """A condition of being ready is not met; the words are what the reader needs."""


@dataclass(frozen=True, slots=True)
class Room:
    """Everything the rest of the product may know of a room. A room that has nothing to say is `Room()`.

    Functions are named, e.g. "overt.evidence.notices.waiting_holds".
    """

    acts: tuple[Act, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    ways: tuple[Way, ...] = ()
    #: `(user, acts) -> list[Task]`: what comes first on this person's first page.
    tasks: tuple[str, ...] = ()
    #: `(user, now) -> list[Notice]`: what the wall's rail, and the first page, say to this person.
    notices: tuple[str, ...] = ()
    #: `(user, now) -> list[Standing]`: how what this room looks after stands, said to those who may see the system.
    standing: tuple[str, ...] = ()
    rounds: tuple[Round, ...] = ()
    #: `() -> object`: what the worker takes up again as it starts, where a stop cut it off.
    resumes: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    #: `(registry) -> None`: adds figures for Prometheus.
    metrics: tuple[str, ...] = ()
    #: Names of `shared.refusals.Refusals`: the rows that the database refuses to change.
    guards: tuple[str, ...] = ()
    #: Where more may be sent than a form, and where passwords are hashed.
    limits: tuple[Limit, ...] = ()
    #: `() -> (pairs of role and act, days)`: what the policy takes from roles, and after how many days one lapses (or
    #: None). One room says it.
    role_terms: str = ""
    #: `(name) -> clocks.questions.Figures`: a scheme's own lengths, for deadlines. One room says it.
    scheme_figures: str = ""
    #: The label of the model whose rows are the scheme's cameras, such as "estate.camera". One room says it.
    cameras: str = ""
    #: Commands of its `cli.py` that a stranger runs on a copy: with no installation, settings or database.
    alone: tuple[str, ...] = ()
    #: Names of addresses that an open page asks again and again by itself, showing no more than the page does.
    repeated: frozenset[str] = frozenset()
    #: Labels that entries of the logbook have for its models, from when those stood in another room: (then, today).
    kinds_before: tuple[tuple[str, str], ...] = ()
    #: Whether its things' names say nothing of a person, so that pages of the logbook may show them.
    impersonal: bool = False


@cache
def rooms() -> tuple[Room, ...]:
    """What each room of `ORDER` says of itself, in that order."""
    return tuple(by_name().values())


@cache
def by_name() -> dict[str, Room]:
    """The same by the rooms' names."""
    return {name: import_module(f"overt.{name}.room").ROOM for name in ORDER}


def modules(kind: str) -> list[str]:
    """The full names of the rooms' modules of this name (`urls`, `api`, ...), of those rooms that have one."""
    return [name for room in ORDER if find_spec(name := f"overt.{room}.{kind}") is not None]


def named(name: str) -> Any:
    """What stands under a full dotted name. Raises ImportError or AttributeError where nothing does."""
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(module), attribute)


@cache
def acts() -> dict[str, Act]:
    """Every act by its name. Raises ValueError where two rooms declare the same one."""
    found: dict[str, Act] = {}
    for act in (act for room in rooms() for act in room.acts):
        if act in found:
            raise ValueError(f"{act} is declared twice")
        found[str(act)] = act
    return found


def act_named(name: str) -> Act:
    """The act of this name. Raises ValueError for one that no room declares."""
    try:
        return acts()[name]
    except KeyError:
        raise ValueError(f"{name} is no act of any room") from None
