"""Clarifications: while the answer is awaited the days do not count, the day asked and the day answered included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from overt.clocks.errors import ClockError
from overt.clocks.words import day_words, plural


@dataclass(frozen=True, slots=True, order=True)
class Clarification:
    """Asked on a day; answered on a day, or not yet."""

    asked: date
    answered: date | None = None

    def __post_init__(self) -> None:
        if self.answered is not None and self.answered < self.asked:
            raise ClockError(
                f"The clarification was answered on {day_words(self.answered)}, before it was asked on "
                f"{day_words(self.asked)}.",
                field="answered",
            )


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that does not count, both ends included; `last` is None while the answer is awaited."""

    first: date
    last: date | None

    @property
    def days(self) -> int:
        return 0 if self.last is None else (self.last - self.first).days + 1


def merge(clarifications: Iterable[Clarification]) -> tuple[list[Pause], list[str]]:
    """Pauses in order, overlapping and adjoining ones joined, with a sentence for each joining."""
    merged: list[Pause] = []
    said: list[str] = []
    # An open question sorts first on its day, so that it swallows whatever else was asked on that day.
    for one in sorted(clarifications, key=lambda c: (c.asked, c.answered or date.min)):
        before = merged[-1] if merged else None
        if before is not None and (before.last is None or one.asked <= before.last + timedelta(days=1)):
            last = None if before.last is None or one.answered is None else max(before.last, one.answered)
            merged[-1] = Pause(before.first, last)
            if before.last is None or one.asked <= before.last:
                said.append(f"the clarification asked {day_words(one.asked)} overlaps the one before: they are merged")
        else:
            merged.append(Pause(one.asked, one.answered))
    return merged, said


def inside(pauses: Iterable[Pause], start: date) -> tuple[list[Pause], list[str]]:
    """The pauses from a clock's start on; what lies before it never ran, and is said."""
    kept: list[Pause] = []
    said: list[str] = []
    for pause in pauses:
        if pause.last is not None and pause.last < start:
            said.append(
                f"the clarification asked {day_words(pause.first)} was answered {day_words(pause.last)}, before the "
                "clock started: it pauses nothing"
            )
        elif pause.first < start:
            kept.append(Pause(start, pause.last))
            said.append(
                f"of the clarification asked {day_words(pause.first)} only the days from the start of the clock on "
                "pause it"
            )
        else:
            kept.append(pause)
    return kept, said


def in_time(pauses: Iterable[Pause], end: date, *, where: str = "") -> tuple[list[Pause], date, list[str]]:
    """The pauses asked before time ran out, the end moved by them, and a sentence for each; `where` the rule stands.

    Each pause moves the end, and a later one counts only if it was asked by the end as it then stood. An open one
    leaves the end where the earlier ones put it; the caller sees `last is None`.
    """
    kept: list[Pause] = []
    said: list[str] = []
    cited = f" ({where})" if where else ""
    for pause in pauses:
        if pause.first > end:
            said.append(f"the clarification asked on {day_words(pause.first)} came after the time had run out")
            continue
        kept.append(pause)
        if pause.last is None:
            said.append(
                f"clarification asked {day_words(pause.first)}, not yet answered: the clock stands still{cited}"
            )
            break
        end += timedelta(days=pause.days)
        said.append(
            f"clarification asked {day_words(pause.first)}, answered {day_words(pause.last)}: "
            f"{_those(pause.days)} not count{cited}"
        )
    return kept, end, said


def _those(days: int) -> str:
    return "that day does" if days == 1 else f"{plural(days, 'day')}, the first and the last included, do"
