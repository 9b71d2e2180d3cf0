"""An engineer's look at recordings: under a named supervisor's eye, for a purpose, on some cameras, and soon over.

It ends at its time, when the supervisor ends it, when he signs out or loses his role, or when the policy no longer
has it: whichever comes first. What was given before (a signed address) dies with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.models import User as Person
from overt.estate.models import Camera
from overt.estate.queries import access_camera
from overt.logbook.services import log
from overt.watch import log_actions
from overt.watch.errors import BadSupervision
from overt.watch.log_actions import SupervisionEnd
from overt.watch.models import SupervisedPlayback
from overt.watch.reviews.services import close_reviews_under
from overt.watch.rules import LONGEST_SUPERVISED, MOST_CAMERAS
from overt.watch.supervised.queries import check_policy, is_engineer, not_ended, still_counts

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from overt.accounts.models import User

END_WORDS = {
    SupervisionEnd.REPLACED: "another one took its place",
    SupervisionEnd.BY_SUPERVISOR: "ended by a supervisor",
    SupervisionEnd.SUPERVISOR_GONE: "the supervisor signed out",
    SupervisionEnd.TIME: "its time was over",
    SupervisionEnd.VOID: "it no longer counted",
}


@transaction.atomic
def allow(
    supervisor: User, engineer: User, numbers: Sequence[str], *, purpose: str, fault: str, minutes: int
) -> SupervisedPlayback:
    """Let an engineer look at these cameras' recordings from now on, for some minutes, under one's own eye.

    Raises NotYours, PlaybackForbidden, PolicySilent, NoSuchCamera or BadSupervision.
    Source: BASS-6.7.3 (a supervised, timed grant with reason), SEVEN-PIA.5.a (per visit, names the fault).
    """
    need(supervisor, Act.SUPERVISE_PLAYBACK)
    rule = check_policy()
    _check_terms(supervisor, engineer, purpose, fault, minutes, rule)
    cameras = [access_camera(supervisor, number, to=Act.SUPERVISE_PLAYBACK) for number in dict.fromkeys(numbers)]
    if not 1 <= len(cameras) <= MOST_CAMERAS:
        raise BadSupervision(f"Choose one to {MOST_CAMERAS} cameras.", "cameras")
    for camera in cameras:
        if not Camera.objects.visible_to(engineer).filter(pk=camera.pk).exists():
            raise BadSupervision(f"Camera {camera.number} is not one that this engineer works on.", "cameras")
    now = timezone.now()
    for old in _locked().filter(engineer=engineer):
        _end(old, now, SupervisionEnd.REPLACED, by=supervisor)
    supervision = SupervisedPlayback.objects.create(
        engineer=engineer,
        supervisor=supervisor,
        purpose=purpose.strip(),
        fault=fault.strip(),
        starts_at=now,
        ends_at=now + timedelta(minutes=minutes),
    )
    supervision.cameras.set(cameras)
    facts = log_actions.SupervisedAllowed(tuple(camera.number for camera in cameras), minutes, supervision.fault)
    personal = {"engineer": engineer.full_name}
    log(
        log_actions.SUPERVISED_ALLOWED,
        supervision,
        by=supervisor,
        reason=supervision.purpose,
        facts=facts,
        cameras=cameras,
        personal=personal,
    )
    return supervision


@transaction.atomic
def end(supervision: SupervisedPlayback, *, by: User) -> None:
    """End it now. Whoever may supervise there may; one that is over already is no error."""
    need(by, Act.SUPERVISE_PLAYBACK)
    for row in _locked().filter(pk=supervision.pk):
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
        elif not still_counts(row, now):
            _end(row, now, SupervisionEnd.VOID, by=None)
        else:
            continue
        done += 1
    return done


def _check_terms(supervisor: User, engineer: User, purpose: str, fault: str, minutes: int, rule: str) -> None:
    if supervisor.pk == engineer.pk:
        raise BadSupervision("Nobody supervises himself.", "engineer")
    if not is_engineer(engineer, timezone.now()):
        raise BadSupervision(f"{engineer.full_name} holds no role of an engineer.", "engineer")
    if not purpose.strip():
        raise BadSupervision("Say what the engineer needs to see, and what for.", "purpose")
    if rule == "per_visit" and not fault.strip():
        raise BadSupervision("This scheme's policy wants the fault named that the visit is for.", "fault")
    if not timedelta(0) < timedelta(minutes=minutes) <= LONGEST_SUPERVISED:
        raise BadSupervision("Choose how long, up to two hours.", "minutes")


def _locked() -> QuerySet[SupervisedPlayback]:
    return not_ended().select_for_update(of=("self",))


def _end(supervision: SupervisedPlayback, moment: datetime, because: SupervisionEnd, *, by: User | None) -> None:
    supervision.ended_at, supervision.ended_because = moment, END_WORDS[because]
    supervision.save(update_fields=["ended_at", "ended_because"])
    close_reviews_under(supervision, moment)
    seconds = max(0, round((moment - supervision.starts_at).total_seconds()))
    facts = log_actions.SupervisedEnded(because, seconds, supervision.reviews.count())
    personal = {"engineer": supervision.engineer.full_name, "supervisor": supervision.supervisor.full_name}
    log(log_actions.SUPERVISED_ENDED, supervision, by=by, facts=facts, personal=personal)


def end_with_sign_out(sender: Any, request: Any, user: Any, **more: Any) -> None:
    """A supervisor who signs out watches nobody any more."""
    if isinstance(user, Person):
        end_of_supervisor(user)
