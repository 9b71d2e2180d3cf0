"""Changing a draft by the pages: faults by their line, the check beside the text, one setting at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from overt.policy.drafting.services import consult
from overt.policy.drafting.setting_form import SettingForm, has_form
from overt.policy.files import read_text, write_text
from overt.policy.models import PolicyVersion
from overt.policy.queries import policy_of
from overt.policy.rules import BadPolicy
from overt.policy.rules.settings import SETTINGS
from overt.policy.schemes import NAMES, shipped
from policy.drafting import drafted, mended
from world import World

ClientAs = Callable[..., Client]


def text_of(answer: object) -> str:
    return unescape(answer.content.decode())  # type: ignore[attr-defined]


BASSETLAW = write_text(shipped("bassetlaw"))


def line_with(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def test_every_fault_of_a_text_is_told_with_its_line() -> None:
    wrong = (
        BASSETLAW.replace("retention_days: {value: 30", "retention_days: {value: 30 days")
        .replace("\n  owner: {", "\n  ownr: {")
        .replace("nation: england-and-wales", "nation: wales")
        .replace("value: assistant_chief_constable", "value: brigadier")
    )
    with pytest.raises(BadPolicy) as refused:
        read_text(wrong)
    assert list(refused.value.faults) == sorted(refused.value.faults, key=lambda one: int(re.findall(r"\d+", one)[0]))
    for key, says in (
        ("nation: wales", "'wales' cannot be"),
        ("retention_days:", "'30 days' cannot be; expected a whole number"),
        ("police_total_control_request_rank", "brigadier is no rank of the police"),
        ("ownr:", "A policy has no setting ownr. Did you mean owner?"),
    ):
        [fault] = [one for one in refused.value.faults if says in one]
        assert fault.startswith(f"Line {line_with(wrong, key)}: ")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("unit: days", "unit: weeks", "is the wrong unit; expected days"),
        ("code: commercial_manager", "code: Commercial Manager", "is no code"),
        ("alternates: [commercial_manager]", "alternates: [king]", "its alternate king is no role of this document"),
        ('issued: "', 'issued: "x', "is no date"),
    ],
)
def test_each_kind_of_fault_has_its_line(old: str, new: str, says: str) -> None:
    assert old in BASSETLAW
    with pytest.raises(BadPolicy, match=says) as refused:
        read_text(BASSETLAW.replace(old, new, 1))
    assert re.match(r"Line \d+: ", next(one for one in refused.value.faults if says in one))


def test_the_check_stands_beside_the_text_with_its_lines(world: World, client_as: ClientAs) -> None:
    version = drafted(world, BASSETLAW)
    page = text_of(client_as(world.elin).get(f"{version.get_absolute_url()}change/"))
    assert "sar-limit-not-one-month" in page
    line = line_with(write_text(policy_of(version)), "sar_response_days:")
    assert f'Error, <a class="govuk-link" href="#line-{line}">line {line}</a>' in page
    assert f'id="line-{line}"' in page, "and the text has its lines numbered"


def test_a_text_is_checked_without_being_saved(world: World, client_as: ClientAs) -> None:
    version = drafted(world, BASSETLAW)
    address = f"{version.get_absolute_url()}change/"
    other = BASSETLAW.replace("retention_days: {value: 30", "retention_days: {value: 21").replace("\n", "\r\n")
    answer = client_as(world.elin).post(address, {"text": other, "do": "check"})
    assert answer.status_code == 200
    assert "Recordings live for 21 days" in text_of(answer)
    assert "value: 21" in text_of(answer), "and nothing typed is lost"
    version.refresh_from_db()
    assert policy_of(version).retention_days == 30
    wrong = client_as(world.elin).post(address, {"text": other.replace("unit: days", "unit: weeks"), "do": "check"})
    assert wrong.status_code == 422
    assert "is the wrong unit" in text_of(wrong)


def setting(version: PolicyVersion, name: str) -> str:
    return f"{version.get_absolute_url()}settings/{name}/"


def test_one_setting_is_changed_without_the_text(world: World, client_as: ClientAs) -> None:
    version = drafted(world, BASSETLAW)
    page = client_as(world.elin)
    shown = text_of(page.get(setting(version, "retention_days")))
    assert "How long recordings are kept" in shown
    assert "In days, from 1 to 366" in shown
    assert "Images are kept for at most 30 days" in shown, "the clause's own words"
    assert "a major change" in shown
    said = {"silence": "says", "value": "28", "clauses": "BASS-1.6.1.c", "note": "", "reason": "The partners want it"}
    assert page.post(setting(version, "retention_days"), said)["Location"].endswith("#retention_days")
    version.refresh_from_db()
    term = policy_of(version).term("retention_days")
    assert (term.value, term.unit, term.clauses) == (28, "days", ("BASS-1.6.1.c",))
    assert policy_of(version).value("owner") == shipped("bassetlaw").value("owner"), "the others stay"
    assert version.moves.last().note == "The partners want it"  # type: ignore[union-attr]
    page.post(setting(version, "retention_days"), {"silence": "silent", "reason": "Not decided"})
    version.refresh_from_db()
    assert policy_of(version).value("retention_days") is None


@pytest.mark.parametrize(
    ("name", "said", "field", "says"),
    [
        ("retention_days", {"value": "400"}, "value", "expected a whole number from 1 to 366"),
        ("retention_days", {"value": "four weeks"}, "value", "How long recordings are kept: give a whole number"),
        ("retention_days", {"value": ""}, "value", "give it, or say that your code is silent"),
        ("retention_days", {"value": "28", "clauses": "BASS-99"}, "clauses", "there is no clause BASS-99"),
        ("retention_days", {"value": "28", "reason": ""}, "reason", "Why it is changed: say it"),
        ("retention_days", {"value": "28", "silence": ""}, "silence", "Your code: say whether it speaks of this"),
        ("sar_response_days", {"value": "1", "unit": "weeks"}, "unit", "weeks"),
        ("stills_authority_rank", {"value": "brigadier"}, "value", "brigadier is none of those there are"),
        ("manager_role", {"value": "king"}, "value", "king is none of those there are"),
        ("review_year_start", {"value": "31-04"}, "value", "expected a day of the year"),
        ("hold_grounds", {"value": "fire\nfire"}, "value", "names something twice"),
    ],
)
def test_a_setting_that_cannot_be_is_said_beside_its_field(
    world: World, client_as: ClientAs, name: str, said: dict[str, str], field: str, says: str
) -> None:
    version = drafted(world, BASSETLAW)
    answer = client_as(world.elin).post(setting(version, name), {"silence": "says", "reason": "A try", **said})
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert f"id_{field}" in text_of(answer)
    version.refresh_from_db()
    assert version.moves.count() == 1


@pytest.mark.parametrize("scheme", NAMES)
def test_every_setting_of_every_scheme_goes_through_its_form_unchanged(scheme: str) -> None:
    policy = shipped(scheme)
    for one in SETTINGS:
        if not has_form(one):
            continue
        fresh = SettingForm(None, setting=one, policy=policy)
        given = {name: fresh.get_initial_for_field(field, name) for name, field in fresh.fields.items()}
        form = SettingForm(
            {k: v for k, v in given.items() if v not in (None, "")} | {"reason": "x"}, setting=one, policy=policy
        )
        assert form.is_valid(), (one.name, form.errors)
        from overt.policy.rules.writing import term_document

        assert form.term() == term_document(policy.term(one.name)), one.name


def test_what_is_no_draft_any_more_has_no_form(world: World, client_as: ClientAs) -> None:
    version = drafted(world)
    consult(version, by=world.elin, note="Both partners")
    for rest in ("change/", "head/", "settings/retention_days/"):
        assert client_as(world.elin).get(f"{version.get_absolute_url()}{rest}").status_code == 409
    said = {"silence": "says", "value": "21", "reason": "Late"}
    assert client_as(world.elin).post(setting(version, "retention_days"), said).status_code == 409
    for name in ("phases_of_the_moon", "purposes"):
        assert client_as(world.elin).get(setting(drafted(world), name)).status_code == 404


def test_a_draft_from_a_published_code_leaves_that_codes_name_behind(world: World, client_as: ClientAs) -> None:
    page = client_as(world.elin)
    said = {"source": "hertfordshire", "title": "Market CCTV", "reason": "A first policy"}
    page.post("/policy/draft/", said)
    policy = policy_of(PolicyVersion.objects.get())
    assert (policy.title, policy.scheme, policy.based_on) == ("Market CCTV", "own", "hertfordshire")
    assert (policy.edition, policy.issued, policy.review_due, policy.source) == ("", "", "", "")
    assert policy.retention_days == 28


def test_the_title_page_has_a_form(world: World, client_as: ClientAs) -> None:
    version = drafted(world, mended())
    head = {"title": "Market CCTV", "owner_kind": "partnership", "nation": "scotland", "reason": "Dated"}
    address = f"{version.get_absolute_url()}head/"
    wrong = client_as(world.elin).post(address, {**head, "issued": "2026-13"})
    assert wrong.status_code == 422
    assert "2026-13 is no date" in text_of(wrong)
    assert client_as(world.elin).post(address, {**head, "issued": "2026-11"}).status_code == 302
    version.refresh_from_db()
    assert (policy_of(version).nation, policy_of(version).issued) == ("scotland", "2026-11")
    assert policy_of(version).retention_days == 28
