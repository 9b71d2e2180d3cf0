"""A question as JSON and back, so that it can be asked again years later. Unknown keys are refused, not dropped."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from overt.clocks.calendars import Nation
from overt.clocks.errors import ClockError
from overt.clocks.kinds import Body, Kind
from overt.clocks.pauses import Clarification
from overt.clocks.questions import Figures, Question

_DATES = ("identity", "fee_asked", "fee", "acknowledged", "escalated", "as_of", "extended_on")
_PLAIN = ("extend", "stage", "days", "months", "years")


def question_as_json(question: Question) -> dict[str, Any]:
    """Only what was said: a field at its default is left out."""
    found: dict[str, Any] = {"kind": question.kind.value, "received": question.received.isoformat()}
    for name in _DATES:
        if (day := getattr(question, name)) is not None:
            found[name] = day.isoformat()
    for name in _PLAIN:
        if value := getattr(question, name):
            found[name] = value
    found["nation"] = question.nation.value
    found["body"] = question.body.value
    found["holidays"] = [day.isoformat() for day in sorted(question.holidays)]
    found["clarifications"] = [
        [one.asked.isoformat(), one.answered.isoformat() if one.answered else None] for one in question.clarifications
    ]
    found["figures"] = asdict(question.figures)
    return found


def question_from_json(stored: dict[str, Any]) -> Question:
    """The question again. Raises ClockError for what this version does not know."""
    left = dict(stored)
    received = left.pop("received")
    values: dict[str, Any] = {
        "kind": Kind(left.pop("kind")),
        "received": datetime.fromisoformat(received) if "T" in received else date.fromisoformat(received),
        "nation": Nation(left.pop("nation")),
        "body": Body(left.pop("body")),
        "holidays": tuple(date.fromisoformat(day) for day in left.pop("holidays")),
        "clarifications": tuple(
            Clarification(date.fromisoformat(asked), date.fromisoformat(answered) if answered else None)
            for asked, answered in left.pop("clarifications")
        ),
        "figures": _figures(left.pop("figures")),
    }
    values |= {name: date.fromisoformat(left.pop(name)) for name in _DATES if name in left}
    values |= {name: left.pop(name) for name in _PLAIN if name in left}
    if left:
        raise ClockError(f"The stored question says {', '.join(sorted(left))}, which this version does not know.")
    return Question(**values)


def _figures(stored: dict[str, Any]) -> Figures:
    if unknown := stored.keys() - {field.name for field in fields(Figures)}:
        raise ClockError(f"The stored figures say {', '.join(sorted(unknown))}, which this version does not know.")
    return Figures(**stored)
