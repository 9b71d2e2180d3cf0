"""The clock calculator's form: for each kind only what matters to it, and everything that `overt clock` takes.

Asked by query, so that an answer has an address. A time may be given as the command takes it, with its offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from overt.clocks.calendars import Nation
from overt.clocks.cli import read_when
from overt.clocks.errors import ClockError
from overt.clocks.kinds import BY_THE_HOUR, Body, Kind
from overt.clocks.pauses import Clarification
from overt.clocks.questions import Figures, Question
from overt.clocks.words import LOCAL, day_words
from overt.policy.calculator.answers import what_of
from overt.policy.calculator.fields import (
    ASIDE,
    GROUPS,
    LABELS,
    MOST_CLARIFICATIONS,
    OPTIONS,
    field_of,
    fields_of,
    figure_hint,
    numbered,
)
from overt.policy.clock_figures import figures_from
from overt.policy.schemes import NAMES, every_shipped, shipped
from overt.shared.local_times import moments_of, skipped_words

#: In the query, but not asked of the clock: which kind, and which kept clock is worked out again.
NOT_ASKED = frozenset({"kind", "clock"})
_OFFSET = re.compile(r"T.+")
#: How the command's messages name its options, and its own hints, which a page leaves out.
_OPTION = re.compile(r"--([a-z-]+)( [A-Z]+(\.\.[A-Z]*)?)?")
_HINT = re.compile(r" \((surveillance-written )?--[^)]*\)")


def kinds_in_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every kind with its name, as the first step offers them."""
    return [(title, [(kind.value, what_of(kind)) for kind in kinds]) for title, kinds in GROUPS]


class KindForm(forms.Form):
    """The first step. Its errors are about the kind alone."""

    kind = forms.CharField(max_length=40, error_messages={"required": "Choose what runs."})

    def clean_kind(self) -> Kind:
        try:
            return Kind(self.cleaned_data["kind"])
        except ValueError:
            raise forms.ValidationError(
                f"There is no clock called {self.cleaned_data['kind']}. Choose one of these."
            ) from None


class ClockForm(forms.Form):
    """Days are local. A clock of hours takes the time of day too; the hour of autumn that comes twice is asked for."""

    def __init__(
        self, kind: Kind, data: Mapping[str, str] | None, *, figures: Figures, in_force: str, nation: str
    ) -> None:
        said = _taken_apart(kind, dict(data.items())) if data is not None else None
        if said is not None:
            said.setdefault("nation", nation)
        super().__init__(said, initial={"nation": nation, "policy": ""})
        self.kind, self.figures = kind, figures
        self.given: Mapping[str, str] = said or {}
        for name in fields_of(kind, self.given):
            self.fields[name] = field_of(name, kind)
            if kind in BY_THE_HOUR and name == "at" and _comes_twice(self.given):
                self.fields["hour"] = field_of("hour", kind)
        if said is not None:
            for name in ("stage", "body"):
                if name in self.fields:
                    said.setdefault(name, str(self.fields[name].initial))
        choices = [("", in_force), *((one.scheme, one.title) for one in every_shipped())]
        self.fields["policy"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        for name in ("days", "months", "years"):
            if name in self.fields:
                self.fields[name].help_text = figure_hint(kind, figures)

    @property
    def main(self) -> list[forms.BoundField]:
        """What is asked for this kind, in its order."""
        return [self[name] for name in self.fields if name not in ASIDE]

    @property
    def aside(self) -> list[forms.BoundField]:
        """What is seldom given: other figures, holidays and law."""
        return [self[name] for name in self.fields if name in ASIDE]

    @property
    def by_the_hour(self) -> bool:
        return self.kind in BY_THE_HOUR

    @property
    def aside_used(self) -> bool:
        return any(self.given.get(name) for name in ASIDE) or any(name in self.errors for name in ASIDE)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name, value in self.given.items():
            if value and name not in self.fields and name not in NOT_ASKED:
                self.add_error(None, _not_taken(self.kind, name))
        for number in range(1, MOST_CLARIFICATIONS + 1):
            asked, answered = _pair(number)
            if said.get(answered) and not said.get(asked) and asked in self.fields and asked not in self.errors:
                self.add_error(asked, f"{self.fields[asked].label}: say when it was asked.")
            if said.get(answered) and said[answered] > timezone.localdate():
                self.add_error(
                    answered, f"{self.fields[answered].label}: that day is to come. Leave it empty till then."
                )
        return said

    def question(self) -> Question:
        """The question of a valid form, with the figures of the policy chosen. Raises ClockError."""
        said = self.cleaned_data
        names = ("identity", "fee_asked", "fee", "acknowledged", "escalated", "as_of", "extended_on")
        given: dict[str, Any] = {name: said.get(name) for name in (*names, "days", "months", "years")}
        return Question(
            kind=self.kind,
            received=self._received(),
            clarifications=tuple(_clarifications(said)),
            extend=bool(said.get("extend")),
            nation=Nation(said["nation"]),
            holidays=tuple(said.get("holidays") or ()),
            stage=int(said["stage"]) if said.get("stage") else None,
            body=Body(said["body"]) if said.get("body") else Body.POLICE,
            figures=figures_from(shipped(said["policy"])) if said.get("policy") in NAMES else self.figures,
            **given,
        )

    def _received(self) -> date | datetime:
        value, clock = self.cleaned_data["received"], self.cleaned_data.get("at")
        if isinstance(value, datetime) or not isinstance(clock, time):
            return value
        return _local_moment(value, clock, self.cleaned_data.get("hour", ""))

    def tell(self, error: ClockError | Exception) -> None:
        """A refusal of the rules, beside the field it is about, in the words of this page."""
        name = str(getattr(error, "field", ""))
        says = _OPTION.sub(self._label, _HINT.sub("", str(error)))
        if name not in self.fields:
            self.add_error(None, says)
            return
        label = LABELS["extend"] if name == "extend" else str(self.fields[name].label)
        self.add_error(name, says if label in says else f"{label}: {says}")

    def _label(self, match: re.Match[str]) -> str:
        name = OPTIONS.get(match[1], "")
        return f"“{self.fields[name].label}”" if name in self.fields else match[0]


def _taken_apart(kind: Kind, said: dict[str, str]) -> dict[str, str]:
    """A time as the command takes it becomes its local day and time of day, for a clock of hours."""
    received = said.get("received", "")
    if kind not in BY_THE_HOUR or not _OFFSET.search(received):
        return said
    try:
        moment = read_when(received)
    except ClockError:
        return said
    if not isinstance(moment, datetime):
        return said
    local = moment.astimezone(LOCAL)
    second = {"hour": "second"} if local.fold else {"hour": "first"} if _twice(local.date(), local.time()) else {}
    return said | {"received": local.date().isoformat(), "at": f"{local:%H:%M:%S}"} | second


def _comes_twice(said: Mapping[str, str]) -> bool:
    try:
        return _twice(date.fromisoformat(said.get("received", "")), time.fromisoformat(said.get("at", "")))
    except ValueError:
        return False


def _twice(day: date, clock: time) -> bool:
    return len(moments_of(datetime.combine(day, clock), LOCAL)) > 1


def _local_moment(day: date, clock: time, hour: str) -> datetime:
    """Raises ClockError for an hour that comes twice and is not chosen, and for one that never was."""
    local = datetime.combine(day, clock)
    found = moments_of(local, LOCAL)
    if not found:
        raise ClockError(skipped_words(local, LOCAL), field="at")
    if len(found) > 1 and hour not in ("first", "second"):
        raise ClockError(f"{clock:%H:%M} came twice on {day_words(day)}: say which.", field="hour")
    return found[-1 if hour == "second" else 0].astimezone(LOCAL)


def _pair(number: int) -> tuple[str, str]:
    return numbered("asked", number), numbered("answered", number)


def _clarifications(said: Mapping[str, Any]) -> Iterator[Clarification]:
    for number in range(1, MOST_CLARIFICATIONS + 1):
        asked, answered = _pair(number)
        if said.get(asked):
            yield Clarification(said[asked], said.get(answered))


def _not_taken(kind: Kind, name: str) -> str:
    label = LABELS.get(re.sub(r"_\d+$", "", name), name)
    return f"{label}: it says nothing to a clock of the kind “{what_of(kind)}”. Leave it out."


def query_of(question: Question) -> dict[str, str]:
    """The words of the page's address that ask a question again (a kept clock's, to change what is known)."""
    found = {"kind": question.kind.value, "received": question.received.isoformat(), "nation": question.nation.value}
    for name in ("identity", "fee_asked", "fee", "acknowledged", "escalated", "as_of", "extended_on"):
        if (day := getattr(question, name)) is not None:
            found[name] = day.isoformat()
    for name in ("stage", "days", "months", "years"):
        if (number := getattr(question, name)) is not None:
            found[name] = str(number)
    for number, one in enumerate(question.clarifications, 1):
        asked, answered = _pair(number)
        found[asked] = one.asked.isoformat()
        if one.answered:
            found[answered] = one.answered.isoformat()
    if question.extend:
        found["extend"] = "on"
    if question.body is not Body.POLICE:
        found["body"] = question.body.value
    if question.holidays:
        found["holidays"] = " ".join(day.isoformat() for day in question.holidays)
    return found
