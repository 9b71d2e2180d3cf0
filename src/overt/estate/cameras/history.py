"""What happened to a camera, from the logbook, for those who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from overt.access.rules import Act
from overt.estate.models import Camera
from overt.logbook.models import Entry
from overt.logbook.telling import line_of, words_for

if TYPE_CHECKING:
    from overt.accounts.models import User

_AT_MOST = 30
#: What was done to the camera; who watched it when is read in the logbook itself.
_OF_THE_ROOM = "estate.camera."


@dataclass(frozen=True, slots=True)
class HistoryLine:
    number: int
    at: datetime
    words: str
    who: str
    reason: str
    more: str


def history_of(user: User, camera: Camera) -> Sequence[HistoryLine]:
    """The newest of what was done to a camera; none for those who may not read the logbook there."""
    if not Camera.objects.visible_to(user, to=Act.READ_LOGBOOK).filter(pk=camera.pk).exists():
        return ()
    rows = Entry.objects.filter(camera=str(camera.pk), action__startswith=_OF_THE_ROOM).order_by("-number")
    return [_history_line(entry) for entry in rows.prefetch_related("personal")[:_AT_MOST]]


def _history_line(entry: Entry) -> HistoryLine:
    said = {one.field: one.value or "" for one in entry.personal.all()}
    who, reason = said.get("actor_name", ""), said.get("reason", "")
    return HistoryLine(entry.number, entry.recorded_at, words_for(entry.action), who, reason, line_of(entry))
