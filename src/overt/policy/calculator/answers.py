"""An answer of a clock as the pages read it, whether it was worked out just now or is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from overt.clocks.kinds import PROFILES, Kind
from overt.clocks.words import LOCAL, away_words, day_words, moment_words, sentence

_READINGS = (
    ("guidance", "By the regulator's guidance"),
    ("literal", "Read literally"),
    ("internal", "The scheme's own target"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the rule. `acted_on` marks the one that counts."""

    name: str
    words: str
    acted_on: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What a page shows of one answer; every date in words."""

    what: str
    act: str
    acting: str  # empty while there is no date
    away: str
    late: bool
    readings: list[Reading]
    differ: bool
    sentences: list[str]
    notice_by: str
    opens: str
    source: str
    since: str
    until: str
    calendar: str
    verified: bool
    read: str
    rule_version: str

    @property
    def own(self) -> bool:
        """Whether the length is the scheme's own figure, and no statute's."""
        return self.rule_version == "code"


def view_of(answer: Mapping[str, object], now: datetime) -> AnswerView:
    """The view of an answer as `Answer.as_json` wrote it."""
    kind = Kind(str(answer["kind"]))
    readings = answer["readings"]
    assert isinstance(readings, Mapping)
    acting = moment_of(answer["acting"])
    known = [(name, title, found) for name, title in _READINGS if (found := moment_of(readings.get(name))) is not None]
    force = answer["rule_in_force"]
    said = answer["derivation"]
    assert isinstance(force, Mapping)
    assert isinstance(said, list)
    return AnswerView(
        what=what_of(kind),
        act=str(answer.get("act") or PROFILES[kind].act),
        acting=words_of(acting),
        away=away_words(acting, now) if acting else "",
        late=_is_past(acting, now),
        readings=[Reading(title, words_of(found), found == acting) for _, title, found in known],
        differ=len({found for _, _, found in known}) > 1,
        sentences=[sentence(str(one)) for one in said],
        notice_by=words_of(moment_of(answer["extension_notice_by"])),
        opens=words_of(moment_of(answer.get("opens"))),
        source=str(answer["source"]),
        since=words_of(moment_of(force["from"])),
        until=words_of(moment_of(force["until"])),
        calendar=str(answer["calendar"]),
        verified=bool(answer["verified"]),
        read=str(answer.get("read") or ""),
        rule_version=str(answer["rule_version"]),
    )


def what_of(kind: Kind) -> str:
    """What a clock is called, with a capital."""
    name = PROFILES[kind].name
    return name[0].upper() + name[1:]


def moment_of(stored: object) -> date | datetime | None:
    """A reading as it was stored: a day, a moment, or none."""
    if not isinstance(stored, str):
        return None
    return datetime.fromisoformat(stored) if "T" in stored else date.fromisoformat(stored)


def words_of(reading: date | datetime | None) -> str:
    if reading is None:
        return ""
    return moment_words(reading) if isinstance(reading, datetime) else day_words(reading)


def _is_past(acting: date | datetime | None, now: datetime) -> bool:
    if isinstance(acting, datetime):
        return acting < now
    return acting is not None and acting < now.astimezone(LOCAL).date()
