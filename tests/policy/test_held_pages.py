"""Clocks that are kept, by the pages: kept, moved by a holiday and by a policy, worked out again, and ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from overt.clocks.kinds import Kind
from overt.clocks.models import Clock, ClockAnswer, ProclaimedHoliday
from overt.clocks.questions import NONE_IN_FORCE, Question
from overt.clocks.services import recompute_open_clocks, start_clock
from overt.logbook.models import Entry
from overt.policy.drafting.services import approve, consult, put_in_force
from overt.policy.held.services import rework_clocks
from overt.policy.models import PolicyVersion
from overt.policy.queries import figures_in_force
from policy.drafting import drafted, mended
from world import World, adopt_policy, small_document

ClientAs = Callable[..., Client]
FOI = "?kind=foi&received=2026-11-09"


def text_of(answer: object) -> str:
    return unescape(answer.content.decode())  # type: ignore[attr-defined]


@pytest.fixture
def kept(world: World, client_as: ClientAs) -> Clock:
    """A request for information, kept from the calculator by the data-protection officer."""
    page = client_as(world.hari)
    assert f"/clocks/keep/{FOI}" in text_of(page.get(f"/clocks/{FOI}")).replace("&amp;", "&")
    answer = page.post(f"/clocks/keep/{FOI}", {"reference": " FOI-3 "})
    clock = Clock.objects.get()
    assert answer["Location"] == f"/clocks/held/{clock.pk}/"
    return clock


def in_force(world: World, **settings: object) -> None:
    version = drafted(world, mended(**settings))
    consult(version, by=world.elin, note="Both partners")
    approve(version, by=world.farah, reason="As agreed")
    put_in_force(version, by=world.elin)


def test_a_clock_is_kept_under_its_reference(kept: Clock, world: World, client_as: ClientAs) -> None:
    assert (kept.owner, kept.kind, kept.acting_on) == ("FOI-3", "foi", date(2026, 12, 8))
    assert Entry.objects.get(action="clocks.clock.started").facts["owner"] == "FOI-3"
    page = text_of(client_as(world.cerys).get("/clocks/held/"))
    assert "FOI-3" in page
    assert "Tue 8 Dec 2026" in page
    page = text_of(client_as(world.cerys).get(f"/clocks/held/{kept.pk}/"))
    assert "Received Mon 9 Nov 2026." in page
    assert "the whole United Kingdom, holidays" in page
    assert "It was done" not in page, "an inspector reads"


def test_who_may_keep_and_who_may_see(kept: Clock, world: World, client_as: ClientAs) -> None:
    for person in (world.asha, world.iris, world.jo):
        assert client_as(person).get("/clocks/held/").status_code == 403
        assert client_as(person).get(f"/clocks/held/{kept.pk}/").status_code == 403
    for person in (world.asha, world.dev, world.cerys, world.farah):
        assert "Keep this clock" not in text_of(client_as(person).get(f"/clocks/{FOI}"))
        assert client_as(person).post(f"/clocks/keep/{FOI}", {"reference": "X"}).status_code == 403
        assert client_as(person).post(f"/clocks/held/{kept.pk}/done/").status_code == 403
    assert client_as(world.hari).get("/clocks/held/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert Clock.objects.get().state == "open"


@pytest.mark.parametrize("reference", ["", "   ", "policy version 9", "FOI-3", "x" * 81])
def test_a_reference_that_cannot_be_keeps_nothing(
    kept: Clock, world: World, client_as: ClientAs, reference: str
) -> None:
    answer = client_as(world.hari).post(f"/clocks/keep/{FOI}", {"reference": reference})
    assert answer.status_code == 422
    assert "id_reference-error" in text_of(answer)
    assert Clock.objects.count() == 1


def test_a_question_without_sense_is_not_kept(world: World, client_as: ClientAs) -> None:
    for words in ("?kind=foi&received=2026-02-30", "?kind=astrology", "?kind=foi", FOI + "&policy=hertfordshire"):
        answer = client_as(world.hari).post(f"/clocks/keep/{words}", {"reference": "FOI-4"})
        assert answer.status_code == 302, "back to the calculator, which says what is wrong"
        assert answer["Location"].startswith("/clocks/?")
    assert not Clock.objects.exists()


def holiday(**words: str) -> dict[str, str]:
    return {"day": "2026-12-08", "nation": "scotland", "name": "Day of thanks", "source": "A notice", **words}


def test_a_holiday_by_the_page_moves_the_clock_and_says_so(kept: Clock, world: World, client_as: ClientAs) -> None:
    answer = client_as(world.elin).post("/clocks/holidays/", holiday(), follow=True)
    assert "1 open clock was worked out to another answer" in text_of(answer)
    page = text_of(client_as(world.hari).get(f"/clocks/held/{kept.pk}/"))
    assert "The date moves from" not in page
    assert "A holiday was proclaimed: Tue 8 Dec 2026 (Day of thanks); the date moves from Tue 8 Dec 2026 to " in page
    assert "Answer by Wed 9 Dec 2026" in page
    assert "Answer by Tue 8 Dec 2026" in page, "the first answer stays"
    assert "with 2026-12-08" in page, "and each names its calendar"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"day": "2026-02-30"}, "Day: give a day that exists"),
        ({"day": ""}, "Day: give the day"),
        ({"day": "2026-12-25"}, "no working day already: Christmas Day"),
        ({"nation": "atlantis"}, "Where: choose"),
        ({"name": " "}, "What it is for: give its name"),
        ({"source": ""}, "Where it was proclaimed: name the notice"),
    ],
)
def test_a_holiday_that_cannot_be_is_not_added(
    kept: Clock, world: World, client_as: ClientAs, words: dict[str, str], says: str
) -> None:
    answer = client_as(world.elin).post("/clocks/holidays/", holiday(**words))
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert client_as(world.dev).post("/clocks/holidays/", holiday()).status_code == 403
    assert not ProclaimedHoliday.objects.exists()
    assert kept.answers.count() == 1


def test_a_holiday_added_by_mistake_is_taken_back_with_a_reason(kept: Clock, world: World, client_as: ClientAs) -> None:
    page = client_as(world.elin)
    page.post("/clocks/holidays/", holiday())
    added = ProclaimedHoliday.objects.get()
    address = f"/clocks/holidays/{added.pk}/take-back/"
    assert address in text_of(page.get("/clocks/holidays/"))
    assert client_as(world.dev).post(address, {"reason": "x"}).status_code == 403
    assert page.post(address, {"reason": " "}).status_code == 422
    done = text_of(page.post(address, {"reason": "It was the year after"}, follow=True))
    assert "1 open clock was worked out to another answer" in done
    assert "It was the year after" in done
    assert [one.answer["acting"] for one in kept.answers.all()] == ["2026-12-08", "2026-12-09", "2026-12-08"]
    assert kept.answers.last().what_changed == (  # type: ignore[union-attr]
        "the holiday of Tue 8 Dec 2026 was taken back; the date moves from Wed 9 Dec 2026 to Tue 8 Dec 2026"
    )
    assert Entry.objects.filter(action="clocks.holiday.taken_back").count() == 1
    assert page.post(address, {"reason": "Again"}).status_code == 422
    page.post("/clocks/holidays/", holiday())
    assert ProclaimedHoliday.objects.count() == 2, "and it may be added anew"
    with pytest.raises(DatabaseError, match="stays as it was added"), transaction.atomic():
        ProclaimedHoliday.objects.update(day=date(2026, 12, 9))


def test_more_is_known_and_the_answer_before_stays(kept: Clock, world: World, client_as: ClientAs) -> None:
    page = client_as(world.hari)
    again = f"/clocks/?kind=foi&received=2026-11-09&nation=england-and-wales&clock={kept.pk}"
    assert again in text_of(page.get(f"/clocks/held/{kept.pk}/")).replace("&amp;", "&")
    words = f"?kind=foi&received=2026-11-09&asked=2026-11-12&clock={kept.pk}"
    assert "Keep this as the new answer for FOI-3" in text_of(page.get(f"/clocks/{words}"))
    done = page.post(f"/clocks/held/{kept.pk}/again/{words}", follow=True)
    assert "What is known of the case changed; the date moves from Tue 8 Dec 2026 to open" in text_of(done)
    assert [one.answer["acting"] for one in kept.answers.all()] == ["2026-12-08", None]
    assert "stands still" in text_of(page.get("/clocks/held/"))
    other = page.post(f"/clocks/held/{kept.pk}/again/?kind=breach&received=2026-11-09T09:00Z")
    assert other["Location"].startswith("/clocks/?"), "another kind is another clock"


SAR = "kind=subject-access&received=2026-03-10&nation=england-and-wales"


@pytest.mark.clause("BASS-8.9.f", part="The clock can be paused while information is awaited, with … dates stored")
def test_a_request_stands_still_while_the_person_is_asked_and_goes_on_once_it_is_known(
    world: World, client_as: ClientAs
) -> None:
    page = client_as(world.hari)
    page.post(f"/clocks/keep/?{SAR}", {"reference": "SAR-12"})
    clock = Clock.objects.get()
    assert clock.acting_on == date(2026, 4, 7), "the scheme's own 28 days"
    again = f"/clocks/held/{clock.pk}/again/?{SAR}&clock={clock.pk}"
    assert page.post(f"{again}&asked=2026-03-12").status_code == 302
    clock.refresh_from_db()
    assert clock.acting_on is None
    assert "stands still" in text_of(page.get("/clocks/held/"))
    assert page.post(f"{again}&asked=2026-03-12&answered=2026-03-20").status_code == 302
    clock.refresh_from_db()
    assert clock.acting_on == date(2026, 4, 16), "nine days did not count"
    answers = list(clock.answers.all())
    assert [one.answer["acting"] for one in answers] == ["2026-04-07", None, "2026-04-16"]
    assert answers[-1].answer["paused_days"] == 9
    stored = text_of(page.get(f"/clocks/held/{clock.pk}/"))
    assert "asked Thu 12 Mar 2026, answered Fri 20 Mar 2026" in stored
    assert Entry.objects.filter(action="clocks.clock.worked_out_again").count() == 2


def test_a_clock_ends_by_what_came_of_it(kept: Clock, world: World, client_as: ClientAs) -> None:
    page = client_as(world.hari)
    assert page.post(f"/clocks/held/{kept.pk}/close/", {"reason": ""}).status_code == 422
    page.post(f"/clocks/held/{kept.pk}/done/")
    assert "No clock runs" in text_of(page.get("/clocks/held/"))
    assert "FOI-3" in text_of(page.get("/clocks/held/?ended=yes"))
    assert page.post(f"/clocks/held/{kept.pk}/close/", {"reason": "Withdrawn"}).status_code == 422
    assert Clock.objects.get().state == "met"


def test_what_fell_away_is_closed_with_its_reason(kept: Clock, world: World, client_as: ClientAs) -> None:
    done = client_as(world.hari).post(f"/clocks/held/{kept.pk}/close/", {"reason": "Withdrawn by the applicant"})
    assert done.status_code == 302
    assert Clock.objects.get().state == "closed"
    told = Entry.objects.get(action="clocks.clock.closed")
    assert told.facts["owner"] == "FOI-3"
    assert told.personal.get(field="reason").value == "Withdrawn by the applicant"


def test_a_policy_in_force_moves_the_clocks_that_count_with_it(world: World) -> None:
    in_force(world, evidence_master_retention_years=3)
    master = start_clock(
        Question(Kind.EVIDENCE_MASTER, date(2026, 9, 15), figures=figures_in_force()), owner="JD-7", by=world.hari
    )
    breach = start_clock(Question(Kind.BREACH, timezone.now(), figures=figures_in_force()), owner="DB-3", by=world.hari)
    by_hand = start_clock(Question(Kind.EVIDENCE_MASTER, date(2026, 9, 15), years=2), owner="JD-8", by=world.hari)
    in_force(world, evidence_master_retention_years=5)
    assert master.answers.last().what_changed == (  # type: ignore[union-attr]
        "the policy in force changed from Market CCTV, version 1 to Market CCTV, version 2; "
        "the date moves from Sat 15 Sep 2029 to Mon 15 Sep 2031"
    )
    assert [one.answer["acting"] for one in master.answers.all()] == ["2029-09-15", "2031-09-15"]
    assert breach.answers.count() == by_hand.answers.count() == 1, "no figure of the policy counts there"


def test_a_policy_whose_day_comes_later_moves_them_then(world: World) -> None:
    adopt_policy()
    held = start_clock(Question(Kind.RETENTION, timezone.now(), figures=figures_in_force()), owner="R-1", by=world.hari)
    version = drafted(world, mended(retention_days=21))
    consult(version, by=world.elin, note="Both partners")
    approve(version, by=world.farah, reason="As agreed")
    put_in_force(version, by=world.elin, effective_from=timezone.now() + timedelta(days=9))
    assert rework_clocks() == []
    assert held.answers.count() == 1
    PolicyVersion.objects.create(
        number=9, state="in_force", effective_from=timezone.now(), document=small_document(retention_days=28)
    )  # a moment that has come without anybody at a page: the worker's round finds it
    [moved] = rework_clocks()
    assert moved.clock == held
    assert "the policy in force changed from CCTV scheme, version 1 to CCTV scheme, version 9" in moved.what_changed


def test_a_policy_grown_silent_leaves_the_clock_its_answer(world: World) -> None:
    in_force(world, evidence_master_retention_years=3)
    asked = Question(Kind.EVIDENCE_MASTER, date(2026, 9, 15), figures=figures_in_force())
    master = start_clock(asked, owner="JD-7", by=world.hari)
    in_force(world, evidence_master_retention_years=None)
    assert [one.answer["acting"] for one in master.answers.all()] == ["2029-09-15"]


def test_before_the_first_policy_a_clock_says_so_and_the_first_moves_it(world: World) -> None:
    held = start_clock(Question(Kind.RETENTION, timezone.now(), figures=figures_in_force()), owner="R-1", by=world.hari)
    assert held.answers.get().answer["source"] == NONE_IN_FORCE
    assert held.answers.get().answer["verified"] is False
    in_force(world, retention_days=28)
    assert held.answers.count() == 2


def a_year_after(day: date) -> date:
    """The corresponding day; 28 February after the 29th."""
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 2, 28)


@pytest.mark.clause("HERTS-9.3", part="PolicyReview falls due 12 months after the last one")
def test_the_review_of_the_code_runs_from_its_approval_until_the_next_is_in_force(
    world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = drafted(world, mended(policy_review_months=12))
    now = timezone.now()
    approved, begins = timezone.localdate(now + timedelta(days=20)), now + timedelta(days=50)
    with monkeypatch.context() as later:  # drafted now, approved and put in force on days of their own
        later.setattr(timezone, "now", lambda: now + timedelta(days=20))
        consult(version, by=world.elin, note="Both partners")
        approve(version, by=world.farah, reason="As agreed")
        later.setattr(timezone, "now", lambda: begins)
        put_in_force(version, by=world.elin)
    first = Clock.objects.get()
    assert (first.kind, first.owner, first.state) == ("code-review", "Policy version 1", "open")
    assert first.acting_on == a_year_after(approved)
    assert "policy version 1" in text_of(client_as(world.elin).get(f"/clocks/held/{first.pk}/"))
    assert rework_clocks() == recompute_open_clocks() == [], "again without harm"
    monkeypatch.setattr(timezone, "now", lambda: begins + timedelta(days=1))
    in_force(world, policy_review_months=36)
    first.refresh_from_db()
    assert first.state == "met"
    second = Clock.objects.get(state="open")
    assert (second.owner, second.acting_on.year) == ("Policy version 2", timezone.localdate().year + 3)  # type: ignore[union-attr]
    assert ClockAnswer.objects.count() == 2


def test_the_first_page_says_that_no_policy_is_in_force_and_which_deadlines_are_near(
    world: World, client_as: ClientAs
) -> None:
    front = text_of(client_as(world.elin).get("/"))
    assert "No policy is in force" in front
    assert "recordings are kept for 31 days" in front
    assert "No policy is in force" not in text_of(client_as(world.asha).get("/"))
    start_clock(Question(Kind.BREACH, timezone.now()), owner="DB-3", by=None)
    start_clock(Question(Kind.BREACH, timezone.now() - timedelta(days=9)), owner="DB-2", by=None)
    adopt_policy()
    front = text_of(client_as(world.hari).get("/"))
    assert "1 is past, 1 within 7 days" in front
    assert "No policy is in force" not in front
