"""The calculator: for each kind what matters to it, everything the command takes, and a refusal that names its field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from overt.clocks.calendars import Nation
from overt.clocks.kinds import PROFILES, Kind
from overt.clocks.services import add_holiday
from world import World, adopt_policy

ClientAs = Callable[..., Client]


@pytest.fixture
def ask(world: World, client_as: ClientAs) -> Callable[..., tuple[int, str]]:
    """The answer of the page to a question: its status and its text."""
    client = client_as(world.asha)

    def asked(**words: str) -> tuple[int, str]:
        answer = client.get(f"/clocks/?{urlencode(words)}")
        return answer.status_code, unescape(answer.content.decode())

    return asked


def problems(page: str) -> list[str]:
    found = re.search(r'error-summary__list">(.*?)</ul>', page, re.S)
    return [re.sub("<[^>]+>", "", one).strip() for one in re.findall("<li>(.*?)</li>", found[1])] if found else []


def test_first_it_asks_what_runs(ask: Callable[..., tuple[int, str]]) -> None:
    status, page = ask()
    assert status == 200
    for kind in Kind:
        assert f'href="?kind={kind.value}"' in page
    status, page = ask(kind="astrology", received="2026-03-10")
    assert status == 422
    assert problems(page) == ["There is no clock called astrology. Choose one of these."]


ONLY = {
    "subject-access": {"received", "identity", "fee", "asked", "answered", "extend", "extended_on", "days"},
    "foi": {"received", "fee_asked", "fee", "asked", "answered"},
    "breach": {"received", "at"},
    "scheme-complaint": {"received", "stage", "acknowledged", "days"},
    "housing-complaint": {"received", "stage", "acknowledged", "escalated", "extend", "extended_on"},
    "surveillance-written": {"received", "body"},
    "retention": {"received", "at", "days"},
    "evidence-master": {"received", "years"},
    "dpia-review": {"received", "months"},
    "inspection-visit": {"received"},
}


@pytest.mark.parametrize("kind", ONLY)
def test_then_only_what_matters_to_the_kind(ask: Callable[..., tuple[int, str]], kind: str) -> None:
    status, page = ask(kind=kind)
    assert status == 200
    names = set(re.findall(r'name="([a-z_]+)"', page)) - {
        "kind",
        "nation",
        "policy",
        "holidays",
        "as_of",
        "viewport",
        "csrfmiddlewaretoken",
    }
    assert names == ONLY[kind]


@pytest.mark.parametrize(
    ("words", "head"),
    [
        ({"kind": "subject-access", "received": "2026-03-10"}, "Answer by Tue 7 Apr 2026"),
        ({"kind": "retention", "received": "2026-10-01", "at": "09:00"}, "Delete at Sun 1 Nov 2026 08:00 GMT"),
        ({"kind": "surveillance-written", "received": "2026-09-15"}, "Ends at 23:59 on Mon 14 Dec 2026"),
        ({"kind": "evidence-master", "received": "2026-09-15", "years": "3"}, "Keep until Sat 15 Sep 2029"),
        (
            {"kind": "breach", "received": "2026-10-24", "at": "09:00"},
            "Tell the regulator by Tue 27 Oct 2026 08:00 GMT",
        ),
        ({"kind": "dp-complaint", "received": "2026-11-20"}, "Acknowledge by Sat 19 Dec 2026"),
        (
            {"kind": "scheme-complaint", "received": "2026-11-02", "days": "5", "stage": "1"},
            "Acknowledge by Mon 9 Nov 2026",
        ),
        (
            {"kind": "scheme-complaint", "received": "2026-11-02", "days": "15", "stage": "2"},
            "Answer by Mon 23 Nov 2026",
        ),
        (
            {"kind": "inspection-visit", "received": "2026-10-02", "policy": "hertfordshire"},
            "Visit by Mon 30 Nov 2026",
        ),
    ],
)
def test_the_date_is_headed_by_what_is_done_by_it(
    ask: Callable[..., tuple[int, str]], words: dict[str, str], head: str
) -> None:
    status, page = ask(**words)
    assert status == 200, problems(page)
    assert head in page


def test_readings_that_differ_stand_side_by_side_with_the_one_acted_on(ask: Callable[..., tuple[int, str]]) -> None:
    _, page = ask(kind="dp-complaint", received="2026-11-20")
    cards = re.findall(r"policy-reading__name\">(.*?)</span><strong>(.*?)</strong>(.*?)</li>", page)
    assert [(name, day, "to act on" in rest) for name, day, rest in cards] == [
        ("By the regulator's guidance", "Mon 21 Dec 2026", False),
        ("Read literally", "Sat 19 Dec 2026", True),
    ]
    _, page = ask(kind="foi", received="2026-11-09")
    assert "The guidance and the literal reading agree" in page


EVERYTHING = {
    "surveillance-written": {"body": "council", "nation": "england-and-wales"},
    "subject-access": {"identity": "2026-03-12", "fee": "2026-03-11", "days": "20", "extended_on": "2026-04-02"},
    "housing-complaint": {"acknowledged": "2026-03-12", "escalated": "2026-03-11", "stage": "2", "extend": "on"},
    "eir": {"fee_asked": "2026-03-12", "fee": "2026-03-13", "extend": "on", "holidays": "2026-04-01, 2026-04-02"},
    "code-review": {"months": "36", "as_of": "2026-02-01"},
    "dpia-review": {"policy": "hertfordshire"},
    "evidence-master": {"policy": "bassetlaw"},
}


@pytest.mark.parametrize("kind", EVERYTHING)
def test_the_page_takes_what_the_command_takes(ask: Callable[..., tuple[int, str]], kind: str) -> None:
    status, page = ask(kind=kind, received="2026-03-10", **EVERYTHING[kind])
    assert status == 200, problems(page)
    assert "How it is worked out" in page


def test_two_clarifications_that_overlap_are_merged_and_a_third_may_follow(ask: Callable[..., tuple[int, str]]) -> None:
    _, page = ask(
        kind="subject-access", received="2026-03-10", asked="2026-03-12", answered="2026-03-16", asked_2="2026-03-15",
        answered_2="2026-03-20",
    )  # fmt: skip
    assert "overlaps the one before: they are merged" in page
    assert "9 days" in page
    assert 'name="asked_3"' in page


@pytest.mark.parametrize(
    ("words", "field", "says"),
    [
        ({"kind": "foi", "received": "2026-02-30"}, "received", "Received: 2026-02-30: there is no such day"),
        ({"kind": "foi", "received": ""}, "received", "Received: give the day"),
        ({"kind": "foi", "received": "2026-03-10", "nation": "atlantis"}, "nation", "Nation: atlantis cannot be"),
        (
            {"kind": "subject-access", "received": "2026-03-10", "asked": "2026-03-20", "answered": "2026-03-12"},
            "answered", "Clarification answered: The clarification was answered on Thu 12 Mar 2026, before it was asked",
        ),
        (
            {"kind": "subject-access", "received": "2026-03-10", "answered": "2026-03-12"},
            "asked", "Clarification asked: say when it was asked",
        ),
        (
            {"kind": "subject-access", "received": "2026-03-10", "asked": "2026-03-12", "answered": "2026-03-20",
             "identity": "2026-03-16"},
            "identity", "Identity evidence received: The identity evidence came on Mon 16 Mar 2026, after",
        ),
        ({"kind": "dp-complaint", "received": "2026-03-10"}, "received", "the law did not know dp-complaint"),
        ({"kind": "breach", "received": "2026-10-24"}, "at", "Time of day: it counts hours"),
        ({"kind": "breach", "received": "2026-03-29", "at": "01:30"}, "at", "01:30 does not exist on 29 March 2026: the clocks go forward from 01:00 to 02:00. Did you mean 02:30 BST?"),
        ({"kind": "breach", "received": "2026-10-25", "at": "01:30"}, "hour", "came twice on Sun 25 Oct 2026"),
        (
            {"kind": "surveillance-oral", "received": "2026-10-24", "at": "09:00", "body": "council"},
            "body", "A local authority has no urgent oral route",
        ),
        ({"kind": "scheme-complaint", "received": "2026-10-24"}, "days", "does not say in how many working days"),
        ({"kind": "retention", "received": "2026-10-24", "at": "09:00", "days": "0"}, "days", "from 1 to 36500"),
        ({"kind": "foi", "received": "2026-10-24", "holidays": "2026-02-30"}, "holidays", "there is no such day"),
        ({"kind": "foi", "received": "2026-10-24", "fee": "2026-11-01"}, "fee_asked", "Fees notice given"),
    ],
)  # fmt: skip
def test_a_refusal_stands_beside_its_field_and_names_it(
    ask: Callable[..., tuple[int, str]], words: dict[str, str], field: str, says: str
) -> None:
    status, page = ask(**words)
    assert status == 422
    [said] = problems(page)
    assert says in said
    assert "--" not in said, "the command's options are no words of a page"
    assert re.search(rf'id="id_{field}(_0)?-error"|aria-describedby="[^"]*id_{field}', page)


def test_what_a_kind_does_not_take_is_not_dropped_in_silence(ask: Callable[..., tuple[int, str]]) -> None:
    status, page = ask(kind="foi", received="2026-03-10", identity="2026-03-12", colour="red")
    assert status == 422
    assert [one.partition(":")[0] for one in problems(page)] == ["Identity evidence received", "colour"]


def test_the_address_of_an_answer_has_no_empty_words(world: World, client_as: ClientAs) -> None:
    answer = client_as(world.asha).get("/clocks/?kind=foi&received=2026-11-09&fee=&asked=&policy=")
    assert answer["Location"] == "/clocks/?kind=foi&received=2026-11-09"


def test_nothing_typed_is_lost(ask: Callable[..., tuple[int, str]]) -> None:
    _, page = ask(kind="foi", received="2026-02-30", asked="31/4/2026")
    assert 'value="2026-02-30"' in page
    assert 'value="31/4/2026"' in page


def test_the_hour_that_comes_twice_is_chosen(ask: Callable[..., tuple[int, str]]) -> None:
    first = ask(kind="breach", received="2026-10-25", at="01:30", hour="first")[1]
    second = ask(kind="breach", received="2026-10-25", at="01:30", hour="second")[1]
    assert "Wed 28 Oct 2026 00:30 GMT" in first
    assert "Wed 28 Oct 2026 01:30 GMT" in second
    assert "Wed 28 Oct 2026 01:30 GMT" in ask(kind="breach", received="2026-10-25T01:30+00:00")[1]


def test_a_proclaimed_holiday_counts_on_the_page_too(ask: Callable[..., tuple[int, str]], world: World) -> None:
    assert "Answer by Tue 8 Dec 2026" in ask(kind="foi", received="2026-11-09")[1]
    add_holiday(date(2026, 12, 8), nation=Nation.SCOTLAND, name="Day of thanks", source="A notice", by=world.elin)
    assert "Answer by Wed 9 Dec 2026" in ask(kind="foi", received="2026-11-09")[1]


def test_the_nation_is_the_schemes_where_none_is_given(ask: Callable[..., tuple[int, str]]) -> None:
    assert "calendar England and Wales" in ask(kind="dp-complaint", received="2026-11-20")[1]


def test_an_answer_names_the_version_whose_figure_it_counts_with(ask: Callable[..., tuple[int, str]]) -> None:
    words = {"kind": "retention", "received": "2026-10-01", "at": "09:00"}
    assert "no policy is in force" in ask(**words)[1]
    assert "Nobody's code" in ask(**words)[1]
    adopt_policy(retention_days=21)
    page = ask(**words)[1]
    assert "CCTV scheme, version 1" in page
    assert "Delete at Thu 22 Oct 2026 09:00 BST" in page
    assert PROFILES[Kind.RETENTION].act in page


def test_a_clarification_is_not_answered_on_a_day_to_come(ask: Callable[..., tuple[int, str]]) -> None:
    """The clock would go on from an answer that nobody has; and today is a day on which it can have come."""
    today = timezone.localdate()
    said = {"kind": "foi", "received": f"{today - timedelta(days=9)}", "asked": f"{today - timedelta(days=5)}"}
    status, page = ask(**said, answered=f"{today + timedelta(days=2)}")
    assert status == 422
    assert problems(page) == ["Clarification answered: that day is to come. Leave it empty till then."]
    assert ask(**said, answered=f"{today}")[0] == 200
    assert ask(**said)[0] == 200
