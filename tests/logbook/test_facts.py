"""Facts of entries: what is written for each type, what is read back, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from uuid import UUID

import pytest
from django.db import transaction

from overt.accounts.models import User
from overt.logbook.actions import Action, action
from overt.logbook.errors import BadEntry, NotInTransaction, UnknownAction
from overt.logbook.facts import Given, Nothing, NotTheseFacts, as_json, from_json
from overt.logbook.models import Entry
from overt.logbook.services import log
from overt.logbook.telling import facts_as, line_of
from overt.logbook.verify import verify
from world import World


class Colour(StrEnum):
    DARK_RED = "dark_red"


@dataclass(frozen=True, slots=True)
class Clip:
    camera: UUID
    start: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class Everything:
    """One field of each kind."""

    code: str
    given: Given
    count: int
    whole: bool
    key: UUID
    at: datetime
    day: date
    colour: Colour
    clips: tuple[Clip, ...]
    rest: dict[str, tuple[str, ...]]
    due: date | datetime
    perhaps: int | None = None

    @property
    def clip_count(self) -> int:
        return len(self.clips)


KEY = UUID("0190a7c0-0000-7000-8000-000000000001")
AT = datetime(2026, 11, 22, 2, 14, 7, 360_000, tzinfo=UTC)
EVERYTHING = Everything(
    code="JD-7", given="High Street", count=3, whole=True, key=KEY, at=AT, day=date(2026, 11, 22),
    colour=Colour.DARK_RED, clips=(Clip(KEY, AT, None),), rest={"7": ("actor",)}, due=date(2026, 12, 1),
)  # fmt: skip
AS_JSON = {
    "code": "JD-7",
    "given": "High Street",
    "count": 3,
    "whole": True,
    "key": str(KEY),
    "at": "2026-11-22T02:14:07.360Z",
    "day": "2026-11-22",
    "colour": "dark_red",
    "clips": [{"camera": str(KEY), "start": "2026-11-22T02:14:07.360Z", "note": None}],
    "rest": {"7": ["actor"]},
    "due": "2026-12-01",
}


@pytest.fixture(autouse=True)
def declared() -> Action[Everything]:
    line = "{code}: {clip_count:count clip}, {colour:words}[, {perhaps} perhaps]"
    return action("test.everything.sealed", "Everything sealed", Everything, line=line)


def test_each_type_has_one_form_and_comes_back_as_it_was() -> None:
    assert as_json(EVERYTHING) == AS_JSON
    assert from_json(Everything, AS_JSON) == EVERYTHING


def test_a_moment_is_written_in_utc_whatever_zone_it_was_given_in() -> None:
    summer = AT.astimezone(timezone(timedelta(hours=1)))
    assert as_json(Clip(KEY, summer, "x"))["start"] == "2026-11-22T02:14:07.360Z"


def test_what_a_class_does_not_know_is_left_aside() -> None:
    assert from_json(Everything, {**AS_JSON, "added_since": 4}) == EVERYTHING


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("code", 3),
        ("count", True),
        ("count", "3"),
        ("whole", 1),
        ("key", "no key"),
        ("at", "2026-11-22T02:14:07"),
        ("at", "soon"),
        ("day", 20261122),
        ("colour", "green"),
        ("clips", "all"),
        ("clips", [3]),
        ("clips", [{"camera": str(KEY)}]),
        ("rest", ["7"]),
        ("due", "later"),
        ("perhaps", "3"),
    ],
)
def test_a_value_of_another_type_is_not_read(name: str, value: object) -> None:
    with pytest.raises(NotTheseFacts):
        from_json(Everything, {**AS_JSON, name: value})  # type: ignore[dict-item]


@pytest.mark.parametrize("name", [name for name in AS_JSON])
def test_a_field_that_is_missing_is_not_guessed(name: str) -> None:
    with pytest.raises(NotTheseFacts):
        from_json(Everything, {key: value for key, value in AS_JSON.items() if key != name})


def test_facts_are_kept_and_read_back_as_they_were(asha: User, declared: Action[Everything]) -> None:
    with transaction.atomic():
        entry = log(declared, by=asha, facts=EVERYTHING)
    stored = Entry.objects.get(number=entry.number)
    assert stored.facts == AS_JSON
    assert facts_as(declared, stored) == EVERYTHING
    assert line_of(stored) == "JD-7: 1 clip, dark red"
    assert verify().sound


def test_facts_of_another_act_are_refused(asha: User, declared: Action[Everything]) -> None:
    with pytest.raises(BadEntry, match=r"leaves Everything, not Clip"), transaction.atomic():
        log(declared, by=asha, facts=Clip(KEY, AT, None))  # type: ignore[misc]
    with pytest.raises(BadEntry, match=r"leaves Everything, not Nothing"), transaction.atomic():
        log(declared, by=asha)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("value", [1.5, object(), {1, 2}, [1]])
def test_a_value_that_is_no_fact_is_refused(asha: User, declared: Action[Everything], value: object) -> None:
    wrong = Everything(**{**{name: getattr(EVERYTHING, name) for name in Everything.__slots__}, "count": value})
    with pytest.raises(BadEntry), transaction.atomic():
        log(declared, by=asha, facts=wrong)
    assert not Entry.objects.exists()


def test_an_act_that_nobody_declared_is_refused(asha: User) -> None:
    with pytest.raises(UnknownAction), transaction.atomic():
        log(Action("test.nobody.declared", "Nobody declared", Nothing, ""), by=asha)


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused(declared: Action[Everything]) -> None:
    with pytest.raises(NotInTransaction):
        log(declared, by=None, facts=EVERYTHING)


def test_an_entry_concerns_no_camera_or_one_or_several(world: World) -> None:
    sealed = action("test.thing.counted", "Thing counted")
    first, second = world.camera("127"), world.camera("129")
    with transaction.atomic():
        none = log(sealed, by=world.asha)
        one = log(sealed, by=world.asha, cameras=[first])
        same = log(sealed, first, by=world.asha, cameras=[first])
        several = log(sealed, by=world.asha, cameras=[first, second, first])
    assert (none.camera, none.camera_ids, none.facts) == ("", [], {})
    for entry in (one, same):
        assert (entry.camera, entry.camera_ids, entry.facts) == (str(first.pk), [str(first.pk)], {})
    both = sorted([str(first.pk), str(second.pk)])
    assert (several.camera, several.camera_ids, several.facts) == ("", both, {"camera_ids": both})


@dataclass(frozen=True, slots=True)
class Kept:
    code: str
    said: Given = ""
    codes: tuple[str, ...] = ()
    clips: tuple[Clip, ...] = ()


@pytest.mark.parametrize(
    "facts",
    [
        Kept("JD-7: 3 files"),
        Kept("JD-7", codes=("fine", "not fine")),
        Kept("JD-7", clips=(Clip(KEY, AT, "early on"),)),
        Kept("a\u00a0b"),
    ],
)
def test_a_sentence_among_facts_fails_the_test_that_writes_it(asha: User, facts: Kept) -> None:
    kept = action("test.kept.kept", "Kept", Kept, line="{code}")
    with pytest.raises(AssertionError, match="holds words where an entry keeps a code"), transaction.atomic():
        log(kept, by=asha, facts=facts)
    with transaction.atomic():
        log(kept, by=asha, facts=Kept("JD-7", said="High Street North", codes=("fine",), clips=(Clip(KEY, AT, "x"),)))
