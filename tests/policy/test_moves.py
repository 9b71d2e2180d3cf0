"""The life of a version: drafted, consulted on, approved by somebody else, in force, and never changed after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from overt.access.doors import NotYours
from overt.access.rules import Role
from overt.accounts.models import User
from overt.estate.node import sources
from overt.logbook.models import Checkpoint, Entry
from overt.policy.drafting.services import (
    approve,
    change_draft,
    consult,
    digest,
    findings,
    major_changes,
    put_in_force,
    reopen,
    start_draft,
    withdraw,
)
from overt.policy.files import read_text
from overt.policy.models import PolicyVersion
from overt.policy.queries import policy_in_force, policy_of
from overt.policy.rules import BadPolicy, policy_from
from overt.policy.rules.findings import Finding, Severity
from overt.policy.rules.moves import (
    MOVES,
    BadDay,
    NotConsulted,
    NotYourApproval,
    OpenErrors,
    VersionState,
    WrongMove,
    check_approval,
    check_move,
    check_start,
)
from overt.policy.schemes import shipped
from overt.shared.errors import BadInput
from overt.up.worker import rounds
from policy.drafting import ROUTE, drafted, mended
from world import World, adopt_policy, give_role, small_document


def approved(world: World, text: str = "") -> PolicyVersion:
    version = consult(drafted(world, text), by=world.elin, note="Both partners, who agree")
    return approve(version, by=world.farah, reason="As agreed")


def test_a_code_goes_from_draft_to_in_force_by_two_people_and_the_book_tells(world: World) -> None:
    version = put_in_force(approved(world), by=world.elin)
    assert policy_in_force().retention_days == 28
    assert {one.retention_days for one in sources()} == {28}, "the recorder is ordered by it"
    told = [entry.action for entry in Entry.objects.filter(action__startswith="policy.").order_by("number")]
    assert told == [
        "policy.version.drafted",
        "policy.version.consulted",
        "policy.version.approved",
        "policy.version.put_in_force",
    ]
    last = Entry.objects.get(action="policy.version.put_in_force")
    assert last.facts["sha256"] == digest(version.document)
    steps = [(move.to_state, move.by.username) for move in version.moves.all()]
    assert steps == [("draft", "elin"), ("consulted", "elin"), ("approved", "farah"), ("in_force", "elin")]


def test_whoever_wrote_a_version_does_not_approve_it(world: World) -> None:
    """The data controller may draft and may approve, but not both of one version."""
    version = start_draft(read_text(mended()), by=world.gwen, reason="The yearly review")
    consult(version, by=world.gwen, note="Both partners")
    with pytest.raises(NotYourApproval):
        approve(version, by=world.gwen, reason="Mine")
    assert approve(version, by=world.farah, reason="As agreed").state == "approved"


def test_whoever_changed_a_draft_does_not_approve_it_either(world: World) -> None:
    version = change_draft(drafted(world), mended(retention_days=21), by=world.gwen, reason="Shorter")
    consult(version, by=world.elin, note="Both partners")
    with pytest.raises(NotYourApproval):
        approve(version, by=world.gwen, reason="Fine")


def test_nobody_approves_his_own_draft_through_an_account_that_he_alone_brought_about(world: World) -> None:
    """An account that Elin made and gave the role to, both: she could sign in as it."""
    version = consult(drafted(world), by=world.elin, note="Both partners")
    (writer,) = {move.by for move in version.moves.filter(to_state="draft")}
    User.objects.filter(pk=world.farah.pk).update(link_made_by=writer)
    world.farah.grants.update(granted_by=writer)
    with pytest.raises(NotYourApproval):
        approve(version, by=User.objects.get(pk=world.farah.pk), reason="As agreed")
    world.farah.grants.update(granted_by=world.hari)
    assert approve(version, by=User.objects.get(pk=world.farah.pk), reason="As agreed").state == "approved"


def test_a_major_change_is_consulted_on_first_and_a_minor_one_need_not_be(world: World) -> None:
    adopt_policy(dp_complaint_route=ROUTE)
    major = drafted(world, mended(retention_days=21))
    assert major_changes(major) == ["retention_days"]
    with pytest.raises(NotConsulted, match="retention_days"):
        approve(major, by=world.farah, reason="Quickly")
    minor = drafted(world, mended(retention_days=31, marking_hold_days=14))
    assert major_changes(minor) == []
    assert approve(minor, by=world.farah, reason="A clarification").state == "approved"


def test_a_first_policy_is_major_as_a_whole(world: World) -> None:
    with pytest.raises(NotConsulted, match="a first policy"):
        approve(drafted(world), by=world.farah, reason="Quickly")


def test_errors_are_mended_or_accepted_by_name(world: World) -> None:
    version = start_draft(shipped("bassetlaw"), by=world.elin, reason="Our published code")
    consult(version, by=world.elin, note="Cabinet")
    errors = [one.id for one in findings(version) if one.severity is Severity.ERROR]
    with pytest.raises(OpenErrors, match="sar-limit-not-one-month"):
        approve(version, by=world.farah, reason="As published", accepted=errors[1:])
    held = approve(version, by=world.farah, reason="Mended at the next review", accepted=[*errors, "invented"])
    assert held.moves.last().accepted == sorted(errors), "only what there is can be accepted"


def test_a_version_that_has_left_the_draft_is_never_changed(world: World) -> None:
    version = drafted(world)
    assert change_draft(version, mended(retention_days=21), by=world.elin, reason="Shorter").document
    consult(version, by=world.elin, note="Both partners")
    for step in ("consulted", "approved", "in_force"):
        if step == "approved":
            approve(version, by=world.farah, reason="As agreed")
        if step == "in_force":
            put_in_force(version, by=world.elin)
        with pytest.raises(WrongMove):
            change_draft(version, mended(), by=world.elin, reason="A second thought")
        version.refresh_from_db()
        assert version.state == step
        assert policy_of(version).retention_days == 21
    with pytest.raises(WrongMove):
        withdraw(version, by=world.elin, reason="Out of force")


def test_a_version_put_aside_has_its_entry_with_the_reason(world: World) -> None:
    version = withdraw(drafted(world), by=world.elin, reason="Another way was found")
    assert version.state == "withdrawn"
    told = Entry.objects.get(action="policy.version.withdrawn")
    assert told.facts["version"] == version.number
    assert told.personal.get(field="reason").value == "Another way was found"


def test_a_change_after_consultation_sends_it_round_again(world: World) -> None:
    version = consult(drafted(world), by=world.elin, note="Both partners")
    reopen(version, by=world.elin, reason="Riverside objects")
    assert Entry.objects.get(action="policy.version.reopened").facts["version"] == version.number
    change_draft(version, mended(retention_days=30), by=world.elin, reason="Their wish")
    with pytest.raises(NotConsulted):
        approve(version, by=world.farah, reason="Quickly")


@pytest.mark.parametrize("text", ["scheme: x\nsettings: {colour: red}", "not a policy", "settings: ["])
def test_a_bad_document_leaves_the_draft_as_it_was(world: World, text: str) -> None:
    version = drafted(world)
    with pytest.raises(BadPolicy):
        change_draft(version, text, by=world.elin, reason="A slip")
    version.refresh_from_db()
    assert policy_of(version).retention_days == 28
    assert version.moves.count() == 1
    assert not Entry.objects.filter(action="policy.version.changed").exists()


def test_the_policy_of_a_moment_is_the_one_that_was_in_force_then(world: World) -> None:
    adopt_policy(retention_days=31, dp_complaint_route=ROUTE)
    now = timezone.now()
    later = now + timedelta(days=30)
    put_in_force(approved(world), by=world.elin, effective_from=later)
    assert policy_in_force(now).retention_days == 31
    assert policy_in_force(later - timedelta(seconds=1)).retention_days == 31
    assert policy_in_force(later).retention_days == 28
    assert policy_in_force(datetime(2019, 1, 1, tzinfo=UTC)).title == "CCTV scheme", "before the first: none"


def test_a_version_never_reaches_back_nor_overtakes(world: World) -> None:
    version = approved(world)
    with pytest.raises(BadDay, match="passed"):
        put_in_force(version, by=world.elin, effective_from=timezone.now() - timedelta(days=1))
    put_in_force(version, by=world.elin, effective_from=timezone.now() + timedelta(days=9))
    with pytest.raises(BadDay, match="later version"):
        put_in_force(approved(world, mended(retention_days=21)), by=world.elin)


def test_a_policy_silent_on_retention_cannot_be_in_force(world: World) -> None:
    silent = policy_from({"scheme": "market", "settings": {"dp_complaint_route": {"value": ROUTE}}})
    version = start_draft(silent, by=world.elin, reason="First thoughts")
    consult(version, by=world.elin, note="Both partners")
    approve(version, by=world.farah, reason="As agreed")
    with pytest.raises(BadPolicy, match="silent on retention_days"):
        put_in_force(version, by=world.elin)
    assert policy_in_force().retention_days == 31


def test_a_setting_that_an_update_took_away_does_not_stop_the_recorder(world: World) -> None:
    document = small_document(retention_days=21)
    document["settings"]["phases_of_the_moon"] = {"value": 8}  # type: ignore[index]  # as an earlier product wrote it
    PolicyVersion.objects.create(number=1, state="in_force", effective_from=timezone.now(), document=document)
    assert policy_in_force().retention_days == 21
    assert {one.retention_days for one in sources()} == {21}


DOINGS: dict[str, Callable[[World, PolicyVersion], object]] = {
    "change": lambda w, v: change_draft(v, mended(), by=w.dev, reason="x"),
    "consult": lambda w, v: consult(v, by=w.dev, note="x"),
    "reopen": lambda w, v: reopen(v, by=w.dev, reason="x"),
    "approve": lambda w, v: approve(v, by=w.elin, reason="x"),
    "put in force": lambda w, v: put_in_force(v, by=w.farah),
    "withdraw": lambda w, v: withdraw(v, by=w.dev, reason="x"),
}


@pytest.mark.parametrize("doing", DOINGS)
def test_each_step_is_for_those_who_may(world: World, doing: str) -> None:
    version = drafted(world)
    with pytest.raises(NotYours):
        DOINGS[doing](world, version)
    version.refresh_from_db()
    assert version.state == "draft"


def test_a_manager_of_one_partner_writes_no_policy_for_all(world: World) -> None:
    give_role(world.asha, Role.MANAGER, partner=world.marketon)
    with pytest.raises(NotYours):
        start_draft(shipped("progress"), by=world.asha, reason="Ours")


def test_a_step_without_a_reason_is_no_step(world: World) -> None:
    with pytest.raises(BadInput):
        start_draft(shipped("progress"), by=world.elin, reason="  ")
    assert not PolicyVersion.objects.exists()


def test_the_logbook_is_signed_as_often_as_the_policy_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sign = next(do for name, _, do in rounds() if name == "checkpoint")
    drafted(world)
    sign()
    drafted(world)
    later = timezone.now() + timedelta(minutes=5)
    monkeypatch.setattr(timezone, "now", lambda: later)
    sign()
    assert Checkpoint.objects.count() == 1, "every hour, where the code is silent"
    adopt_policy(checkpoint_minutes=5)
    sign()
    assert Checkpoint.objects.count() == 2


# ---- the rules alone
states = st.sampled_from(VersionState)


@given(states, states)
def test_only_the_tables_moves_are_moves(before: VersionState, after: VersionState) -> None:
    if (before, after) in MOVES:
        check_move(before, after)
    else:
        with pytest.raises(WrongMove):
            check_move(before, after)


@given(states)
def test_nothing_leads_out_of_force_or_back_from_approval(state: VersionState) -> None:
    assert (VersionState.IN_FORCE, state) not in MOVES
    assert (VersionState.APPROVED, VersionState.DRAFT) not in MOVES


FAULT = Finding("fault", Severity.ERROR, "A fault.", "Mend it.")


@given(
    st.sampled_from([VersionState.DRAFT, VersionState.CONSULTED]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_an_approval_needs_every_condition(
    state: VersionState, major: bool, wrote: bool, faulty: bool, accepted: bool
) -> None:
    good = not wrote and not (major and state is VersionState.DRAFT) and (not faulty or accepted)
    arguments = (state, ["purposes"] * major, wrote, [FAULT] * faulty, ["fault"] * accepted)
    if good:
        check_approval(*arguments)
    else:
        with pytest.raises((NotYourApproval, NotConsulted, OpenErrors)):
            check_approval(*arguments)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, moments, st.none() | moments)
def test_a_start_is_never_past_and_always_after_the_last(start: datetime, now: datetime, last: datetime | None) -> None:
    if start >= now and (last is None or start > last):
        check_start([], start, now, last)
    else:
        with pytest.raises(BadDay):
            check_start([], start, now, last)
