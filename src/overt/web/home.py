"""What the first page says: the next things to do by role, and the state of the system in a few sentences."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from footage.contract import CameraCondition, NodeHealth
from footage.times import utc_datetime
from overt.access.rules import Act
from overt.estate.models import Camera
from overt.logbook.log_actions import CHECKED
from overt.logbook.models import Entry
from overt.policy.notices import lines_for
from overt.rooms import Notice
from overt.shared.moments import short_text
from overt.shared.sizes import size_words
from overt.watch.integrity import last_whole_round, round_under_way
from overt.watch.models import PlaybackReview
from overt.watch.notices import notices_for
from overt.watch.queries import node_health
from overt.watch.reviews import current_review

if TYPE_CHECKING:
    from overt.accounts.models import User


@dataclass(frozen=True, slots=True)
class Task:
    """A thing this person may want to do next; `state` is said beside it, in the tone of its tag."""

    words: str
    href: str
    detail: str = ""
    state: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the system's state."""

    key: str
    value: str
    tone: str = ""
    tag: str = ""


#: What each act leads to, in the order of a working day.
_WAYS: tuple[tuple[Act, Task], ...] = (
    (Act.VIEW_LIVE, Task("Watch the cameras", "/watch/", "The live wall of the cameras you may see")),
    (Act.REVIEW, Task("Look at recordings", "/review/", "Opens with your reason; every look is in the logbook")),
    (Act.SEE_EXHIBIT, Task("Exhibits and holds", "/exhibits/", "What was sealed, what is held and until when")),
    (Act.READ_LOGBOOK, Task("Read the logbook", "/logbook/", "Who did what, when and why, numbered and provable")),
    (Act.MANAGE_CAMERA, Task("Cameras", "/cameras/", "Add, check, change and retire them")),
    (Act.CHECK_CAMERA, Task("Check a camera", "/cameras/", "Whether it connects, its picture and its clock")),
    (
        Act.SEE_SYSTEM,
        Task("Retention", "/retention/", "What was deleted and what is kept, day by day, and what is at risk"),
    ),
    (Act.MANAGE_PEOPLE, Task("People and what they may do", "/people/", "Accounts, roles and their dates")),
    (
        Act.ANSWER_BREACH,
        Task("Breaches", "/logbook/breaches/", "What the system found and people reported"),
    ),
    (Act.SEE_CAMERA, Task("Report a breach", "/logbook/breaches/report/", "Of the code, or of the safety of data")),
    (Act.READ_POLICY, Task("Policy and deadlines", "/policy/", "What the code fixes; a deadline with its working")),
    (Act.SEE_CAMERA, Task("Where the cameras are", "/cameras/", "The cameras of the scheme that you may know of")),
)


def tasks_for(user: User, acts: Collection[str]) -> list[Task]:
    """The open review first, then other rooms' notices, then the ways this person's acts lead to, each once."""
    tasks = [*_first_camera(acts), *_open_review(user), *_policy(user), *_notices(user)]
    seen: set[str] = set()
    for act, task in _WAYS:
        if act.value in acts and task.href not in seen:
            seen.add(task.href)
            tasks.append(task)
    return tasks


def standing(user: User, now: datetime) -> list[Fact]:
    """How the system stands, for those who may see it: the recorder, this person's cameras, the disk."""
    health = node_health()
    if health is None or not health.alive:
        return [Fact("Recorder", "It does not answer; nothing is being recorded", "late", "Act now")]
    mine = set(Camera.objects.visible_to(user).in_use().values_list("pk", flat=True))
    return [
        Fact("Recorder", "Running"),
        _cameras(health, mine),
        _disk(health),
        *_alarms(health),
        _logbook(),
        _footage(),
    ]


def _first_camera(acts: Collection[str]) -> list[Task]:
    """A new installation begins here."""
    if Act.MANAGE_CAMERA.value not in acts or Camera.objects.exists():
        return []
    return [
        Task("Add the first camera", "/cameras/add/", "Its partner and town come first; then it is tried and recorded")
    ]


def _open_review(user: User) -> list[Task]:
    review: PlaybackReview | None = current_review(user)
    if review is None:
        return []
    detail = f"Open since {short_text(review.opened_at)}" + (f", for “{review.reason}”" if review.reason else "")
    return [Task("Go back to your review", "/review/", detail, "Open", "held")]


def _policy(user: User) -> list[Task]:
    return [Task(line.words, line.href, line.detail, line.state, line.tone) for line in lines_for(user)]


def _notices(user: User) -> list[Task]:
    return [_from_notice(notice) for notice in notices_for(user, timezone.now()) if notice.href]


def _from_notice(notice: Notice) -> Task:
    tone = {"now": "late", "soon": "wait"}.get(notice.tone, "")
    due = f"due {short_text(notice.due)}" if notice.due else ""
    detail = ", ".join(words for words in (notice.detail, due) if words)
    return Task(notice.title, notice.href, detail, notice.heading if tone else "", tone)


def _cameras(health: NodeHealth, mine: Collection[object]) -> Fact:
    cameras = [camera for camera in health.cameras if camera.camera_id in mine]
    lost = [camera for camera in cameras if camera.condition is not CameraCondition.RECORDING]
    if not lost:
        return Fact("Cameras", f"All {len(cameras)} are recording" if cameras else "None is recorded yet")
    since = min(utc_datetime(camera.since_90k) for camera in lost)
    words = f"{len(lost)} of {len(cameras)} not recording; the longest since {short_text(since)}"
    return Fact("Cameras", words, "late", "Fault")


def _disk(health: NodeHealth) -> Fact:
    days = health.disk_days_left
    forecast = "" if days is None else f"; room for {days:.0f} more days at today's rate"
    return Fact(
        "Disk", f"{size_words(health.store_free_bytes)} free of {size_words(health.store_total_bytes)}{forecast}"
    )


def _logbook() -> Fact:
    """How the logbook's last check from end to end went."""
    last = Entry.objects.filter(action=CHECKED).order_by("-number").first()
    if last is None:
        return Fact("Logbook", "Not checked yet; the worker does so once a day")
    when = short_text(last.recorded_at)
    if last.facts.get("sound"):
        return Fact("Logbook", f"Checked from end to end {when}: sound")
    return Fact("Logbook", f"Checked from end to end {when}: damaged", "late", "Act now")


def _footage() -> Fact:
    """How far everything stored has been held against its hashes."""
    going, last = round_under_way(), last_whole_round()
    words = [f"{going.percent} % of this round read since {short_text(going.started_at)}"] if going else []
    if last is not None and last.finished_at is not None:
        found = f"{last.damaged} damaged" if last.damaged else "all as recorded"
        words.append(f"last whole round {short_text(last.finished_at)}: {found}")
    damaged = bool(going and going.damaged) or bool(last and last.damaged)
    text = _sentence("; ".join(words)) or "Not read yet; the worker does so by itself"
    return Fact("Recordings", text, *(("late", "Damage") if damaged else ()))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _alarms(health: NodeHealth) -> list[Fact]:
    return [Fact("Alarm", words, "late", "Act now") for words in health.alarms]
