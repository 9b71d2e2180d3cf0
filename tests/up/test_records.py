"""Records from before the steps of each room were joined into one: taken over as they are, or refused while half."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from overt.access.models import Grant
from overt.breaches.models import CodeBreach
from overt.places.models import Partner
from overt.rooms import ORDER
from overt.shared.refusals import Refusals
from overt.up.preflight import CannotStart
from overt.up.records import check_records_can_be_upgraded, prepare_database
from world import World

#: What an installation had recorded when the steps were joined, by room.
RECORDED = {
    "access": ["0001_initial", "0002_initial", "0003_grant_renewed_at"],
    "accounts": ["0001_initial", "0002_user_suspended_at"],
    "clocks": [
        "0001_initial", "0002_answers_stay", "0003_ended_clocks_stay", "0004_holidays_taken_back", "0005_holidays_stay",
    ],
    "estate": [
        "0001_initial", "0002_camera_certificate", "0003_retention_run", "0004_sound_orders",
        "0005_camera_without_a_sound_switch", "0006_camera_basic_allowed", "0007_camera_transport",
    ],
    "evidence": [
        "0001_initial", "0002_holds_have_grounds", "0003_copies_and_their_places", "0004_copies_of_sealed_exhibits",
        "0005_stills", "0006_copies_are_written",
    ],
    "logbook": ["0001_initial", "0002_refuse_changes", "0003_code_breach", "0004_key_succession", "0005_breach_outcome"],
    "policy": [
        "0001_initial", "0002_version_states", "0003_number_and_rewrite_versions", "0004_number_required",
        "0005_approved_versions_stay",
    ],
    "watch": ["0001_initial", "0002_people_result_and_supervision", "0003_footage_rounds"],
}  # fmt: skip


def applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def joined() -> set[tuple[str, str]]:
    """The steps that stand for all that their room had, or are the first of a room that had none."""
    steps = MigrationLoader(None).disk_migrations
    return {key for key, step in steps.items() if key[0] in ORDER and (step.replaces or key[1] == "0001_initial")}


def recorded_before(*, without: tuple[str, str] | None = None) -> None:
    """Let the database say that the version before brought it up: the tables were the same, but for later steps."""
    recorder = MigrationRecorder(connection)
    for room, name in joined() | {(room, name) for room, names in RECORDED.items() for name in names}:
        recorder.record_unapplied(room, name)
    for room, names in RECORDED.items():
        for name in names:
            if (room, name) != without:
                recorder.record_applied(room, name)


def test_records_of_the_version_before_are_taken_over_without_a_step(world: World) -> None:
    now = {step for step in applied() if step[0] in ORDER}
    breach = CodeBreach.objects.create(
        kind="reported", words="x", detected_at="2026-01-01T00:00Z", reported_at="2026-01-01T00:00Z"
    )
    recorded_before()
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    call_command("migrate", verbosity=0)
    prepare_database()
    assert now <= applied()
    assert Partner.objects.filter(pk=world.marketon.pk).exists()
    assert Grant.objects.filter(partner=world.marketon).exists()
    assert CodeBreach.objects.get() == breach
    assert [missing for guards in Refusals.every for missing in guards.missing(connection)] == []


@pytest.mark.parametrize("step", [("estate", "0007_camera_transport"), ("logbook", "0005_breach_outcome")])
def test_records_that_lack_a_step_no_longer_there_are_refused(db: None, step: tuple[str, str]) -> None:
    recorded_before()
    check_records_can_be_upgraded()
    recorded_before(without=step)
    with pytest.raises(CannotStart, match=f"{step[0]} lacks the step {step[1]}"):
        check_records_can_be_upgraded()


@pytest.mark.parametrize("room", [name for name in ORDER if name in RECORDED or name in ("places", "breaches")])
def test_a_room_has_one_step_and_it_stands_for_those_before(room: str) -> None:
    """Until the next: what is added from now on stands beside it."""
    loader = MigrationLoader(None)
    found = {key: step for key, step in loader.replacements.items() if key[0] == room}
    assert len(found) == 1
    stood_for = {name for step in found.values() for app, name in step.replaces if app == room}
    assert stood_for == set(RECORDED.get(room, []))
