"""The clock calculator's form: the same questions as `overt clock`, asked on a page."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from django import forms

from overt.clocks import cli
from overt.clocks.calendars import Nation
from overt.clocks.kinds import PROFILES, Body, Kind
from overt.clocks.questions import Question
from overt.policy.clock_figures import figures_from
from overt.policy.rules import SchemePolicy


def kind_words(value: str) -> str:
    """What a clock is called, with a capital."""
    name = PROFILES[Kind(value)].name
    return name[0].upper() + name[1:]


def _date(label: str, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input govuk-input--width-10"}),
        error_messages={"invalid": "Give a day that exists, such as 27/3/2026."},
    )


class ClockForm(forms.Form):
    """Days are local. A clock of hours needs the time with its offset, for an hour of autumn comes twice."""

    kind = forms.ChoiceField(label="What runs", choices=[(kind.value, kind_words(kind.value)) for kind in Kind])
    received = forms.CharField(
        label="Received, known or in effect",
        help_text="A day, 2026-11-20, or a time with its offset, 2026-11-20T09:00+00:00.",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input govuk-input--width-20"}),
        error_messages={"required": "Give the day or the time at which it began."},
    )
    identity = _date("Identity evidence received", "It starts the time again.")
    asked = _date("Clarification asked")
    answered = _date("Clarification answered", "Empty while you wait for it.")
    extend = forms.BooleanField(label="The extension that the rule allows was notified", required=False)
    stage = forms.ChoiceField(
        label="Complaint's stage",
        required=False,
        choices=[("", "Not a complaint"), ("1", "Acknowledge"), ("2", "Answer")],
    )
    acknowledged = _date("Acknowledged", "For a tenant's complaint.")
    escalated = _date("Escalated to stage two", "For a tenant's complaint.")
    body = forms.ChoiceField(
        label="Who authorises the surveillance",
        required=False,
        choices=[("", "No surveillance"), *((body.value, f"The {body.value}") for body in Body)],
    )
    nation = forms.ChoiceField(
        label="Nation", choices=[(n.value, n.value.replace("-", " ").title().replace("And", "and")) for n in Nation]
    )

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if said.get("answered") and not said.get("asked"):
            self.add_error("asked", "Say when the clarification was asked.")
        return said

    def question(self, policy: SchemePolicy) -> Question:
        """The question of a valid form, with the scheme's own figures. Raises ClockError."""
        parser = argparse.ArgumentParser(add_help=False)
        cli.add_arguments(parser.add_subparsers())
        question = cli.question_from(parser.parse_args(["clock", *_words(self.cleaned_data)]))
        return replace(question, figures=figures_from(policy))


def _words(said: Mapping[str, object]) -> Iterator[str]:
    yield str(said["kind"])
    for name in ("received", "identity", "stage", "acknowledged", "escalated", "body", "nation"):
        value = said.get(name)
        if value:
            yield f"--{name}={value.isoformat() if isinstance(value, date) else value}"
    if isinstance(said.get("asked"), date):
        answered = said.get("answered")
        yield f"--clarify={said['asked']}..{answered if isinstance(answered, date) else ''}"
    if said.get("extend"):
        yield "--extend"
