"""Who may look at recordings under whose eye, and whether that still counts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from overt.access.models import Grant
from overt.access.queries import grants_in_force, may
from overt.access.rules import Act, Role
from overt.accounts.models import User as Person
from overt.estate.models import Camera
from overt.estate.queries import NoSuchCamera, access_camera
from overt.policy.queries import policy_in_force
from overt.watch.errors import NoSuchSupervision, PlaybackForbidden
from overt.watch.models import SupervisedPlayback

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from overt.accounts.models import User


def check_policy() -> str:
    """What the policy says of engineers. Raises PlaybackForbidden, or PolicySilent where it says nothing.

    Source: BASS-5.6.5 (a rule that is not there allows nothing).
    """
    rule = str(policy_in_force().require("engineer_playback"))
    if rule == "never":
        raise PlaybackForbidden("This scheme's policy lets no engineer look at recordings.")
    return rule


def supervision_of(engineer: User, now: datetime | None = None) -> SupervisedPlayback | None:
    """The supervision under which this person may look at recordings now; None for whoever has a role to do so."""
    if may(engineer, Act.REVIEW):
        return None
    moment = now or timezone.now()
    rows = not_ended().filter(engineer=engineer, starts_at__lte=moment, ends_at__gt=moment)
    return next(
        (supervision for supervision in rows.select_related("supervisor") if still_counts(supervision, moment)), None
    )


def still_counts(supervision: SupervisedPlayback, now: datetime) -> bool:
    """Whether a supervision lets anybody look now: in its time, its supervisor there, the policy still for it."""
    if supervision.ended_at is not None or not supervision.starts_at <= now < supervision.ends_at:
        return False
    if policy_in_force().in_effect("engineer_playback") in {None, "never"}:
        return False
    return _supervisor_is_there(supervision.supervisor, supervision.starts_at, now) and is_engineer(
        supervision.engineer, now
    )


def camera_to_review(user: User, number: str, supervision: SupervisedPlayback | None) -> Camera:
    """A camera whose recordings this person may look at, by his role or by his supervision. Raises NoSuchCamera."""
    if supervision is None:
        return access_camera(user, number, to=Act.REVIEW)
    found = supervision.cameras.filter(number__iexact=number).select_related("partner", "town").first()
    supervisor = supervision.supervisor
    if (
        found is None
        or not Camera.objects.visible_to(supervisor, to=Act.SUPERVISE_PLAYBACK).filter(pk=found.pk).exists()
    ):
        raise NoSuchCamera(number, Camera.objects.filter(number__iexact=number).first())
    return found


def supervisions_for(user: User) -> QuerySet[SupervisedPlayback]:
    """Those over cameras that this person supervises, and his own; newest first."""
    rows = SupervisedPlayback.objects.select_related("engineer", "supervisor").prefetch_related("cameras")
    mine = Camera.objects.visible_to(user, to=Act.SUPERVISE_PLAYBACK)
    return rows.filter(cameras__in=mine).distinct() if may(user, Act.SUPERVISE_PLAYBACK) else rows.none()


def access_supervision(user: User, key: UUID) -> SupervisedPlayback:
    """Raises NoSuchSupervision, whichever the reason."""
    found = supervisions_for(user).filter(pk=key).first()
    if found is None:
        raise NoSuchSupervision("There is no such supervision, or it is not yours to know of.")
    return found


def engineers() -> QuerySet[Person]:
    """Who may be let: those with the role of an engineer in force."""
    now = timezone.now()
    held = Grant.objects.filter(role=Role.ENGINEER.value, withdrawn_at=None, starts_at__lte=now)
    held = held.exclude(ends_at__lte=now)
    return Person.objects.filter(is_active=True, pk__in=held.values("user")).order_by("full_name")


def not_ended() -> QuerySet[SupervisedPlayback]:
    """Those whose end is not written down yet, whether or not they still count."""
    rows = SupervisedPlayback.objects.filter(ended_at=None).order_by("starts_at")
    return rows.select_related("engineer", "supervisor")


def _supervisor_is_there(supervisor: User, since: datetime, now: datetime) -> bool:
    signed_out = supervisor.sessions_valid_from is not None and supervisor.sessions_valid_from > since
    return not signed_out and may(supervisor, Act.SUPERVISE_PLAYBACK, now=now)


def is_engineer(person: User, now: datetime) -> bool:
    """Whether this person holds the role of an engineer at a moment."""
    return any(grant.role == Role.ENGINEER.value for grant in grants_in_force(person, now))
