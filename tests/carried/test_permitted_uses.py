"""What the system may be used for is changed by the procedure for a major change, and by nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from overt.logbook.models import Entry
from overt.policy.drafting.services import approve, change_draft, consult, findings, put_in_force, start_draft
from overt.policy.files import write_text
from overt.policy.models import PolicyVersion
from overt.policy.queries import policy_in_force, version_in_force
from overt.policy.rules import SchemePolicy, document_of, policy_from
from overt.policy.rules.check import errors_of
from overt.policy.rules.moves import NotConsulted, NotYourApproval, WrongMove
from overt.policy.schemes import shipped
from overt.shared.errors import Refused
from world import World

MADE_UP = {"code": "parking", "says": "Collect parking charges"}


def uses() -> list[str]:
    return [str(row["code"]) for row in policy_in_force().rows("permitted_uses")]


def with_another_use(policy: SchemePolicy) -> str:
    document = document_of(policy)
    document["settings"]["permitted_uses"]["value"].append(MADE_UP)  # type: ignore[index]  # a mapping of mappings
    return write_text(policy_from(document))


@pytest.fixture
def six_uses(world: World) -> World:
    PolicyVersion.objects.create(
        number=1,
        state="in_force",
        effective_from=datetime(2020, 1, 1, tzinfo=UTC),
        document=document_of(shipped("hertfordshire")),
    )
    return world


@pytest.mark.clause(
    "HERTS-17.3",
    part="Editing permitted_uses is possible only by publishing an approved ChangeProposal … whose number is stored with the new list",
)
def test_permitted_uses_change_only_through_an_approved_major_change(six_uses: World) -> None:
    world, before = six_uses, uses()
    assert len(before) == 6
    with pytest.raises(Refused):
        start_draft(policy_in_force(), by=world.asha, reason="I should like another")
    draft = start_draft(policy_in_force(), by=world.elin, reason="Parking")
    change_draft(draft, with_another_use(policy_in_force()), by=world.elin, reason="One more use")
    stays = [one.id for one in errors_of(findings(PolicyVersion.objects.get(number=2)))]

    with pytest.raises(NotConsulted):
        approve(draft, by=world.farah, reason="Quickly", accepted=stays)
    with pytest.raises(WrongMove):
        put_in_force(draft, by=world.elin)
    consult(draft, by=world.elin, note="Both partners, who agree")
    with pytest.raises(NotYourApproval):
        approve(draft, by=_also_owner(world), reason="My own", accepted=stays)
    approve(draft, by=world.farah, reason="Agreed by the board", accepted=stays)
    assert uses() == before, "approved is not yet in force"
    put_in_force(draft, by=world.elin)

    assert uses() == [*before, "parking"]
    version = version_in_force()
    assert version is not None
    assert version.number == 2
    assert list(version.moves.values_list("to_state", flat=True)) == [
        "draft",
        "draft",
        "consulted",
        "approved",
        "in_force",
    ]
    assert Entry.objects.get(action="policy.version.put_in_force").facts["version"] == 2
    with pytest.raises(WrongMove):
        change_draft(version, write_text(shipped("hertfordshire")), by=world.elin, reason="Back again")
    assert uses() == [*before, "parking"]


def _also_owner(world: World) -> object:
    """Elin, who wrote the draft, made the owner's nominee besides."""
    from overt.access.rules import Role
    from world import give_role

    give_role(world.elin, Role.OWNER_NOMINEE)
    return world.elin
