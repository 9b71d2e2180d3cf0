"""The moves of a policy version, each one transaction with its row in the history and its entry in the logbook."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from overt.access.doors import need
from overt.access.queries import givers
from overt.access.rules import Act
from overt.logbook.actions import Action
from overt.logbook.services import log
from overt.policy import log_actions
from overt.policy.files import read_text, write_text
from overt.policy.held.services import rework_clocks
from overt.policy.log_actions import VersionMoved
from overt.policy.models import PolicyMove, PolicyVersion
from overt.policy.queries import policy_in_force, policy_of, version_in_force
from overt.policy.rules import SchemePolicy, document_of, policy_from, setting_named
from overt.policy.rules.check import check, errors_of
from overt.policy.rules.compare import is_major
from overt.policy.rules.findings import Finding
from overt.policy.rules.moves import (
    ESSENTIAL,
    VersionState,
    WrongMove,
    check_approval,
    check_limits,
    check_move,
    check_start,
)
from overt.shared import reasons
from overt.shared.canonical import Json, canonical

if TYPE_CHECKING:
    from overt.accounts.models import User


@dataclass(frozen=True, slots=True)
class Remark:
    """What is written down of a move beside the states: who made it, why, and what only some moves have."""

    by: User
    note: str
    accepted: Sequence[str] = ()  # ids of errors that stay, knowingly
    copied_from: str | None = None
    effective_from: datetime | None = None


@transaction.atomic
def start_draft(source: SchemePolicy, *, by: User, reason: str) -> PolicyVersion:
    """Begin a version as a copy of another policy (a published scheme, or the one in force). Source: BASS-0.1."""
    need(by, Act.MANAGE_POLICY, everywhere=True)
    why = _why(reason, "why a new version is drafted")
    last = PolicyVersion.objects.select_for_update().order_by("number").last()
    version = PolicyVersion.objects.create(
        number=last.number + 1 if last else 1, document=document_of(source), adopted_by=by
    )
    _write_down(version, "", VersionState.DRAFT, log_actions.DRAFTED, Remark(by, why, copied_from=source.scheme))
    return version


def change_draft(version: PolicyVersion, text: str, *, by: User, reason: str) -> PolicyVersion:
    """Put another document (YAML) in a draft's place. Raises BadPolicy, WrongMove once it has left the draft."""
    return _change(version, lambda document: read_text(text), by=by, reason=reason)


@transaction.atomic
def _change(
    version: PolicyVersion,
    made: Callable[[Mapping[str, object]], SchemePolicy],
    *,
    by: User,
    reason: str,
) -> PolicyVersion:
    """Put what is made of the document, as it stands once it is locked, in its place."""
    need(by, Act.MANAGE_POLICY, everywhere=True)
    held = PolicyVersion.objects.lock(version.pk)
    if held.state != VersionState.DRAFT:
        raise WrongMove(f"{held} is {held.get_state_display()} and is not changed any more. Draft a new version.")
    why = _why(reason, "what was changed")
    held.document = document_of(made(held.document))
    held.save(update_fields=["document"])
    _write_down(held, held.state, VersionState.DRAFT, log_actions.CHANGED, Remark(by, why))
    return held


def own_copy(source: SchemePolicy, title: str) -> SchemePolicy:
    """A published code as the beginning of a scheme's own: what names that other document is left behind."""
    named = " ".join(title.split())[:200] or f"{source.title} (draft)"
    return replace(
        source, scheme="own", title=named, edition="", issued="", review_due="", source="", note="",
        based_on=source.scheme,
    )  # fmt: skip


def change_head(version: PolicyVersion, head: Mapping[str, object], *, by: User, reason: str) -> PolicyVersion:
    """Put other words on the title page. Raises BadPolicy, WrongMove."""
    return _change(version, lambda document: _read_back({**document, **head}), by=by, reason=reason)


def change_setting(
    version: PolicyVersion, name: str, term: Mapping[str, object] | None, *, by: User, reason: str
) -> PolicyVersion:
    """Put another line (None for a silence) in one setting's place. Raises BadPolicy, WrongMove."""
    known = setting_named(name).name

    def with_term(document: Mapping[str, object]) -> SchemePolicy:
        settings: Any = document.get("settings", {})
        return _read_back({**document, "settings": {**settings, known: term}})

    return _change(version, with_term, by=by, reason=reason)


def _read_back(document: Mapping[str, object]) -> SchemePolicy:
    """The policy of a changed document, held to all that a text is held to."""
    return read_text(write_text(policy_from(document)))


@transaction.atomic
def consult(version: PolicyVersion, *, by: User, note: str) -> PolicyVersion:
    """Record a consultation: who was asked and what came of it. Source: HERTS-9.1, BASS-2.1.a, PROG-6.1."""
    need(by, Act.MANAGE_POLICY, everywhere=True)
    said = _why(note, "who was consulted and what came of it")
    return _move(version, VersionState.CONSULTED, log_actions.CONSULTED, Remark(by, said))


@transaction.atomic
def reopen(version: PolicyVersion, *, by: User, reason: str) -> PolicyVersion:
    """Take a version back to draft; it is consulted on again. Source: BASS-2.1.a."""
    need(by, Act.MANAGE_POLICY, everywhere=True)
    why = _why(reason, "why it goes back to draft")
    return _move(version, VersionState.DRAFT, log_actions.REOPENED, Remark(by, why))


@transaction.atomic
def approve(version: PolicyVersion, *, by: User, reason: str, accepted: Collection[str] = ()) -> PolicyVersion:
    """Approve a version that somebody else wrote. `accepted` are the ids of errors that stay, knowingly.

    Raises WrongMove, NotYourApproval, NotConsulted, BeyondClause, OpenErrors.
    Source: HERTS-9.1, BASS-2.1.a, BASS-2.1.d, BASS-A.1.4.
    """
    need(by, Act.APPROVE_POLICY, everywhere=True)
    held = PolicyVersion.objects.lock(version.pk)
    errors = errors_of(findings(held))
    check_approval(held.state, major_changes(held), is_author(held, by), errors, accepted)
    why = _why(reason, "why it is approved")
    left = sorted({finding.id for finding in errors} & set(accepted))
    return _move(held, VersionState.APPROVED, log_actions.APPROVED, Remark(by, why, accepted=left))


@transaction.atomic
def put_in_force(
    version: PolicyVersion, *, by: User, effective_from: datetime | None = None, now: datetime | None = None
) -> PolicyVersion:
    """From this moment (now, unless given) the rooms act on it; the recorder is told at its next round.

    Raises WrongMove, BadPolicy (silent on what the recorder needs), BeyondClause, BadDay.
    Source: HERTS-0.1, HERTS-9.2.
    """
    need(by, Act.MANAGE_POLICY, everywhere=True)
    held, moment = PolicyVersion.objects.lock(version.pk), now or timezone.now()
    check_move(held.state, VersionState.IN_FORCE)
    latest = PolicyVersion.objects.filter(state=VersionState.IN_FORCE).order_by("effective_from").last()
    silent = [name for name in ESSENTIAL if policy_of(held).in_effect(name) is None]
    starts = effective_from or moment
    check_limits(findings(held))  # approved by an older version of this check, perhaps
    check_start(silent, starts, moment, latest.effective_from if latest else None)
    moved = _move(held, VersionState.IN_FORCE, log_actions.IN_FORCE, Remark(by, "", effective_from=starts))
    if starts <= moment:
        rework_clocks(by=by)  # a later one reaches the clocks by the worker's round
    return moved


@transaction.atomic
def withdraw(version: PolicyVersion, *, by: User, reason: str) -> PolicyVersion:
    """Put a version aside that was never in force. Its number and its history stay. Source: BASS-0.1."""
    need(by, Act.MANAGE_POLICY, everywhere=True)
    why = _why(reason, "why it is withdrawn")
    return _move(version, VersionState.WITHDRAWN, log_actions.WITHDRAWN, Remark(by, why))


def findings(version: PolicyVersion, day: date | None = None) -> list[Finding]:
    """What the linter finds in a version by the law of a day (today)."""
    return check(policy_of(version), day or timezone.localdate())


def major_changes(version: PolicyVersion) -> list[str]:
    """The settings that make a version a major change against the policy in force; a first version is one whole."""
    if version_in_force() is None:
        return ["a first policy"]
    return is_major(policy_in_force(), policy_of(version))


def is_author(version: PolicyVersion, user: User) -> bool:
    """Whether a person drafted or changed this version, or is somebody whom such a person alone brought about.

    Who made an account (or its last one-time link) and gave it the role as well could act as that person, too.
    """
    drafts = version.moves.filter(to_state=VersionState.DRAFT)
    authors = set(drafts.values_list("by", flat=True)) - {None}
    return user.pk in authors or (user.link_made_by_id in authors and givers(user, Act.APPROVE_POLICY) <= authors)


def digest(document: dict[str, Json]) -> str:
    """SHA-256 of the document's canonical form: what the logbook fixes of it."""
    return sha256(canonical(document)).hexdigest()


def _why(reason: str, what: str) -> str:
    """The reason on one line. Raises ReasonMissing for none: the history of the code is told in reasons."""
    words = f"Say {what}: it stays in the policy's history and in the logbook."
    return reasons.given(" ".join(reason.split()), words, longest=1000)


def _move(version: PolicyVersion, to: VersionState, action: Action[VersionMoved], remark: Remark) -> PolicyVersion:
    held = PolicyVersion.objects.lock(version.pk)
    check_move(held.state, to)
    before, held.state, held.effective_from = held.state, to.value, remark.effective_from or held.effective_from
    held.save(update_fields=["state", "effective_from"])
    _write_down(held, before, to, action, remark)
    return held


def _write_down(
    version: PolicyVersion, before: str, after: VersionState, action: Action[VersionMoved], remark: Remark
) -> None:
    """The row of the history and the entry of the logbook."""
    PolicyMove.objects.create(
        version=version,
        from_state=before,
        to_state=after.value,
        at=timezone.now(),
        by=remark.by,
        note=remark.note,
        accepted=list(remark.accepted),
    )
    facts = VersionMoved(
        version=version.number,
        sha256=digest(version.document),
        accepted=tuple(remark.accepted) or None,
        copied_from=remark.copied_from,
        effective_from=remark.effective_from,
    )
    log(action, version, by=remark.by, reason=remark.note, facts=facts)
