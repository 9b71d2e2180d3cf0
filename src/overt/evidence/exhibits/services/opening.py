"""Opens an exhibit: its reference, its clips, the holds that keep them, and the job that seals it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from footage.contract import Gap
from footage.times import utc_90k, utc_datetime
from overt.access.rules import Act
from overt.estate.models import Camera
from overt.estate.queries import access_camera
from overt.evidence import log_actions, tasks
from overt.evidence.errors import BadSpan, NoSuchHold, ReferenceUsed
from overt.evidence.exhibits import rules
from overt.evidence.exhibits.rules import ExhibitState
from overt.evidence.holds.rules import Grounds, check_grounds, check_span, grounds_offered, hold_expires
from overt.evidence.holds.services import check_footage, give_hold, place_hold
from overt.evidence.log_facts import ClipHeld, Sealing
from overt.evidence.models import Exhibit, ExhibitClip, Hold, Still
from overt.evidence.stills.services import give_stills, stills_for_sealing
from overt.logbook.services import log
from overt.policy.queries import policy_in_force
from overt.policy.reasons import for_act

if TYPE_CHECKING:
    from overt.accounts.models import User

MOST_CLIPS = 50


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """A span somebody wants in an exhibit; `hold_id` names the hold that marking it placed."""

    camera: UUID | str
    start_90k: int
    end_90k: int
    hold_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Opening:
    """An exhibit about to be opened, all of it checked: `clips` with their cameras, held until `expires`."""

    user: User | None
    reference: str
    reason: str
    clips: Sequence[tuple[Camera, ClipRequest]]
    grounds: Grounds
    stills: Sequence[Still]
    now: datetime
    expires: datetime


def open_exhibit(
    user: User | None,
    reference: str,
    reason: str,
    clips: Sequence[ClipRequest],
    *,
    case: str = "",
    requester: str = "",
    stills: Sequence[int] = (),
    now: datetime | None = None,
    start_job: bool = True,
) -> tuple[Exhibit, list[Gap]]:
    """Open an exhibit and begin its sealing. Returns it and what is missing of its spans (gaps are allowed, and told).

    Raises BadReference, ReferenceUsed, ReasonMissing, BadSpan, SpanInFuture, NothingRecorded, NoSuchCamera, NoSuchHold.
    `user` is None for the command line of the machine itself. To seal is to say why footage is kept: its holds get the
    first ground of the scheme's code, `case` (the exhibit's reference where none is given) and `requester` (the person
    who seals). Source: HERTS-24.4, BASS-1.6.3.a, BASS-1.6.2.
    """
    moment, policy = now or timezone.now(), policy_in_force()
    clean = rules.clean_reference(reference)
    rules.check_shape(clean, settings.EXHIBIT_REFERENCE)
    said = for_act(Act.SEAL_EXHIBIT, reason)
    if not 1 <= len(clips) <= MOST_CLIPS:
        raise BadSpan(f"An exhibit has from 1 to {MOST_CLIPS} clips.")
    asked = [(_camera(user, clip), clip) for clip in clips]
    missing: list[Gap] = []
    for camera, clip in asked:
        check_span(clip.start_90k, clip.end_90k, utc_90k(moment))
        missing += check_footage(camera, clip.start_90k, clip.end_90k)
    pictures = stills_for_sealing(stills, [(camera.pk, clip.start_90k, clip.end_90k) for camera, clip in asked])
    expires = hold_expires(moment, policy.marking_hold_days)
    offered = grounds_offered(policy.codes("hold_grounds"))
    asked_by = requester.strip() or (user.full_name if user else "the server")
    wanted = Grounds(offered[0], case.strip() or clean, asked_by, timezone.localdate(expires))
    grounds = check_grounds(wanted, offered, timezone.localdate(moment))
    opening = _Opening(user, clean, said, asked, grounds, pictures, moment, expires)
    return _open(opening, start_job=start_job), missing


def _camera(user: User | None, clip: ClipRequest) -> Camera:
    if user is not None:
        return access_camera(user, clip.camera, to=Act.SEAL_EXHIBIT)
    from overt.estate.queries import NoSuchCamera

    found = Camera.objects.select_related("partner", "town").filter(number__iexact=str(clip.camera)).first()
    if found is None:
        raise NoSuchCamera(clip.camera, None)
    return found


@transaction.atomic
def _open(opening: _Opening, *, start_job: bool) -> Exhibit:
    exhibit = _new_exhibit(opening)
    held: list[ClipHeld] = []
    for position, (camera, clip) in enumerate(opening.clips, start=1):
        hold = _marked(camera, clip, exhibit, opening) or _hold(camera, clip, exhibit, opening)
        ExhibitClip.objects.create(
            exhibit=exhibit,
            position=position,
            camera=camera,
            start_90k=clip.start_90k,
            end_90k=clip.end_90k,
            hold=hold,
        )
        held.append(_clip_facts(camera, clip, hold))
    give_stills(opening.stills, exhibit)
    if start_job:
        _start_job(exhibit)
    facts, cameras = Sealing(opening.reference, tuple(held)), [camera for camera, _ in opening.clips]
    log(log_actions.EXHIBIT_OPENED, exhibit, by=opening.user, reason=opening.reason, facts=facts, cameras=cameras)
    return exhibit


def _new_exhibit(opening: _Opening) -> Exhibit:
    try:
        with transaction.atomic():
            return Exhibit.objects.create(
                reference=opening.reference,
                state=ExhibitState.SEALING.value,
                reason=opening.reason,
                case_reference=opening.grounds.case_reference,
                requester=opening.grounds.requester,
                operator=opening.user,
                opened_at=opening.now,
                progress_since=opening.now,
            )
    except IntegrityError:
        free = rules.following(opening.reference, _used_like(opening.reference))
        offer = f"{free} is free." if free else "Give the next number."
        raise ReferenceUsed(f"There is an exhibit {opening.reference} already. {offer}") from None


def next_reference(user: User) -> str:
    """The reference after this person's last one; empty for a first one."""
    last = Exhibit.objects.filter(operator=user).order_by("-opened_at").values_list("reference", flat=True).first()
    return rules.following(last, _used_like(last)) if last else ""


def _used_like(reference: str) -> set[str]:
    beginning = reference.rstrip("0123456789")
    return set(Exhibit.objects.filter(reference__startswith=beginning).values_list("reference", flat=True))


def _hold(camera: Camera, clip: ClipRequest, exhibit: Exhibit, opening: _Opening) -> Hold:
    """A hold of the exhibit's own."""
    wanted = Hold(camera=camera, start_90k=clip.start_90k, end_90k=clip.end_90k, exhibit=exhibit)
    wanted.reason, wanted.placed_by = opening.reason, opening.user
    wanted.placed_at, wanted.expires_at = opening.now, opening.expires
    return place_hold(wanted, opening.grounds)


def _marked(camera: Camera, clip: ClipRequest, exhibit: Exhibit, opening: _Opening) -> Hold | None:
    """The hold that marking placed becomes the exhibit's, where it covers the clip. Raises NoSuchHold."""
    if clip.hold_id is None:
        return None
    hold = Hold.objects.filter(pk=clip.hold_id, camera=camera, released_at=None).first()
    if hold is None:
        raise NoSuchHold(f"There is no hold {clip.hold_id} on camera {camera.number}.")
    if hold.expires_at is not None and hold.expires_at <= opening.now:
        return None  # over: the exhibit gets one of its own
    if not (hold.start_90k <= clip.start_90k and clip.end_90k <= hold.end_90k):
        return None
    return hold if hold.exhibit_id else give_hold(hold, exhibit, opening.grounds, opening.expires, opening.now)


def _clip_facts(camera: Camera, clip: ClipRequest, hold: Hold) -> ClipHeld:
    return ClipHeld(camera.pk, camera.number, utc_datetime(clip.start_90k), utc_datetime(clip.end_90k), hold.pk)


def _start_job(exhibit: Exhibit) -> None:
    tasks.seal.enqueue(str(exhibit.pk))  # the job's row commits with the act, or not at all


@transaction.atomic
def retry(exhibit: Exhibit, *, by: User | None, now: datetime | None = None, start_job: bool = True) -> Exhibit:
    """Begin the sealing of a failed exhibit again. Raises WrongMove for one that did not fail."""
    held = Exhibit.objects.lock(exhibit.pk)
    if held.state != ExhibitState.FAILED:
        rules.check_move(held.state, ExhibitState.FAILED)  # says which state it is in
    rules.check_move(held.state, ExhibitState.SEALING)
    held.state, held.failure, held.failure_code = ExhibitState.SEALING.value, "", ""
    held.progress_done, held.progress_since, held.sealed_at = 0, now or timezone.now(), None
    held.save(update_fields=["state", "failure", "failure_code", "progress_done", "progress_since", "sealed_at"])
    if start_job:
        _start_job(held)
    log(log_actions.EXHIBIT_RETRIED, held, by=by, facts=Sealing(held.reference, ()))
    return held
