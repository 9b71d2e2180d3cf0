"""Lines made of facts when an entry is read: how values are put, and what is told when they cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from overt.logbook.actions import action, words_for
from overt.logbook.facts import Given
from overt.logbook.lines import BadLine, check_line, duration_words, rendered
from overt.logbook.models import Entry
from overt.logbook.recording import record
from overt.logbook.services import log
from overt.logbook.telling import line_of
from world import World


@dataclass(frozen=True, slots=True)
class Seen:
    count: int = 0


AT = datetime(2026, 11, 22, 2, 14, 7, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Values:
    text: Given = "JD-7"
    code: str = "not_as-kept"
    one: int = 1
    two: int = 2_000
    zero: int = 0
    size: int = 1_300_000
    seconds: int = 124
    at: datetime = AT
    at_90k: int = 160_339_050_000_000
    day: date = date(2026, 11, 22)
    yes: bool = True
    no: bool = False
    none: int | None = None
    listed: tuple[str, ...] = ("a", "b")

    @property
    def span(self) -> tuple[datetime, datetime]:
        return self.at, self.at + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{text}: {one:count file}", "JD-7: 1 file"),
        ("{two:count copy/copies}, {one:count copy/copies}", "2,000 copies, 1 copy"),
        ("{size:size}", "1.3 MB"),
        ("{seconds:duration}", "2 min 4 s"),
        ("{at}", "22 November 2026, 02:14:07 GMT"),
        ("{day}", "22 November 2026"),
        ("{at_90k:90k}", "15 June 2026, 18:36:40 BST"),
        ("{span:span}", "22 November 2026, 02:14:07 to 02:19:07 GMT"),
        ("{code:words}", "not as kept"),
        ("{yes}, {no}", "yes, no"),
        ("{yes:sound|damaged}, {no:sound|damaged}", "sound, damaged"),
        ("{listed}", "a, b"),
        ("{text}[, {none} of them][, {zero:count hold}][, {no:never|}]", "JD-7"),
        ("{text}[, {two} of {none}][, {one:count hold}]", "JD-7, 1 hold"),
        ("{text}{none}", "JD-7"),
        ("[{none}][, {text}][; {one:count hold}]", "JD-7; 1 hold"),
    ],
)
def test_a_line_puts_each_value_as_it_is_asked_to(line: str, said: str) -> None:
    check_line(line, dir(Values))
    assert rendered(line, Values()) == said


@pytest.mark.parametrize(
    "text", ["{one}", "[{zero}]", "{text.__class__}", "<script>alert(1)</script>", "%(one)s", "{0}"]
)
def test_a_value_is_never_read_as_a_line(text: str) -> None:
    assert rendered("{text}: {one}", Values(text=text)) == f"{text}: 1"


def test_a_line_stays_one_line() -> None:
    assert rendered("{text}", Values(text="a\nb\u2028c\x1b[0m")) == "a b c [0m"


@pytest.mark.parametrize(
    "line",
    ["{gone}", "{one:roman}", "{one", "one}", "[{one}", "{text.upper}", "{text[0]}", "{}", "{one!r}", "[[{one}]]"],
)
def test_a_line_that_cannot_be_is_refused_where_it_is_declared(line: str) -> None:
    with pytest.raises(BadLine):
        check_line(line, {"text", "one"})


@pytest.mark.parametrize("name", ["sealed", "Evidence.sealed", "evidence.", "evidence sealed", "evidence..sealed"])
def test_an_act_needs_a_dotted_name(name: str) -> None:
    with pytest.raises(ValueError, match=r"room\.noun\.past_tense"):
        action(name, "Sealed")


def test_an_act_is_declared_in_one_way_only() -> None:
    action("test.thing.named", "Thing named")
    action("test.thing.named", "Thing named")
    with pytest.raises(ValueError, match="declared twice"):
        action("test.thing.named", "Named otherwise")
    with pytest.raises(ValueError, match="declared twice"):
        action("test.thing.named", "Thing named", Values, line="")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3_725, "1 h 2 min"), (90_000, "1 day 1 h"), (180_000, "2 days 2 h")],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: int, said: str) -> None:
    assert duration_words(seconds) == said


def test_cameras_are_told_by_the_names_they_have_today(world: World) -> None:
    seen = action("test.cameras.seen", "Cameras seen", Seen, line="{camera_names}[, {count}]")
    with transaction.atomic():
        one = log(seen, by=world.asha, facts=Seen(), cameras=[world.camera("127")])
        two = log(seen, by=world.asha, facts=Seen(), cameras=[world.camera("127"), world.camera("129")])
    assert line_of(one) == "127 High Street North"
    assert sorted(line_of(two).split(", ")) == sorted(str(world.camera(number)) for number in ("127", "129"))
    world.cameras["127"].name = "Bridge Street"
    world.cameras["127"].save(update_fields=["name"])
    assert line_of(one) == "127 Bridge Street"
    assert line_of(Entry(action=seen.name, facts_text='{"camera_ids":["x","2"],"count":0}')) == ", ".join(
        ["a camera no longer known"] * 2
    )


def entry_of(act: str, facts: str) -> Entry:
    return Entry(number=1, action=act, facts_text=facts, commitments_text="{}", recorded_at=AT)


def test_an_act_that_no_room_declares_any_more_is_told_as_it_stands() -> None:
    entry = entry_of("evidence.bag.signed_off", '{"reference":"JD-7","files":3,"whole":true,"hash":"%s"}' % ("a" * 90))
    assert words_for(entry.action) == "Bag signed off"
    assert line_of(entry) == "reference JD-7, files 3"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("{}", ""),
        ('{"one":"three"}', "one three"),
        ('{"one":3,"size":-5}', "one 3, size -5"),
        ('{"one":3,"at_90k":99999999999999999999999}', "one 3, at 90k 99999999999999999999999"),
    ],
)
def test_facts_that_the_line_cannot_use_are_told_as_they_stand(facts: str, said: str) -> None:
    @dataclass(frozen=True, slots=True)
    class Late:
        one: int
        at_90k: int

    act = action(f"test.late.read_{abs(hash(facts))}", "Late read", Late, line="{one} at {at_90k:90k}")
    assert line_of(entry_of(act.name, facts)) == said


def test_a_property_that_cannot_be_worked_out_is_no_error() -> None:
    @dataclass(frozen=True, slots=True)
    class Shared:
        bytes: int
        files: int

        @property
        def each(self) -> int:
            return self.bytes // self.files

    act = action("test.share.counted", "Share counted", Shared, line="{each:size} each")
    assert line_of(entry_of(act.name, '{"bytes":4,"files":2}')) == "2 bytes each"
    assert line_of(entry_of(act.name, '{"bytes":4,"files":0}')) == "bytes 4, files 0"


def test_pages_print_and_scripts_show_the_line(world: World, client_as: Callable[[object], Client]) -> None:
    act = action("test.values.kept", "Values kept", Values, line="{text}: {size:size}")
    with transaction.atomic():
        entry = log(act, world.camera("127"), by=world.asha, facts=Values(text="<b>JD-7"))
    dev = client_as(world.dev)
    for address in ("/logbook/", "/logbook/print/", f"/logbook/entries/{entry.number}/"):
        assert "&lt;b&gt;JD-7: 1.3 MB" in dev.get(address).content.decode(), address
    found = dev.get(f"/api/v1/logbook/entries/{entry.number}").json()
    assert found["line"] == "<b>JD-7: 1.3 MB"
    assert found["cameras"] == [found["camera"]] == ["127 High Street North"]


def test_an_entry_of_an_older_build_is_shown_everywhere(world: World, client_as: Callable[[object], Client]) -> None:
    with transaction.atomic():
        entry = record("evidence.exhibit.sealed", by=world.asha, facts={"says": "JD-7: 3 files", "files": "three"})
    dev = client_as(world.dev)
    for address in ("/logbook/", "/logbook/print/", f"/logbook/entries/{entry.number}/"):
        assert "says JD-7: 3 files" in dev.get(address).content.decode(), address
    assert dev.get(f"/api/v1/logbook/entries/{entry.number}").json()["line"] == "files three, says JD-7: 3 files"
