"""What the calculator asks for each kind of clock: the fields, their labels, and the order in which they are asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from overt.clocks.calendars import Nation
from overt.clocks.cli import read_when
from overt.clocks.errors import ClockError
from overt.clocks.kinds import BY_THE_HOUR, PROFILES, Body, Kind
from overt.clocks.questions import NONE_IN_FORCE, Figures
from overt.shared.forms import DayField

MOST_CLARIFICATIONS = 8

#: The kinds as the first step offers them.
GROUPS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("Requests about a person's own data", (Kind.SUBJECT_ACCESS, Kind.RIGHTS)),
    ("Requests for information", (Kind.FOI, Kind.EIR)),
    (
        "Complaints",
        (Kind.DP_COMPLAINT, Kind.DP_COMPLAINT_OUTCOME, Kind.SCHEME_COMPLAINT, Kind.HOUSING_COMPLAINT),
    ),
    ("Breaches", (Kind.BREACH,)),
    ("Directed surveillance", (Kind.SURVEILLANCE_WRITTEN, Kind.SURVEILLANCE_ORAL, Kind.SURVEILLANCE_PRODUCT)),
    ("What is kept", (Kind.RETENTION, Kind.EVIDENCE_MASTER)),
    (
        "What comes round again",
        (
            Kind.SIA_LICENCE, Kind.DPIA_REVIEW, Kind.CODE_REVIEW, Kind.SELF_ASSESSMENT, Kind.ANNUAL_REVIEW,
            Kind.INSPECTION_VISIT,
        ),
    ),
)  # fmt: skip

_INFORMATION = (Kind.FOI, Kind.EIR)
#: Where the nation decides: its holidays, or another Act.
_BY_NATION = frozenset(
    {
        Kind.SUBJECT_ACCESS, Kind.RIGHTS, Kind.DP_COMPLAINT, Kind.SCHEME_COMPLAINT, Kind.HOUSING_COMPLAINT, Kind.FOI,
        Kind.EIR, Kind.SURVEILLANCE_WRITTEN, Kind.SURVEILLANCE_ORAL,
    }
)  # fmt: skip


LABELS = {
    "received": "Day",
    "at": "Time of day",
    "hour": "Which of the two hours",
    "identity": "Identity evidence received",
    "fee_asked": "Fees notice given",
    "fee": "Fee paid",
    "asked": "Clarification asked",
    "answered": "Clarification answered",
    "extend": "Extension",
    "extended_on": "Notice of extension sent",
    "stage": "What is due",
    "acknowledged": "Acknowledged",
    "escalated": "Escalated to stage two",
    "body": "Authorised by",
    "days": "Days",
    "months": "Months",
    "years": "Years",
    "nation": "Nation",
    "policy": "Figures of",
    "holidays": "Further holidays",
    "as_of": "The law as it stood on",
}
#: The command's options by the field that asks for the same.
OPTIONS = {
    "received": "received", "effective": "received", "identity": "identity", "fee": "fee", "clarify": "asked",
    "extend": "extend", "extended-on": "extended_on", "body": "body", "nation": "nation", "days": "days",
    "holiday": "holidays", "stage": "stage", "acknowledged": "acknowledged", "escalated": "escalated",
    "policy": "policy", "months": "months", "years": "years", "as-of": "as_of",
}  # fmt: skip
#: Seldom given: other figures, holidays and law.
ASIDE = frozenset({"policy", "holidays", "as_of"})
_HINTS = {
    "identity": "Only where you asked for it. The time starts with it.",
    "answered": "Empty while you wait for it.",
    "extend": "The person was told of the extension, with the reasons",
    "extended_on": "If you know the day: it is checked against the last one for it.",
    "acknowledged": "Empty if it was not yet.",
    "escalated": "Empty while it is at stage one.",
    "holidays": "Days proclaimed that are not in the list of holidays, such as 2026-06-08. Several are divided by "
    "spaces. Those in the list count anyway.",
    "as_of": "Empty for the law of the day on which it began.",
    "at": "UK time, such as 09:00.",
}
_FIGURES: dict[Kind, tuple[str, str, str]] = {
    Kind.SUBJECT_ACCESS: ("The scheme's own target, in days", "subject_access_target_days", "days"),
    Kind.DP_COMPLAINT_OUTCOME: ("The scheme's own target, in days", "dp_complaint_outcome_days", "days"),
    Kind.SCHEME_COMPLAINT: ("Working days", "", "working days"),
    Kind.RETENTION: ("Days the recording is kept", "retention_days", "days"),
    Kind.EVIDENCE_MASTER: ("Years the master is kept", "evidence_master_retention_years", "years"),
    Kind.SURVEILLANCE_PRODUCT: ("Years the product is kept", "surveillance_product_retention_years", "years"),
    Kind.DPIA_REVIEW: ("Months between reviews", "dpia_review_months", "months"),
    Kind.CODE_REVIEW: ("Months between reviews", "policy_review_months", "months"),
    Kind.SELF_ASSESSMENT: ("Months between assessments", "", "months"),
    Kind.ANNUAL_REVIEW: ("Months between reviews", "annual_review_months", "months"),
}


def fields_of(kind: Kind, given: Mapping[str, str]) -> Iterator[str]:
    """The fields of a kind in their order; one more pair for a clarification than was filled in."""
    takes = PROFILES[kind].takes
    yield "received"
    if kind in BY_THE_HOUR:
        yield "at"
    if "identity" in takes:
        yield "identity"
    if "fee" in takes:
        yield from ("fee_asked", "fee") if kind in _INFORMATION else ("fee",)
    if "clarifications" in takes:
        yield from _pairs(given)
    yield from (name for name in ("stage", "acknowledged", "escalated") if name in takes)
    if "extend" in takes:
        yield from ("extend", "extended_on")
    yield from (name for name in ("body", "days", "months", "years") if name in takes)
    yield from ("nation", "policy", "holidays", "as_of")


def _pairs(given: Mapping[str, str]) -> Iterator[str]:
    last = 0
    for number in range(1, MOST_CLARIFICATIONS + 1):
        if given.get(numbered("asked", number)) or given.get(numbered("answered", number)):
            last = number
    for number in range(1, min(last + 1, MOST_CLARIFICATIONS) + 1):
        yield from (numbered("asked", number), numbered("answered", number))


def numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"


def field_of(name: str, kind: Kind) -> forms.Field:
    """One field, with its label as this kind says it. Every refusal of it names it."""
    plain, _, number = name.partition("_") if re.search(r"_\d+$", name) else (name, "", "")
    label = _label(plain, kind) + (f" ({number})" if number else "")
    hint = _HINTS.get(plain, "")
    if plain in _CHOICES:
        return _choice(plain, kind, label)
    if plain == "received":
        return _Began(label, by_the_hour=kind in BY_THE_HOUR)
    if plain == "holidays":
        return _Days(label=label, help_text=hint, required=False)
    if plain == "at":
        return forms.TimeField(
            label=label, help_text=hint, widget=forms.TimeInput(attrs={"type": "time", "class": f"{_INPUT}5"}),
            error_messages={
                "required": f"{label}: it counts hours, so give the time as well as the day.",
                "invalid": f"{label}: give a time such as 09:00.",
            },
        )  # fmt: skip
    if plain == "extend":
        return forms.BooleanField(label=hint, required=False)
    if plain in ("days", "months", "years"):
        return _number(label)
    return _date(label, hint)


_INPUT = "govuk-input govuk-input--width-"
_CHOICES = frozenset({"stage", "body", "nation", "policy", "hour"})


def _label(name: str, kind: Kind) -> str:
    if name == "received":
        begins = PROFILES[kind].begins
        return begins[0].upper() + begins[1:]
    if name in ("days", "months", "years"):
        return _FIGURES[kind][0]
    return LABELS[name]


def figure_hint(kind: Kind, figures: Figures) -> str:
    """What counts where the field stays empty."""
    _, name, unit = _FIGURES[kind]
    if kind is Kind.SCHEME_COMPLAINT:
        ack, answer = figures.complaint_ack_working_days, figures.complaint_answer_working_days
        return _stated(figures, f"{ack} to acknowledge, {answer} to answer" if ack and answer else None)
    if kind is Kind.SELF_ASSESSMENT:
        return "Empty for 12."
    value = getattr(figures, name)
    return _stated(figures, f"{value} {unit}" if value else None)


def _stated(figures: Figures, said: str | None) -> str:
    if figures.source == NONE_IN_FORCE:
        return f"Empty for {said}; no policy is in force." if said else "No policy is in force, so give it here."
    return f"Empty for {said}, as {figures.source} says." if said else f"{figures.source} is silent, so give it here."


def _choice(name: str, kind: Kind, label: str) -> forms.ChoiceField:
    housing = kind is Kind.HOUSING_COMPLAINT
    choices = {
        "stage": [("", "What comes next")] * housing + [("1", "Acknowledge it"), ("2", "Answer it")],
        "body": [(body.value, {"police": "The police", "council": "A council"}[body.value]) for body in Body],
        "nation": [(one.value, NATION_WORDS[one]) for one in Nation],
        "policy": [("", "The policy in force")],
        "hour": [("first", "The first, in summer time (BST)"), ("second", "The second, in winter time (GMT)")],
    }[name]
    radios = name in ("stage", "body", "hour")
    widget: forms.Widget = forms.RadioSelect() if radios else forms.Select(attrs={"class": "govuk-select"})
    if name == "nation" and kind not in _BY_NATION:
        widget = forms.HiddenInput()
    initial = {"stage": "" if housing else "1", "body": Body.POLICE.value}.get(name)
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=widget, initial=initial,
        error_messages={"invalid_choice": f"{label}: %(value)s cannot be. Choose one that is offered."},
    )  # fmt: skip


NATION_WORDS = {
    Nation.ENGLAND_AND_WALES: "England and Wales",
    Nation.SCOTLAND: "Scotland",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
}


def _date(label: str, hint: str) -> DayField:
    return DayField(
        label=label, help_text=hint, required=False, input_formats=_FORMATS,
        widget=_DayInput(attrs={"type": "date", "class": f"{_INPUT}10"}),
        error_messages={"invalid": f"{label}: give a day that exists, such as 2026-03-27."},
    )  # fmt: skip


_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, widget=forms.NumberInput(attrs={"class": f"{_INPUT}4", "min": 1}),
        error_messages={"invalid": f"{label}: give a whole number."},
    )  # fmt: skip


class _Began(forms.CharField):
    """A day; for a clock of days also a time with its offset, whose local day counts."""

    def __init__(self, label: str, *, by_the_hour: bool) -> None:
        attributes = {"type": "date", "class": f"{_INPUT}10"}
        super().__init__(
            label=label, max_length=40, widget=_DayInput(attrs=attributes),
            error_messages={"required": f"{label}: give the day{' and the time' if by_the_hour else ''}."},
        )  # fmt: skip

    def clean(self, value: Any) -> date | datetime:
        text = super().clean(value)
        try:
            return read_when(_iso(text))
        except ClockError as error:
            raise ValidationError(f"{self.label}: {error}") from None


class _DayInput(forms.DateInput):
    """The browser's own field for days, unless what was given is no day: then it stays to be read, and mended."""

    def __init__(self, attrs: dict[str, Any]) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        context["widget"]["type"] = context["widget"]["attrs"]["type"] = "date" if _is_day(shown or "") else "text"
        return context


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text or "2000-01-01")
    except ValueError:
        return False
    return len(text) in (0, 10)


class _Days(forms.CharField):
    """Several days, divided by spaces or commas."""

    def clean(self, value: Any) -> tuple[date, ...]:
        words = re.split(r"[\s,;]+", super().clean(value).strip())
        try:
            found = [read_when(_iso(word)) for word in words if word]
        except ClockError as error:
            raise ValidationError(f"{self.label}: {error}") from None
        if any(isinstance(one, datetime) for one in found):
            raise ValidationError(f"{self.label}: give days, without a time.")
        return tuple(found)


def _iso(text: str) -> str:
    """27/3/2026 as people write it becomes 2026-03-27."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else text
