"""An engineer's look at recordings: under a named supervisor's eye, for a purpose, on some cameras, and soon over.

It ends at its time, when the supervisor ends it, when he signs out or loses his role, or when the policy no longer
has it: whichever comes first. What was given before (a signed address) dies with its time, at the latest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from overt.access.doors import need
from overt.access.models import Grant
from overt.access.queries import grants_in_force, may
from overt.access.rules import Act, Role
from overt.accounts.models import User as Person
from overt.estate.models import Camera
from overt.estate.queries import NoSuchCamera, access_camera
from overt.logbook.services import log
from overt.policy.queries import policy_in_force
from overt.shared.errors import BadInput, NotThere, Refused
from overt.watch import log_actions
from overt.watch.log_actions import SupervisionEnd
from overt.watch.models import SupervisedPlayback
from overt.watch.rules import LONGEST_SUPERVISED, MOST_CAMERAS

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from overt.accounts.models import User

END_WORDS = {
    SupervisionEnd.REPLACED: "another leave took its place",
    SupervisionEnd.BY_SUPERVISOR: "ended by a supervisor",
    SupervisionEnd.SUPERVISOR_GONE: "the supervisor signed out",
    SupervisionEnd.TIME: "its time was over",
    SupervisionEnd.VOID: "it no longer counted",
}


class PlaybackForbidden(Refused):
    """The scheme's policy lets no engineer look at recordings."""

    code = "engineer-playback-forbidden"


class BadLeave(BadInput):
    """A part of the leave is missing or cannot be."""

    code = "bad-leave"

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class NoSuchLeave(NotThere):
    """There is no such leave, or it is not this person's to know of."""

    code = "no-such-leave"


def check_policy() -> str:
    """What the policy says of engineers. Raises PlaybackForbidden, or PolicySilent where it says nothing.

    Source: BASS-5.6.5 (a rule that is not there allows nothing).
    """
    rule = str(policy_in_force().require("engineer_playback"))
    if rule == "never":
        raise PlaybackForbidden("This scheme's policy lets no engineer look at recordings.")
    return rule


@transaction.atomic
def allow(
    supervisor: User, engineer: User, numbers: Sequence[str], *, purpose: str, fault: str, minutes: int
) -> SupervisedPlayback:
    """Let an engineer look at these cameras' recordings from now on, for some minutes, under one's own eye.

    Raises NotYours, PlaybackForbidden, PolicySilent, NoSuchCamera or BadLeave.
    Source: BASS-6.7.3 (a supervised, timed grant with reason), SEVEN-PIA.5.a (per visit, names the fault).
    """
    need(supervisor, Act.SUPERVISE_PLAYBACK)
    rule = check_policy()
    _check_terms(supervisor, engineer, purpose, fault, minutes, rule)
    cameras = [access_camera(supervisor, number, to=Act.SUPERVISE_PLAYBACK) for number in dict.fromkeys(numbers)]
    if not 1 <= len(cameras) <= MOST_CAMERAS:
        raise BadLeave(f"Choose one to {MOST_CAMERAS} cameras.", "cameras")
    for camera in cameras:
        if not Camera.objects.visible_to(engineer).filter(pk=camera.pk).exists():
            raise BadLeave(f"Camera {camera.number} is not one that this engineer works on.", "cameras")
    now = timezone.now()
    for old in _locked().filter(engineer=engineer):
        _end(old, now, SupervisionEnd.REPLACED, by=supervisor)
    leave = SupervisedPlayback.objects.create(
        engineer=engineer,
        supervisor=supervisor,
        purpose=purpose.strip(),
        fault=fault.strip(),
        starts_at=now,
        ends_at=now + timedelta(minutes=minutes),
    )
    leave.cameras.set(cameras)
    facts = log_actions.SupervisedAllowed(tuple(camera.number for camera in cameras), minutes, leave.fault)
    personal = {"engineer": engineer.full_name}
    log(
        log_actions.SUPERVISED_ALLOWED, leave, by=supervisor, reason=leave.purpose, facts=facts, cameras=cameras,
        personal=personal,
    )  # fmt: skip
    return leave


def leave_of(engineer: User, now: datetime | None = None) -> SupervisedPlayback | None:
    """The leave under which this person may look at recordings now; None for whoever has a role to do so."""
    if may(engineer, Act.REVIEW):
        return None
    moment = now or timezone.now()
    rows = _open_rows().filter(engineer=engineer, starts_at__lte=moment, ends_at__gt=moment)
    return next((leave for leave in rows.select_related("supervisor") if counts(leave, moment)), None)


def counts(leave: SupervisedPlayback, now: datetime) -> bool:
    """Whether a leave lets anybody look now: in its time, its supervisor there, the policy still for it."""
    if leave.ended_at is not None or not leave.starts_at <= now < leave.ends_at:
        return False
    if policy_in_force().in_effect("engineer_playback") in {None, "never"}:
        return False
    return _eye_is_there(leave.supervisor, leave.starts_at, now) and _is_engineer(leave.engineer, now)


def camera_to_review(user: User, number: str, leave: SupervisedPlayback | None) -> Camera:
    """A camera whose recordings this person may look at, by his role or by his leave. Raises NoSuchCamera."""
    if leave is None:
        return access_camera(user, number, to=Act.REVIEW)
    found = leave.cameras.filter(number__iexact=number).select_related("partner", "town").first()
    supervisor = leave.supervisor
    if (
        found is None
        or not Camera.objects.visible_to(supervisor, to=Act.SUPERVISE_PLAYBACK).filter(pk=found.pk).exists()
    ):
        raise NoSuchCamera(number, Camera.objects.filter(number__iexact=number).first())
    return found


@transaction.atomic
def end(leave: SupervisedPlayback, *, by: User) -> None:
    """End it now. Whoever may supervise there may; one that is over already is no error."""
    need(by, Act.SUPERVISE_PLAYBACK)
    for row in _locked().filter(pk=leave.pk):
        _end(row, min(timezone.now(), row.ends_at), SupervisionEnd.BY_SUPERVISOR, by=by)


@transaction.atomic
def end_of_supervisor(supervisor: User) -> None:
    """The supervisor signs out, so nobody's eye is there any more."""
    for row in _locked().filter(supervisor=supervisor):
        _end(row, min(timezone.now(), row.ends_at), SupervisionEnd.SUPERVISOR_GONE, by=None)


@transaction.atomic
def end_those_over(now: datetime) -> int:
    """Write down the end of those whose time has come, or that no longer count. Returns how many."""
    done = 0
    for row in _locked():
        if row.ends_at <= now:
            _end(row, row.ends_at, SupervisionEnd.TIME, by=None)
        elif not counts(row, now):
            _end(row, now, SupervisionEnd.VOID, by=None)
        else:
            continue
        done += 1
    return done


def leaves_for(user: User) -> QuerySet[SupervisedPlayback]:
    """Those over cameras that this person supervises, and his own; newest first."""
    rows = SupervisedPlayback.objects.select_related("engineer", "supervisor").prefetch_related("cameras")
    mine = Camera.objects.visible_to(user, to=Act.SUPERVISE_PLAYBACK)
    return rows.filter(cameras__in=mine).distinct() if may(user, Act.SUPERVISE_PLAYBACK) else rows.none()


def access_leave(user: User, key: UUID) -> SupervisedPlayback:
    """Raises NoSuchLeave, whichever the reason."""
    found = leaves_for(user).filter(pk=key).first()
    if found is None:
        raise NoSuchLeave("There is no such leave, or it is not yours to know of.")
    return found


def engineers() -> QuerySet[Person]:
    """Who may be let: those with the role of an engineer in force."""
    now = timezone.now()
    held = Grant.objects.filter(role=Role.ENGINEER.value, withdrawn_at=None, starts_at__lte=now)
    held = held.exclude(ends_at__lte=now)
    return Person.objects.filter(is_active=True, pk__in=held.values("user")).order_by("full_name")


def _check_terms(supervisor: User, engineer: User, purpose: str, fault: str, minutes: int, rule: str) -> None:
    if supervisor.pk == engineer.pk:
        raise BadLeave("Nobody supervises himself.", "engineer")
    if not _is_engineer(engineer, timezone.now()):
        raise BadLeave(f"{engineer.full_name} holds no role of an engineer.", "engineer")
    if not purpose.strip():
        raise BadLeave("Say what the engineer needs to see, and what for.", "purpose")
    if rule == "per_visit" and not fault.strip():
        raise BadLeave("This scheme's policy wants the fault named that the visit is for.", "fault")
    if not timedelta(0) < timedelta(minutes=minutes) <= LONGEST_SUPERVISED:
        raise BadLeave("Choose how long, up to two hours.", "minutes")


def _open_rows() -> QuerySet[SupervisedPlayback]:
    rows = SupervisedPlayback.objects.filter(ended_at=None).order_by("starts_at")
    return rows.select_related("engineer", "supervisor")


def _locked() -> QuerySet[SupervisedPlayback]:
    return _open_rows().select_for_update(of=("self",))


def _eye_is_there(supervisor: User, since: datetime, now: datetime) -> bool:
    signed_out = supervisor.sessions_valid_from is not None and supervisor.sessions_valid_from > since
    return not signed_out and may(supervisor, Act.SUPERVISE_PLAYBACK, now=now)


def _is_engineer(person: User, now: datetime) -> bool:
    return any(grant.role == Role.ENGINEER.value for grant in grants_in_force(person, now))


def _end(leave: SupervisedPlayback, moment: datetime, because: SupervisionEnd, *, by: User | None) -> None:
    from overt.watch.reviews import close_those_under  # which needs this module to know whether one goes on

    leave.ended_at, leave.ended_because = moment, END_WORDS[because]
    leave.save(update_fields=["ended_at", "ended_because"])
    close_those_under(leave, moment)
    seconds = max(0, round((moment - leave.starts_at).total_seconds()))
    facts = log_actions.SupervisedEnded(because, seconds, leave.reviews.count())
    personal = {"engineer": leave.engineer.full_name, "supervisor": leave.supervisor.full_name}
    log(log_actions.SUPERVISED_ENDED, leave, by=by, facts=facts, personal=personal)
