"""Stills: made on authority, numbered, kept in a cabinet, handed to police or destroyed. Each act is one entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from footage.contract import CameraId, FootageError
from footage.times import utc_90k, utc_datetime, utc_shown
from overt.access.queries import grants_in_force
from overt.access.rules import Act, roles_with
from overt.estate.models import Camera
from overt.estate.node import node
from overt.estate.queries import access_camera
from overt.evidence import log_actions, papers
from overt.evidence.errors import CopyIncomplete, NoPicture, NoSuchStill, WrongMove
from overt.evidence.holds.rules import check_span
from overt.evidence.holds.services import check_footage
from overt.evidence.log_facts import StillAct, StillDestroyed, StillHandedOver, StillMade, StillsLookedAt
from overt.evidence.models import Exhibit, Still, StoragePlace
from overt.evidence.stills import rules
from overt.evidence.stills.rules import StillState
from overt.logbook.services import log
from overt.policy.queries import policy_in_force
from overt.policy.rules.ranks import not_below
from overt.shared import reasons
from overt.shared.engine import captioned

if TYPE_CHECKING:
    from overt.accounts.models import User


@dataclass(frozen=True, slots=True)
class StillRequest:
    """Which picture of which sequence is wanted, why, for whom, on whose authority, and where its print will lie."""

    camera: str  # its number
    at_90k: int
    start_90k: int
    end_90k: int
    necessity: str
    case_reference: str
    requester: str
    authoriser: User
    place: StoragePlace


@dataclass(frozen=True, slots=True)
class PoliceHandover:
    """Which officer receives a still, and on whose written authority."""

    officer: str
    officer_number: str
    authority_officer: str
    authority_rank: str
    authority: bytes  # the paper, scanned or photographed


def take_still(user: User, wanted: StillRequest, *, now: datetime | None = None) -> Still:
    """Take one picture out of a recording, with what it shows written beneath it.

    Everything is asked before the picture is decoded. Raises NoSuchCamera, BadSpan, CopyIncomplete,
    NothingRecorded or NoPicture. Source: HERTS-25.1, HERTS-24.2, BASS-9.5.a, BASS-9.5.d.
    """
    moment = now or timezone.now()
    found = access_camera(user, wanted.camera, to=Act.SEAL_EXHIBIT)
    necessity, case, requester = rules.check_making(wanted.necessity, wanted.case_reference, wanted.requester)
    if not authorisers([found]).filter(pk=wanted.authoriser.pk).exists():
        raise CopyIncomplete("Choose who authorised it: a supervisor or manager of this camera.", "authoriser")
    check_span(wanted.start_90k, wanted.end_90k, utc_90k(moment))
    rules.check_sequence(wanted.at_90k, wanted.start_90k, wanted.end_90k)
    check_footage(found, wanted.start_90k, wanted.end_90k)
    try:
        picture = node().still(CameraId(found.pk), wanted.at_90k)
    except FootageError as error:
        raise NoPicture(str(error)) from None
    # The picture shown at a moment began a little before it, and may have done so before the in point.
    still = Still(
        camera=found,
        at_90k=picture.at_90k,
        start_90k=min(wanted.start_90k, picture.at_90k),
        end_90k=wanted.end_90k,
        necessity=necessity,
        case_reference=case,
        requester=requester,
        authoriser=wanted.authoriser,
        place=wanted.place,
        made_by=user,
        made_at=moment,
    )
    return _keep(still, picture.jpeg)


def authorisers(cameras: Iterable[Camera]) -> QuerySet[User]:
    """Who may authorise a still of one of these cameras: those who may hand its evidence out."""
    from overt.accounts.models import User

    reach = [(camera.partner_id, {group.pk for group in camera.groups.all()}) for camera in cameras]
    fit = roles_with(Act.EXPORT_BAG)
    people = [
        person.pk
        for person in User.objects.filter(is_active=True)
        if any(
            grant.role in fit and grant.partner_id in {None, partner} and grant.group_id in {None, *groups}
            for grant in grants_in_force(person)
            for partner, groups in reach
        )
    ]
    return User.objects.filter(pk__in=people).order_by("full_name")


@transaction.atomic
def _keep(still: Still, jpeg: bytes) -> Still:
    """Give a new still its number, keep its picture with what it shows beneath, and write it down."""
    still.number = _next_number()
    lines = caption(still.number, still.camera, still.at_90k, still.start_90k, still.end_90k)
    still.file_name, still.sha512 = papers.keep(f"still-{still.number}", captioned(jpeg, lines))
    still.save(force_insert=True)
    place = still.place.name if still.place else ""
    personal = {"requester": still.requester, "authoriser": still.authoriser.full_name}
    facts = StillMade(**_still_facts(still), case=still.case_reference, sha512=still.sha512, place=place)
    log(log_actions.STILL_MADE, still, by=still.made_by, reason=still.necessity, facts=facts, personal=personal)
    return still


def _next_number() -> int:
    if connection.vendor == "postgresql":  # on SQLite every transaction of ours waits for the writer before it
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE evidence_still IN SHARE ROW EXCLUSIVE MODE")
    return int(Still.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def caption(number: int, camera: Camera, at_90k: int, start_90k: int, end_90k: int) -> list[str]:
    """What stands beneath the picture."""
    at, start, end = (timezone.localtime(utc_shown(count)) for count in (at_90k, start_90k, end_90k))
    words = f"{camera.number} {camera.name}, {camera.town}"
    return list(rules.caption_lines(number, policy_in_force().scheme_name, words, at, start, end))


@transaction.atomic
def hand_to_police(still: Still, to: PoliceHandover, *, by: User, now: datetime | None = None) -> Still:
    """Give a still to the police, on the written authority of an officer whose rank is high enough.

    Raises PolicySilent where the scheme's code does not say, WrongMove where it lets no still out, CopyIncomplete
    or BadPaper. Source: HERTS-25.2, BASS-9.5.b, BASS-9.5.c.
    """
    held, policy = Still.objects.lock(still.pk), policy_in_force()
    rules.check_move(held.state, StillState.HANDED_TO_POLICE)
    if policy.require("stills_may_leave_control_room") is not True:
        raise WrongMove("In this scheme stills stay inside the control room. Seal the recording as an exhibit instead.")
    needed = str(policy.require("stills_authority_rank"))
    for field, value, words in (
        ("officer", to.officer, "Say which officer receives it."),
        ("officer_number", to.officer_number, "Give the officer's collar number."),
        ("authority_officer", to.authority_officer, "Say whose written authority this is."),
    ):
        if not value.strip():
            raise CopyIncomplete(words, field)
    if not not_below(to.authority_rank, needed, body="police", setting="stills_authority_rank", ladders=policy.ladders):
        words = needed.replace("_", " ")
        raise CopyIncomplete(f"The authority has to be of an officer not below {words}.", "authority_rank")
    if not to.authority:
        raise CopyIncomplete("Add the written authority: a scan or a photograph of it.", "authority")
    held.authority_name, held.authority_sha512 = papers.keep(f"still-{held.number}-authority", to.authority)
    held.state, held.handed_over_at, held.place = StillState.HANDED_TO_POLICE.value, now or timezone.now(), None
    held.officer, held.officer_number = to.officer.strip(), to.officer_number.strip()
    held.authority_officer, held.authority_rank = to.authority_officer.strip(), to.authority_rank
    held.save()
    facts = StillHandedOver(
        **_still_facts(held), authority_rank=held.authority_rank, authority_sha512=held.authority_sha512
    )
    personal = {"officer": f"{held.officer}, {held.officer_number}", "authority": held.authority_officer}
    log(log_actions.STILL_HANDED_OVER, held, by=by, reason=held.necessity, facts=facts, personal=personal)
    return held


@transaction.atomic
def destroy_still(
    still: Still, *, by: User, reason: str, authoriser: str, authorised_on: date | None, now: datetime | None = None
) -> Still:
    """Write down that a still was destroyed, and erase our picture of it.

    Raises WrongMove, ReasonMissing or CopyIncomplete. Source: BASS-9.5.c (the authoriser's name and date).
    """
    held, moment = Still.objects.lock(still.pk), now or timezone.now()
    rules.check_move(held.state, StillState.DESTROYED)
    said = reasons.given(reason)
    rules.check_destruction(authoriser, authorised_on, timezone.localdate(moment))
    held.state, held.destroyed_at, held.place = StillState.DESTROYED.value, moment, None
    held.destruction_authoriser, held.destruction_authorised_on = authoriser.strip(), authorised_on
    held.save()
    facts = StillDestroyed(**_still_facts(held), authorised_on=authorised_on)
    personal = {"authoriser": held.destruction_authoriser}
    log(log_actions.STILL_DESTROYED, held, by=by, reason=said, facts=facts, personal=personal)
    name = held.file_name
    transaction.on_commit(lambda: papers.erase(name))
    return held


def stills_for_sealing(numbers: Sequence[int], clips: Sequence[tuple[UUID, int, int]]) -> list[Still]:
    """Stills that go into an exhibit of these clips (camera, start, end), in order of their numbers.

    Each is of one of the clips, lies in its cabinet and is in no other exhibit. Raises NoSuchStill, WrongMove, or
    PolicySilent: a bag may leave, so a still goes into one only where the scheme's code lets stills leave.
    """
    if not numbers:
        return []
    if policy_in_force().require("stills_may_leave_control_room") is not True:
        raise WrongMove("In this scheme stills stay inside the control room. Seal the recording without them.")
    found = list(Still.objects.filter(number__in=numbers).order_by("number"))
    for number in numbers:
        still = next((one for one in found if one.number == number), None)
        if still is None or not any(c == still.camera_id and s <= still.at_90k < e for c, s, e in clips):
            raise NoSuchStill("There is no such still of these clips.")
        if still.state != StillState.IN_CABINET or still.exhibit_id:
            where = "in an exhibit already" if still.exhibit_id else still.state.replace("_", " ")
            raise WrongMove(f"Still {number} is {where}.")
    return found


def give_stills(stills: Sequence[Still], exhibit: Exhibit) -> None:
    """Make stills the exhibit's. Called inside the transaction that opens it."""
    for still in stills:
        taken = Still.objects.filter(pk=still.pk, exhibit=None).update(exhibit=exhibit)
        if not taken:
            raise WrongMove(f"Still {still.number} went into another exhibit meanwhile.")


@transaction.atomic
def note_still_seen(still: Still, *, by: User) -> bytes:
    """The picture, and the entry that somebody looked at it. Raises WrongMove where it is gone or was changed."""
    kept = papers.read(still.file_name, still.sha512)
    if kept is None:
        raise WrongMove(f"The picture of still {still.number} is gone, or is not the one that was kept.")
    log(log_actions.STILL_SEEN, still, by=by, facts=StillAct(**_still_facts(still)))
    return kept[0]


def _still_facts(still: Still) -> dict[str, Any]:
    """Which still an act was on, by the names of StillAct."""
    return {
        "camera": still.camera.number,
        "start": utc_datetime(still.start_90k),
        "end": utc_datetime(still.end_90k),
        "at": utc_datetime(still.at_90k),
        "still": still.number,
    }


@transaction.atomic
def note_stills_seen(count: int, *, by: User) -> int:
    """The entry of this look at the register of stills; `count` is how many it showed."""
    return log(log_actions.STILLS_SEEN, by=by, facts=StillsLookedAt(count)).number
