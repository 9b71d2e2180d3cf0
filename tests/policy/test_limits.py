"""A code that goes beyond a clause that it names: found by the check, and refused whoever accepts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from overt.clauses.catalogue import catalogue
from overt.cli import main
from overt.logbook.models import Entry
from overt.policy.drafting.services import approve, consult, put_in_force
from overt.policy.files import read_text, write_text
from overt.policy.models import PolicyVersion
from overt.policy.rules import SchemePolicy, document_of, policy_from, setting_named
from overt.policy.rules.check import check, errors_of
from overt.policy.rules.limits import AT_LEAST, AT_MOST, NO_LIMIT
from overt.policy.rules.moves import BeyondClause
from overt.policy.schemes import NAMES, shipped
from policy.drafting import ROUTE, drafted, mended
from world import World, small_document

ClientAs = Callable[..., Client]
TODAY = date(2026, 11, 22)
LIMITS = [
    (name, clause, beyond)
    for table, beyond in ((AT_MOST, 1), (AT_LEAST, -1))
    for name, clauses in table.items()
    for clause in clauses
]


def term(name: str, value: int, *clauses: str, unit: str = "") -> dict[str, object]:
    units = setting_named(name).units
    return {"value": value, "clauses": list(clauses)} | ({"unit": unit or units[0]} if units else {})


def beyond(name: str, said: dict[str, object]) -> list[str]:
    document = small_document(dp_complaint_route=ROUTE)
    settings = {**document["settings"], name: said}  # type: ignore[dict-item]  # a document's settings are a mapping
    found = errors_of(check(policy_from({**document, "settings": settings}), TODAY))
    return [one.id for one in found if one.final]


def test_every_figure_of_the_catalogue_limits_a_setting_or_is_named_as_no_limit() -> None:
    told = [(name, clause) for name, clause, _ in LIMITS]
    numbers = [
        (name, clause.id)
        for clause in catalogue().values()
        for name, figure in clause.parameter.items()
        if isinstance(figure, int) and not isinstance(figure, bool) and clause.id not in NO_LIMIT
    ]
    assert set(told) == set(numbers)


@pytest.mark.parametrize(("name", "clause", "further"), LIMITS)
def test_one_beyond_its_clause_is_an_error_and_the_clauses_own_figure_none(
    name: str, clause: str, further: int
) -> None:
    figure = catalogue()[clause].parameter[name]
    assert beyond(name, term(name, figure, clause)) == []
    too_far = figure + further
    if too_far < 1 or (name, too_far) == ("monitored_days_per_year", 367):
        return  # no policy can say it at all
    assert beyond(name, term(name, too_far, clause)) == [f"beyond-clause:{name}"]
    assert beyond(name, term(name, too_far)) == [], "a code with words of its own names no clause"


def test_a_time_in_months_is_measured_by_the_shortest_month() -> None:
    assert beyond("sar_response_days", term("sar_response_days", 1, "BASS-8.9.b", unit="months")) == []
    assert beyond("sar_response_days", term("sar_response_days", 2, "BASS-8.9.b", unit="months")) != []


def test_the_published_codes_keep_to_their_own_clauses() -> None:
    assert {name: [one.id for one in check(shipped(name), TODAY) if one.final] for name in NAMES} == {
        name: [] for name in NAMES
    }


def keeping(days: int) -> SchemePolicy:
    """A code without errors but for its recordings being kept for so many days, by PROG-4.2.10."""
    document = dict(document_of(read_text(mended())))
    settings = {**document["settings"], "retention_days": term("retention_days", days, "PROG-4.2.10")}  # type: ignore[dict-item]
    return policy_from({**document, "settings": settings})


@pytest.mark.parametrize(("days", "code"), [(60, 1), (31, 0)])
def test_the_command_tells_of_it(days: int, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "code.yaml"
    path.write_text(write_text(keeping(days)))
    assert main(["policy", "check", str(path), "--as-of", "2026-11-22"]) == code
    assert ("beyond-clause:retention_days" in capsys.readouterr().out) is (code == 1)


@pytest.mark.clause("PROG-4.2.10", part="SchemePolicy.retention_days … never above 31; values above are refused")
def test_no_reason_makes_a_policy_beyond_its_clause_pass(world: World, client_as: ClientAs) -> None:
    version = consult(drafted(world, write_text(keeping(60))), by=world.elin, note="Both partners")
    farah = client_as(world.farah)
    address = f"{version.get_absolute_url()}approve/"
    with pytest.raises(BeyondClause) as refused:
        approve(version, by=world.farah, reason="We want it", accepted=["beyond-clause:retention_days"])
    assert "60 days by PROG-4.2.10, which allows at most 31" in str(refused.value)
    answer = farah.post(address, {"reason": "We want it", "accepted": ["beyond-clause:retention_days"]})
    assert answer.status_code == 422
    answer = farah.post(address, {"reason": "We want it"})
    assert answer.status_code == 422
    assert "which allows at most 31" in answer.content.decode()
    assert "We want it" in answer.content.decode(), "what was typed stays"
    assert 'value="beyond-clause:retention_days"' not in farah.get(address).content.decode(), "it is not offered"
    version.refresh_from_db()
    assert version.state == "consulted"
    assert not Entry.objects.filter(action="policy.version.approved").exists()

    kept = consult(drafted(world, write_text(keeping(31))), by=world.elin, note="Both partners")
    assert approve(kept, by=world.farah, reason="As agreed").state == "approved"


def test_one_that_was_approved_before_is_not_put_in_force(world: World) -> None:
    version = consult(drafted(world), by=world.elin, note="Both partners")
    approve(version, by=world.farah, reason="As agreed")
    old = PolicyVersion.objects.create(number=9, state="approved", document=document_of(keeping(60)))
    with pytest.raises(BeyondClause):
        put_in_force(old, by=world.elin)
    put_in_force(version, by=world.elin)
