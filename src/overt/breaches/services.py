"""Breaches: raised by the system or reported by a person, told at once to who must answer, and answered in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from overt.access.doors import need
from overt.access.rules import Act
from overt.breaches.errors import BadBreach
from overt.breaches.log_actions import (
    BREACH_ADDED,
    BREACH_ANSWERED,
    BREACH_RAISED,
    BREACH_REPORTED,
    BreachAdded,
    BreachAnswered,
    BreachCause,
    BreachRaised,
    BreachReported,
)
from overt.breaches.models import CodeBreach
from overt.logbook.recording import log
from overt.people.services import suspend

if TYPE_CHECKING:
    from overt.accounts.models import User

#: Findings kept with a breach; the command that found them shows them all.
KEPT_AT_MOST = 50
KINDS = {
    BreachCause.NOT_AS_WRITTEN: CodeBreach.Kind.LOGBOOK,
    BreachCause.NOT_SIGNED: CodeBreach.Kind.LOGBOOK,
    BreachCause.NOT_AS_RECORDED: CodeBreach.Kind.FOOTAGE,
}


def fingerprint_of(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()


@transaction.atomic
def raise_breach(
    cause: BreachCause, words: str, findings: Sequence[str], *, fingerprint: str, now: datetime
) -> CodeBreach | None:
    """Tell of what the system found; None where the very same was told before.

    `words` and `findings` stay with the breach and hold nothing personal; the entry has the cause.
    Source: BASS-6.2.3.c.8, BASS-9.1.c.
    """
    if CodeBreach.objects.filter(fingerprint=fingerprint).exists():
        return None
    kind = KINDS[cause]
    made = CodeBreach.objects.create(
        kind=kind,
        detected_at=now,
        reported_at=now,
        words=words,
        findings=list(findings[:KEPT_AT_MOST]),
        fingerprint=fingerprint,
    )
    log(BREACH_RAISED, made, by=None, facts=BreachRaised(kind.value, cause, len(findings)))
    return made


@transaction.atomic
def add_to_open(kind: CodeBreach.Kind, findings: Sequence[str]) -> CodeBreach | None:
    """Add to the open breach of a kind, so that one broken disk is one breach; None where none is open."""
    found = CodeBreach.objects.select_for_update(of=("self",)).filter(kind=kind, answered_at=None).first()
    if found is None:
        return None
    found.findings = [*found.findings, *findings][:KEPT_AT_MOST]
    found.save(update_fields=["findings"])
    log(BREACH_ADDED, found, by=None, facts=BreachAdded(kind.value, len(findings)))
    return found


@transaction.atomic
def report_breach(by: User, words: str, detected_at: datetime) -> CodeBreach:
    """What a person noticed, with the time it was noticed. Raises BadBreach.

    Source: BASS-6.2.3.a (raised by any role; the manager is told at once; the delay is on record).
    """
    need(by, Act.SEE_CAMERA)
    said, now = words.strip(), timezone.now()
    if not said:
        raise BadBreach("Say what happened.")
    if detected_at > now:
        raise BadBreach("It cannot have been noticed later than now.")
    kind = CodeBreach.Kind.REPORTED
    made = CodeBreach.objects.create(kind=kind, detected_at=detected_at, reported_at=now, reported_by=by, words=said)
    delay = round(made.delay.total_seconds())
    log(BREACH_REPORTED, made, by=by, facts=BreachReported(detected_at, delay), personal={"text": said})
    return made


@transaction.atomic
def answer_breach(breach: CodeBreach, *, by: User, words: str, outcome: str = "", reference: str = "") -> None:
    """Acknowledge a breach with what was done, once. One that a person reported has an outcome too.

    Raises NotYours, BadBreach. Source: BASS-6.2.3.c.8, BASS-6.3.c.
    """
    need(by, Act.ANSWER_BREACH)
    found = CodeBreach.objects.lock(breach.pk)
    if not words.strip():
        raise BadBreach("Say what was found out and what is done about it.")
    if found.answered_at is not None:
        raise BadBreach("Somebody has answered it already.")
    if found.kind == CodeBreach.Kind.REPORTED and outcome not in CodeBreach.Outcome.values:
        raise BadBreach("Say what came of it: no action, advice, disciplinary or legal proceedings.")
    if outcome in {CodeBreach.Outcome.DISCIPLINARY, CodeBreach.Outcome.LEGAL} and not reference.strip():
        raise BadBreach("Give the reference of the proceedings.")
    found.answered_at, found.answered_by, found.answer = timezone.now(), by, words.strip()
    found.outcome, found.outcome_reference = outcome, reference.strip()
    found.save(update_fields=["answered_at", "answered_by", "answer", "outcome", "outcome_reference"])
    facts = BreachAnswered(found.kind, outcome, found.outcome_reference)
    log(BREACH_ANSWERED, found, by=by, facts=facts, personal={"text": found.answer})


@transaction.atomic
def suspend_for(breach: CodeBreach, person: User, *, by: User) -> None:
    """Close a person's account from the case, in one step. Raises NotYours, NotYourPerson, BadBreach.

    Source: BASS-6.3.c.
    """
    need(by, Act.ANSWER_BREACH)
    if breach.kind != CodeBreach.Kind.REPORTED:
        raise BadBreach("The system found this breach: there is nobody to suspend for it.")
    breach.about = person
    breach.save(update_fields=["about"])
    suspend(person, by=by, reason=f"Breach {breach.pk}", breach=breach.pk)
