"""Clocks that are kept: both answers stay, and the second says what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from overt.access.doors import NotYours
from overt.clocks import engine
from overt.clocks.calendars import Nation
from overt.clocks.errors import ClockError, ClockNotOpen
from overt.clocks.kinds import Body, Kind
from overt.clocks.law import RULES, rule_in_force
from overt.clocks.models import Clock, ClockAnswer
from overt.clocks.pauses import Clarification
from overt.clocks.questions import Figures, Question
from overt.clocks.services import (
    add_holiday,
    answer_again,
    close_clock,
    mark_met,
    recompute_open_clocks,
    start_clock,
)
from overt.clocks.stored import question_as_json, question_from_json
from overt.logbook.models import Entry
from world import World

#: Received Fri 8 May 2026: the corresponding date is Mon 8 Jun, which is proclaimed a holiday later on.
NO_TARGET = Figures(subject_access_target_days=None, act_on="guidance")
ASKED = Question(Kind.SUBJECT_ACCESS, date(2026, 5, 8), figures=NO_TARGET)
EVENT = {"nation": Nation.ENGLAND_AND_WALES, "name": "Day of thanks", "source": "London Gazette"}


@pytest.fixture
def running(world: World) -> Clock:
    return start_clock(ASKED, owner="request:SAR-12", by=world.hari)


def actions() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("action", flat=True))


def test_a_clock_keeps_its_working_and_the_versions_behind_it(running: Clock) -> None:
    kept = running.answers.get()
    assert kept.answer["acting"] == "2026-06-08" == running.acting_on.isoformat()  # type: ignore[union-attr]
    assert kept.answer["derivation"][0] == "received Fri 8 May 2026"
    assert kept.rule_version == "2026"
    assert kept.calendar_version.startswith("England and Wales, holidays ")
    assert actions() == ["clocks.clock.started"]


def test_a_holiday_proclaimed_later_moves_the_date_and_keeps_both_answers(running: Clock, world: World) -> None:
    add_holiday(date(2026, 6, 8), by=world.elin, **EVENT)  # type: ignore[arg-type]
    first, second = running.answers.all()
    assert first.answer["acting"] == "2026-06-08"
    assert second.answer["acting"] == "2026-06-09"
    assert second.what_changed == (
        "a holiday was proclaimed: Mon 8 Jun 2026 (Day of thanks); the date moves from Mon 8 Jun 2026 to Tue 9 Jun 2026"
    )
    assert "Mon 8 Jun 2026 is a proclaimed holiday" in second.answer["derivation"]
    assert "2026-06-08" in second.calendar_version
    assert actions() == ["clocks.clock.started", "clocks.holiday.added", "clocks.clock.worked_out_again"]


def test_a_holiday_elsewhere_moves_only_requests_for_information(running: Clock, world: World) -> None:
    foi = start_clock(Question(Kind.FOI, date(2026, 5, 11)), owner="request:FOI-3", by=None)
    before = foi.answers.get().answer["acting"]
    add_holiday(date(2026, 6, 8), by=world.elin, **EVENT | {"nation": Nation.SCOTLAND})  # type: ignore[arg-type]
    assert running.answers.count() == 1
    assert foi.answers.count() == 2
    assert foi.answers.last().answer["acting"] > before  # type: ignore[union-attr]


def test_only_a_manager_of_the_scheme_adds_a_holiday(running: Clock, world: World) -> None:
    with pytest.raises(NotYours):
        add_holiday(date(2026, 6, 8), by=world.asha, **EVENT)  # type: ignore[arg-type]
    with pytest.raises(ClockError, match="Good Friday"):
        add_holiday(date(2027, 3, 26), by=world.elin, **EVENT)  # type: ignore[arg-type]
    assert running.answers.count() == 1
    assert actions() == ["clocks.clock.started"]


def test_nothing_is_written_where_nothing_changed(running: Clock) -> None:
    assert recompute_open_clocks() == []
    assert answer_again(running) == running.answers.get()
    assert actions() == ["clocks.clock.started"]


def test_a_changed_rule_keeps_both_and_names_them(running: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    new = [
        replace(rule, version="2027", source="an Act of 2027", months=2) if rule.kind is Kind.SUBJECT_ACCESS else rule
        for rule in RULES
    ]
    law: Callable[..., object] = lambda kind, day, **more: rule_in_force(kind, day, new, **more)  # noqa: E731
    monkeypatch.setattr(engine, "rule_in_force", law)
    (second,) = recompute_open_clocks()
    assert second.what_changed.startswith("the rule changed from UK GDPR Arts 12, 12A and 15;")
    assert second.what_changed.endswith("to an Act of 2027; the date moves from Mon 8 Jun 2026 to Wed 8 Jul 2026")
    assert running.answers.count() == 2


def test_a_clarification_stops_a_kept_clock_and_its_answer_starts_it(running: Clock) -> None:
    waiting = replace(ASKED, clarifications=(Clarification(date(2026, 5, 11)),))
    paused = answer_again(running, question=waiting)
    assert paused.answer["acting"] is None
    assert paused.what_changed.endswith("to open, while the clock stands still")
    running.refresh_from_db()
    assert running.acting_on is None
    answered = replace(ASKED, clarifications=(Clarification(date(2026, 5, 11), date(2026, 5, 13)),))
    again = answer_again(running, question=answered)
    assert again.answer["acting"] == "2026-06-11"
    assert again.answer["paused_days"] == 3


def test_several_controllers_have_a_clock_each(world: World) -> None:
    for controller in ("Borough of Marketon", "Riverside Homes"):
        start_clock(ASKED, owner="request:SAR-12", controller=controller, by=world.hari)
    assert Clock.objects.filter(owner="request:SAR-12").count() == 2
    with pytest.raises(ClockError, match="runs for request:SAR-12 already"):
        start_clock(ASKED, owner="request:SAR-12", controller="Riverside Homes", by=world.hari)


def test_a_question_without_sense_stores_nothing(db: None) -> None:
    with pytest.raises(ClockError, match="did not know"):
        start_clock(Question(Kind.DP_COMPLAINT, date(2026, 3, 10)), owner="complaint:4", by=None)
    assert not Clock.objects.exists()
    assert not Entry.objects.exists()


def test_a_met_clock_moves_no_more(running: Clock, world: World) -> None:
    mark_met(running, by=world.hari)
    for act in (lambda: answer_again(running), lambda: mark_met(running, by=None)):
        with pytest.raises(ClockNotOpen):
            act()
    add_holiday(date(2026, 6, 8), by=world.elin, **EVENT)  # type: ignore[arg-type]
    assert running.answers.count() == 1
    assert actions()[1] == "clocks.clock.met"


def test_a_clock_is_closed_with_a_reason_only(running: Clock, world: World) -> None:
    with pytest.raises(ClockError, match="Say why"):
        close_clock(running, by=world.hari, reason=" ")
    assert close_clock(running, by=world.hari, reason="withdrawn").state == "closed"


def test_an_answer_is_never_changed_nor_removed(running: Clock) -> None:
    kept = running.answers.get()
    with pytest.raises(TypeError):
        kept.save()
    with pytest.raises(TypeError):
        kept.delete()
    refused("UPDATE clocks_clockanswer SET rule_version = 'x'", "DELETE FROM clocks_clockanswer")
    assert ClockAnswer.objects.get().rule_version == "2026"


def refused(*statements: str) -> None:
    for statement in statements:
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_no_row_of_an_answer_takes_the_place_of_another(running: Clock) -> None:
    kept = running.answers.get()
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO clocks_clockanswer SELECT * FROM clocks_clockanswer WHERE id = {kept.pk}")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        refused("TRUNCATE clocks_clockanswer")


def test_an_open_clock_goes_on_in_the_database_and_an_ended_one_stays(running: Clock, world: World) -> None:
    refused("UPDATE clocks_clock SET owner = 'request:SAR-13'", "UPDATE clocks_clock SET kind = 'foi'")
    mark_met(running, by=world.hari)
    refused("UPDATE clocks_clock SET state = 'open', ended_at = NULL", "UPDATE clocks_clock SET acting_on = NULL")
    assert Clock.objects.get().state == "met"


def test_a_breach_shows_its_moment(db: None) -> None:
    known = datetime.fromisoformat("2026-10-24T09:00+01:00")
    clock = start_clock(Question(Kind.BREACH, known), owner="breach:2", by=None)
    assert clock.acting_on is None
    assert clock.acting_at == datetime.fromisoformat("2026-10-27T08:00+00:00")


FULL = Question(
    Kind.EIR, datetime.fromisoformat("2026-11-09T10:00+00:00"), nation=Nation.NORTHERN_IRELAND,
    fee_asked=date(2026, 11, 16), fee=date(2026, 11, 18), extended_on=date(2026, 11, 20),
    clarifications=(Clarification(date(2026, 11, 10), date(2026, 11, 11)), Clarification(date(2026, 11, 12))),
    holidays=(date(2026, 12, 1),), as_of=date(2026, 11, 1), figures=NO_TARGET,
)  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [ASKED, FULL, Question(Kind.SURVEILLANCE_WRITTEN, date(2026, 9, 15), body=Body.COUNCIL)],
    ids=["plain", "full", "council"],
)
def test_a_question_comes_back_as_it_was_asked(question: Question) -> None:
    assert question_from_json(question_as_json(question)) == question
    with pytest.raises(ClockError, match="does not know"):
        question_from_json(question_as_json(question) | {"moon": "full"})
