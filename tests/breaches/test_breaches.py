"""A logbook that is not what was written is a breach, told until somebody answers in words; people report breaches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from overt.breaches.errors import BadBreach
from overt.breaches.models import CodeBreach
from overt.breaches.services import answer_breach
from overt.inspection.tasks import check_if_due, sign_if_due
from overt.logbook.checkpoints import make_checkpoint
from overt.logbook.models import Entry
from overt.logbook.recording import record
from overt.watch.notices import notices_for
from world import PEOPLE, World

Sql = Callable[..., None]
DAY = timedelta(days=1)


def acts(world: World, count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            record("test.thing.sealed", by=world.asha, reason=f"reason {number}")


@pytest.fixture
def broken(world: World, intruder: Sql) -> CodeBreach:
    acts(world, 3)
    intruder("UPDATE logbook_entry SET camera = 'x' WHERE number = 2")
    assert check_if_due(timezone.now()) is False
    return CodeBreach.objects.get()


def told_to(person: object) -> list[tuple[str, str]]:
    return [(n.href, n.tone) for n in notices_for(person, timezone.now())]  # type: ignore[arg-type]  # a User


@pytest.mark.clause("BASS-6.2.3.c.8", part="stores the result")
def test_a_sound_logbook_raises_nothing_and_its_check_is_kept(world: World, client_as) -> None:  # type: ignore[no-untyped-def]
    acts(world, 3)
    assert check_if_due(timezone.now()) is True
    assert Entry.objects.get(action="logbook.checked").facts["sound"] is True
    assert not CodeBreach.objects.exists()
    assert Client().get("/readyz").json()["checks"]["logbook"]["ok"] is True
    assert told_to(world.elin) == []


@pytest.mark.clause("BASS-6.2.3.c.8", part="stores the result; a break raises a CodeBreach")
def test_a_break_is_a_breach_that_names_the_entry(world: World, broken: CodeBreach, client_as) -> None:  # type: ignore[no-untyped-def]
    assert broken.kind == "logbook"
    assert any("Entry 2" in line for line in broken.findings)
    kept = Entry.objects.get(action="logbook.checked")
    assert (kept.facts["sound"], kept.facts["told"][0]["entry"]) == (False, 2)
    assert Entry.objects.get(action="logbook.breach.raised").subject_id == str(broken.pk)
    page = client_as(world.elin).get(broken.get_absolute_url()).content.decode()
    assert "Entry 2" in page


def test_it_is_told_on_the_first_page_and_to_machines_until_answered(world, broken, client_as) -> None:  # type: ignore[no-untyped-def]
    elin = client_as(world.elin)
    assert broken.get_absolute_url() in elin.get("/").content.decode()
    ready = Client().get("/readyz")
    assert ready.status_code == 503
    assert f"breach {broken.pk}" in ready.json()["checks"]["logbook"]["detail"]
    assert b'overt_breaches_open{kind="logbook"} 1.0' in Client().get("/metrics").content
    assert told_to(world.asha) == []

    assert elin.post(broken.get_absolute_url(), {"words": "  "}).status_code == 422
    assert told_to(world.elin) == [(broken.get_absolute_url(), "now")]
    assert elin.post(broken.get_absolute_url(), {"words": "A disk; restored from Tuesday"}).status_code == 302
    assert told_to(world.elin) == []
    assert Client().get("/readyz").json()["checks"]["logbook"]["ok"] is True
    answered = Entry.objects.get(action="logbook.breach.answered")
    assert answered.personal.get(field="text").value == "A disk; restored from Tuesday"
    assert elin.post(broken.get_absolute_url(), {"words": "Something else"}).status_code == 422


@pytest.mark.clause("BASS-6.2.3.c.8", part="a break raises a CodeBreach")
def test_the_same_break_is_told_once_and_another_anew(world: World, broken: CodeBreach, intruder: Sql) -> None:
    now = timezone.now()
    answer_breach(broken, by=world.elin, words="A disk")
    assert check_if_due(now + 2 * DAY) is False
    assert CodeBreach.objects.count() == 1
    intruder("UPDATE logbook_entry SET camera = 'y' WHERE number = 3")
    assert check_if_due(now + 4 * DAY) is False
    assert CodeBreach.objects.filter(answered_at=None).count() == 1


@pytest.mark.clause("BASS-6.2.3.c.8", part="a break raises a CodeBreach")
def test_what_cannot_be_signed_is_a_breach_within_the_hour(world: World, intruder: Sql) -> None:
    acts(world, 3)
    make_checkpoint()
    later = timezone.now() + timedelta(hours=2)
    acts(world, 1)
    assert sign_if_due(later, timedelta(hours=1)) is not None
    acts(world, 1)
    intruder("UPDATE logbook_head SET frontier = %s", "0" * 64 * 2)
    for _ in range(2):
        assert sign_if_due(later + timedelta(hours=2), timedelta(hours=1)) is None
    assert CodeBreach.objects.get().words == "The logbook was not signed: it is damaged"


@pytest.mark.parametrize("name", ["asha", "cerys", "iris", "jo", "kit"])
def test_who_may_not_answer_cannot(world: World, broken: CodeBreach, client_as, name: str) -> None:  # type: ignore[no-untyped-def]
    answer = client_as(world.people[name]).post(broken.get_absolute_url(), {"words": "All well"})
    assert answer.status_code in {403, 404}
    broken.refresh_from_db()
    assert broken.answered_at is None


REPORT = {"words": "The store room stood open", "day": "2026-11-21", "time": "14:07"}


@pytest.mark.clause("BASS-6.2.3.a")
@pytest.mark.parametrize("name", PEOPLE)
def test_any_role_reports_a_breach_and_the_manager_knows_at_once(world: World, client_as, name: str) -> None:  # type: ignore[no-untyped-def]
    person = client_as(world.people[name])
    assert person.post("/logbook/breaches/report/", REPORT).status_code == 302
    breach = CodeBreach.objects.get()
    assert told_to(world.elin) == [(breach.get_absolute_url(), "now")]
    assert "The store room stood open" in person.get(breach.get_absolute_url()).content.decode()
    assert client_as(world.elin).get(breach.get_absolute_url()).status_code == 200
    entry = Entry.objects.get(action="logbook.breach.reported")
    assert entry.facts["detected_at"].startswith("2026-11-21T14:07:00")
    assert entry.facts["delay_seconds"] == round((breach.reported_at - breach.detected_at).total_seconds()) > 0
    assert breach.reported_by == world.people[name]


@pytest.mark.clause("BASS-6.2.3.a", part="records detected_at")
@pytest.mark.parametrize("wrong", [{"words": " "}, {"day": ""}, {"time": ""}, {"day": "2096-01-01"}])
def test_a_report_needs_words_and_a_time_that_was(world: World, client_as, wrong: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    assert client_as(world.asha).post("/logbook/breaches/report/", REPORT | wrong).status_code == 422
    assert not CodeBreach.objects.exists()


def test_a_time_that_the_clocks_skipped_is_refused_beside_one_that_was(world: World, client_as) -> None:  # type: ignore[no-untyped-def]
    spring = REPORT | {"day": "2026-03-29", "time": "01:30"}
    answer = client_as(world.asha).post("/logbook/breaches/report/", spring)
    assert answer.status_code == 422
    assert "Did you mean 02:30 BST?" in answer.content.decode()
    assert client_as(world.asha).post("/logbook/breaches/report/", spring | {"time": "02:30"}).status_code == 302
    assert CodeBreach.objects.get().detected_at.isoformat() == "2026-03-29T01:30:00+00:00"


def test_another_reporter_does_not_read_it(world: World, client_as) -> None:  # type: ignore[no-untyped-def]
    client_as(world.asha).post("/logbook/breaches/report/", REPORT)
    address = CodeBreach.objects.get().get_absolute_url()
    assert client_as(world.bryn).get(address).status_code == 404
    assert client_as(world.asha).get(address).status_code == 200
    assert "store room" not in client_as(world.bryn).get("/logbook/breaches/").content.decode()
    with pytest.raises(BadBreach):
        answer_breach(CodeBreach.objects.get(), by=world.elin, words="")


@pytest.fixture
def reported(world: World, client_as) -> CodeBreach:  # type: ignore[no-untyped-def]
    client_as(world.dev).post("/logbook/breaches/report/", REPORT)
    return CodeBreach.objects.get()


@pytest.mark.clause(
    "BASS-6.3.c", part="CodeBreach.outcome holds no_action, advice, disciplinary, legal with reference and date"
)
@pytest.mark.parametrize(
    ("outcome", "reference"),
    [("no_action", ""), ("advice", ""), ("disciplinary", "HR-2026-31"), ("legal", "Q/114/26")],
)
def test_a_breach_has_an_outcome_with_reference_and_date(world, reported, client_as, outcome, reference) -> None:  # type: ignore[no-untyped-def]
    said = {"words": "Spoken with", "outcome": outcome, "reference": reference}
    assert client_as(world.elin).post(reported.get_absolute_url(), said).status_code == 302
    reported.refresh_from_db()
    assert (reported.outcome, reported.outcome_reference) == (outcome, reference)
    assert reported.answered_at is not None
    facts = Entry.objects.get(action="logbook.breach.answered").facts
    assert (facts["outcome"], facts["reference"]) == (outcome, reference)
    assert reported.get_outcome_display() in client_as(world.elin).get(reported.get_absolute_url()).content.decode()


@pytest.mark.clause("BASS-6.3.c", part="CodeBreach.outcome … with reference")
@pytest.mark.parametrize("said", [{}, {"outcome": "flogging"}, {"outcome": "disciplinary"}, {"outcome": "legal"}])
def test_without_outcome_or_its_reference_the_case_stays_open(world, reported, client_as, said) -> None:  # type: ignore[no-untyped-def]
    answer = client_as(world.elin).post(reported.get_absolute_url(), {"words": "Spoken with"} | said)
    assert answer.status_code == 422
    with pytest.raises(BadBreach):  # nor by any other door than the page
        answer_breach(reported, by=world.elin, words="Spoken with", **said)
    reported.refresh_from_db()
    assert reported.answered_at is None


@pytest.mark.clause("BASS-6.3.c", part="access can be suspended from the case in one step")
def test_access_is_suspended_from_the_case_in_one_step(world, reported, client_as) -> None:  # type: ignore[no-untyped-def]
    asha, elin = client_as(world.asha), client_as(world.elin)
    assert asha.get("/watch/").status_code == 200
    answer = elin.post(f"{reported.get_absolute_url()}suspend/", {"person": str(world.asha.pk)})
    assert answer.status_code == 302
    assert asha.get("/watch/").status_code == 302, "to the sign-in page"
    assert client_as(world.asha).get("/watch/").status_code in {302, 403}
    entry = Entry.objects.get(action="accounts.person.suspended")
    assert entry.facts["breach"] == reported.pk
    assert "Suspended" in elin.get(f"/people/{world.asha.pk}/").content.decode()
    elin.post(f"/people/{world.asha.pk}/reopen/", {"reason": "Cleared"})
    assert "Suspended since" not in elin.get(f"/people/{world.asha.pk}/").content.decode()


@pytest.mark.parametrize("name", ["asha", "dev", "cerys", "hari"])
def test_who_looks_after_nobody_suspends_nobody(world, reported, client_as, name: str) -> None:  # type: ignore[no-untyped-def]
    person = client_as(world.people[name])
    answer = person.post(f"{reported.get_absolute_url()}suspend/", {"person": str(world.bryn.pk)})
    assert answer.status_code in {403, 404}
    world.bryn.refresh_from_db()
    assert world.bryn.is_active
