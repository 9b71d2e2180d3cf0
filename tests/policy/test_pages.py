"""The pages: read, compare, check, move, and work out a deadline."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from overt.logbook.models import Entry
from overt.policy.drafting.services import consult
from overt.policy.files import write_text
from overt.policy.models import PolicyVersion
from overt.policy.queries import policy_in_force
from overt.policy.schemes import shipped
from policy.drafting import drafted, mended
from world import World, adopt_policy

ClientAs = Callable[..., Client]


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def test_everybody_reads_the_policy_in_force_with_its_clauses(world: World, client_as: ClientAs) -> None:
    adopt_policy(retention_days=21)
    for person in (world.asha, world.iris, world.jo):
        assert "21 days" in text_of(client_as(person).get("/policy/"))
    page = text_of(client_as(world.asha).get("/policy/published/bassetlaw/"))
    assert "How long recordings are kept" in page
    assert "BASS-1.6.1.c" in page
    assert "Images are kept for at most 30 days" in page, "the clause's own words stand beside it"
    assert client_as(world.asha).get("/policy/published/atlantis/").status_code == 404


def test_a_draft_is_for_those_who_write_and_approve(world: World, client_as: ClientAs) -> None:
    version = drafted(world)
    address = f"/policy/versions/{version.number}/"
    for person in (world.elin, world.gwen, world.farah):
        assert client_as(person).get(address).status_code == 200
    for person in (world.asha, world.dev, world.cerys):
        assert client_as(person).get(address).status_code == 404
        assert client_as(person).get("/policy/versions/99/").status_code == 404
    assert "Change it" in text_of(client_as(world.elin).get(address))
    assert "Approve it" not in text_of(client_as(world.farah).get(address)), "a first policy is consulted on first"
    assert "The partners are consulted" in text_of(client_as(world.farah).get(address))
    consult(version, by=world.elin, note="Both partners")
    assert "Approve it" not in text_of(client_as(world.elin).get(address)), "she wrote it"
    assert "Approve it" in text_of(client_as(world.farah).get(address))


def test_two_side_by_side(world: World, client_as: ClientAs) -> None:
    page = text_of(client_as(world.asha).get("/policy/compare/?a=hertfordshire&b=bassetlaw"))
    assert "28 days" in page
    assert "30 days" in page
    assert "policy_review_months" not in page, "both say 12 months"
    page = text_of(client_as(world.asha).get("/policy/compare/?a=hertfordshire&b=bassetlaw&all=on"))
    assert "policy_review_months" in page
    assert client_as(world.asha).get("/policy/compare/?a=hertfordshire&b=atlantis").status_code == 422


def test_the_findings_by_the_law_of_a_day(world: World, client_as: ClientAs) -> None:
    now = text_of(client_as(world.asha).get("/policy/published/sevenoaks/findings/?as_of=2026-11-22"))
    then = text_of(client_as(world.asha).get("/policy/published/sevenoaks/findings/?as_of=2025-11-18"))
    assert "certification-mark-withdrawn" in now
    assert "certification-mark-withdrawn" not in then
    assert client_as(world.asha).get("/policy/published/sevenoaks/findings/?as_of=2026-02-30").status_code == 422


def test_a_policy_goes_into_force_by_the_pages(world: World, client_as: ClientAs) -> None:
    manager, owner = client_as(world.elin), client_as(world.farah)
    made = manager.post("/policy/draft/", {"source": "progress", "reason": "A first policy"})
    address = made["Location"]
    said = {"text": mended(retention_days=30).replace("\n", "\r\n"), "reason": "Our own figures"}
    assert manager.post(f"{address}change/", said).status_code == 302
    assert manager.post(f"{address}consult/", {"reason": "Both partners"}).status_code == 302
    assert owner.post(f"{address}approve/", {"reason": "As agreed"}).status_code == 302
    assert manager.post(f"{address}put-in-force/", {}).status_code == 302
    assert policy_in_force().retention_days == 30
    page = text_of(client_as(world.asha).get(address))
    assert "Consulted on" in page
    assert "Both partners" in page
    history = text_of(client_as(world.asha).get("/policy/history/"))
    assert "As agreed" in history
    assert "HERTS-9.1" in history


def test_a_document_that_cannot_be_comes_back_with_the_reason_and_the_text(world: World, client_as: ClientAs) -> None:
    version = drafted(world)
    wrong = mended().replace("retention_days: {value: 28", "retention_days: {value: 28 days", 1)
    answer = client_as(world.elin).post(f"{version.get_absolute_url()}change/", {"text": wrong, "reason": "A slip"})
    assert answer.status_code == 422
    assert "retention_days: '28 days' cannot be; expected a whole number" in text_of(answer)
    assert "value: 28 days" in text_of(answer), "nothing typed is lost"
    version.refresh_from_db()
    assert version.moves.count() == 1


def test_an_approval_with_errors_asks_for_each_by_name(world: World, client_as: ClientAs) -> None:
    version = drafted(world, write_text(shipped("sevenoaks")))
    client_as(world.elin).post(f"{version.get_absolute_url()}consult/", {"reason": "Cabinet"})
    owner = client_as(world.farah)
    address = f"{version.get_absolute_url()}approve/"
    assert "certification-mark-withdrawn" in text_of(owner.get(address))
    assert owner.post(address, {"reason": "As it is"}).status_code == 422
    both = ["certification-mark-withdrawn", "no-dp-complaints-route"]
    assert owner.post(address, {"reason": "Mended in spring", "accepted": both}).status_code == 302
    assert PolicyVersion.objects.get(pk=version.pk).state == "approved"
    assert Entry.objects.get(action="policy.version.approved").facts["accepted"] == both


CLOCK = "/clocks/?nation=england-and-wales&"


@pytest.mark.parametrize(
    ("query", "due"),
    [
        ("kind=subject-access&received=2026-03-10&asked=2026-03-12&answered=2026-03-20", "Mon 20 Apr 2026"),
        ("kind=breach&received=2026-10-24T09:00%2B01:00", "Tue 27 Oct 2026 08:00"),
        ("kind=foi&received=2026-11-09", "Tue 8 Dec 2026"),
    ],
)
def test_the_calculator_agrees_with_the_worked_examples(
    world: World, client_as: ClientAs, query: str, due: str
) -> None:
    answer = client_as(world.asha).get(CLOCK + query)
    assert answer.status_code == 200
    assert due in text_of(answer)


def test_the_calculator_counts_with_the_figures_of_the_policy_in_force(world: World, client_as: ClientAs) -> None:
    query = CLOCK + "kind=scheme-complaint&received=2026-11-02&stage=2"
    refused = client_as(world.asha).get(query)
    assert refused.status_code == 422
    assert "does not say" in text_of(refused)
    adopt_policy(complaint_answer_working_days=15)
    assert "Answer by Mon 23 Nov 2026" in text_of(client_as(world.asha).get(query))


@pytest.mark.parametrize(
    "query",
    [
        "kind=foi&received=2026-02-30",
        "kind=foi&received=yesterday",
        "kind=subject-access&received=2026-03-10&answered=2026-03-20",
        "kind=subject-access&received=2026-03-10&asked=2026-03-20&answered=2026-03-12",
        "kind=breach&received=2026-10-24",
        "kind=astrology&received=2026-10-24",
        "kind=foi",
        "kind=foi&received=--json",
    ],
)
def test_what_the_calculator_cannot_read_it_says(world: World, client_as: ClientAs, query: str) -> None:
    answer = client_as(world.asha).get(CLOCK + query)
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
