"""What is done with a copy: made, handed over, taken back, destroyed. Each act writes its line of the register."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from overt.evidence import log_actions, papers
from overt.evidence.copies import rules
from overt.evidence.copies.register import Kind, cameras_of, copy_facts, medium_line, next_copy, write_movement
from overt.evidence.copies.rules import CopyKind, CopyState, Medium, Recipient
from overt.evidence.errors import CopyIncomplete, WrongMove
from overt.evidence.exhibits.folders import sealed_folder
from overt.evidence.log_facts import CopiesLookedAt, CopyAct, CopyDestroyed, CopyHandedOver, CopyMade, FormLookedAt
from overt.evidence.models import Copy, Exhibit
from overt.logbook.services import log
from overt.policy.queries import policy_in_force
from overt.shared import reasons

if TYPE_CHECKING:
    from overt.accounts.models import User


@transaction.atomic
def make_copy(
    exhibit: Exhibit,
    medium: Medium,
    *,
    by: User,
    reason: str,
    kind: str = CopyKind.WORKING,
    now: datetime | None = None,
) -> Copy:
    """A numbered copy for a medium; writing it is a step of its own. Raises WrongMove, ReasonMissing, CopyIncomplete.

    Source: HERTS-24.4 (reference, producing officer, disc or package number, hashes), BASS-1.6.4.c.
    """
    sealed_folder(exhibit)  # what is not sealed is said first
    said = reasons.given(reason)
    if medium.code != rules.DOWNLOAD:
        rules.check_medium(medium, policy_in_force().rows("evidence_export_media"))
    copy = next_copy(exhibit, medium, by=by, reason=said, now=now or timezone.now(), kind=CopyKind(kind))
    personal = {"supplier": f"{copy.supplier} {copy.supplier_number}"} if copy.supplier else {}
    facts, cameras = CopyMade(**copy_facts(copy), medium_number=copy.medium_number), cameras_of(copy)
    entry = log(log_actions.COPY_MADE, copy, by=by, reason=said, facts=facts, cameras=cameras, personal=personal)
    write_movement(copy, Kind.MADE, entry, by=by, reason=said, remark=medium_line(copy))
    return copy


@transaction.atomic
def hand_over(
    copy: Copy,
    recipient: Recipient,
    *,
    by: User,
    terms: bool,
    form: bytes,
    decision: str = "",
    now: datetime | None = None,
) -> Copy:
    """Give a copy to somebody who signed for it; continuity is theirs from here.

    `decision` is a manager's, who says why a master leaves; that `by` is one, whoever calls has made sure.

    Raises MasterStays, NotOpened, WrongMove, CopyIncomplete or BadPaper.
    Source: BASS-1.6.4.b, HERTS-24.6, HERTS-24.7, BASS-9.3.5.
    """
    held, moment = Copy.objects.lock(copy.pk), now or timezone.now()
    rules.check_move(held.state, CopyState.HANDED_OVER)
    rules.check_file_only(held.medium, policy_in_force().in_effect("link_delivery"))
    decided = decision.strip() if held.kind == CopyKind.MASTER else ""
    rules.check_handover(
        held.kind, held.medium, held.test_answer, recipient, terms=terms, signed=bool(form), decided=bool(decided)
    )
    _check_stills(held.exhibit)
    held.form_name, held.form_sha512 = papers.keep(f"{held.exhibit.reference}-copy-{held.number}", form)
    held.state, held.handed_over_at, held.place = CopyState.HANDED_OVER.value, moment, None
    held.recipient, held.recipient_body, held.recipient_number = recipient.name, recipient.body, recipient.number
    held.delivery, held.purpose = recipient.delivery, recipient.purpose
    held.save()
    remark = f"to {recipient.name}, {recipient.number}, {recipient.body}, {recipient.delivery.replace('_', ' ')}"
    facts = CopyHandedOver(
        **copy_facts(held),
        body=recipient.body,
        delivery=recipient.delivery,
        form_sha512=held.form_sha512,
        master_decided=bool(decided),
    )
    personal = {"recipient": f"{recipient.name}, {recipient.number}"}
    if decided:
        personal["decision"] = decided
        remark += f"; decided by {by.full_name}: {decided}"
    entry = log(
        log_actions.COPY_HANDED_OVER, held, by=by, reason=recipient.purpose, facts=facts, cameras=cameras_of(held),
        personal=personal,
    )  # fmt: skip
    write_movement(held, Kind.HANDED_OVER, entry, by=by, reason=recipient.purpose, remark=remark)
    return held


def _check_stills(exhibit: Exhibit) -> None:
    """Raises WrongMove where a still has no written authority yet: with the bag it leaves. Source: BASS-9.5.b."""
    bare = [str(number) for number in exhibit.stills.filter(authority_name="").values_list("number", flat=True)]
    if bare:
        numbers = ", ".join(sorted(bare))
        raise WrongMove(f"Still {numbers} in it has no written authority. Hand the still over on its own page first.")


@transaction.atomic
def take_back(copy: Copy, *, by: User, reason: str, now: datetime | None = None) -> Copy:
    """Book a copy in again that had left, where the scheme's code lets it. Raises CopyGone, WrongMove, ReasonMissing.

    Source: HERTS-24.5 (never), BASS-9.3.3 (its return is written down).
    """
    held = Copy.objects.lock(copy.pk)
    rules.check_move(held.state, CopyState.KEPT)
    if held.state == CopyState.OUT:
        raise WrongMove("This copy was only taken out. Put it back into its storage location.")
    rules.check_return(policy_in_force().in_effect("released_media_may_return"))
    said = reasons.given(reason)
    # What it holds now is unknown until it is opened again.
    held.state, held.test_answer, held.tested_at = CopyState.KEPT.value, "", None
    held.save(update_fields=["state", "test_answer", "tested_at"])
    facts, cameras = CopyAct(**copy_facts(held)), cameras_of(held)
    entry = log(log_actions.COPY_RETURNED, held, by=by, reason=said, facts=facts, cameras=cameras)
    write_movement(held, Kind.RETURNED, entry, by=by, reason=said, remark=f"from {held.recipient_body}")
    return held


@transaction.atomic
def destroy(copy: Copy, *, by: User, reason: str, method: str, witness: str, now: datetime | None = None) -> Copy:
    """Write down that a copy was destroyed, how and before whom. Raises WrongMove, ReasonMissing or CopyIncomplete.

    Source: BASS-9.3.6 (person, method, time and witness), BASS-1.6.3.c (a master not before its date).
    """
    held, moment = Copy.objects.lock(copy.pk), now or timezone.now()
    rules.check_move(held.state, CopyState.DESTROYED)
    if held.medium == rules.SERVER:
        raise WrongMove("This copy is part of the bag on the server; it is not destroyed by hand.")
    if held.kind == CopyKind.MASTER and (held.keep_until is None or moment < held.keep_until):
        day = f"{timezone.localtime(held.keep_until):%-d %B %Y}" if held.keep_until else "somebody decides"
        raise WrongMove(f"This is a master: the scheme's code keeps it until {day}.")
    said = reasons.given(reason)
    for name, value, sentence in (
        ("method", method, "Say how it was destroyed: shredded, erased."),
        ("witness", witness, "Say who saw it."),
    ):
        if not value.strip():
            raise CopyIncomplete(sentence, name)
    held.state, held.destroyed_at, held.place = CopyState.DESTROYED.value, moment, None
    held.save(update_fields=["state", "destroyed_at", "place"])
    facts, cameras = CopyDestroyed(**copy_facts(held), method=method.strip()), cameras_of(held)
    personal = {"witness": witness.strip()}
    entry = log(log_actions.COPY_DESTROYED, held, by=by, reason=said, facts=facts, cameras=cameras, personal=personal)
    remark = f"{method.strip()}; witness {witness.strip()}"
    write_movement(held, Kind.DESTROYED, entry, by=by, reason=said, remark=remark)
    return held


@transaction.atomic
def note_register_seen(count: int, *, by: User) -> int:
    """The entry of this look at the media register; `count` is how many copies it has."""
    return log(log_actions.MEDIA_SEEN, by=by, facts=CopiesLookedAt(count)).number


@transaction.atomic
def note_form_seen(copy: Copy, *, by: User) -> int:
    """The entry of this look at a signed form: it holds a name and a signature."""
    facts = FormLookedAt(copy.exhibit.reference, copy.number, copy.form_sha512)
    return log(log_actions.FORM_SEEN, copy, by=by, facts=facts).number
