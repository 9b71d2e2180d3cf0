"""A holiday that the kept list does not know yet."""

from __future__ import annotations

from django import forms

from overt.clocks.calendars import Nation
from overt.policy.calculator.fields import NATION_WORDS
from overt.shared.forms import DayField


class HolidayForm(forms.Form):
    """A holiday that the kept list does not know yet."""

    day = DayField(
        label="Day",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "govuk-input govuk-input--width-10"}),
        error_messages={
            "required": "Day: give the day of the holiday.", "invalid": "Day: give a day that exists.",
        },
    )  # fmt: skip
    nation = forms.ChoiceField(
        label="Where",
        choices=[(nation.value, NATION_WORDS[nation]) for nation in Nation],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Where: choose the nation.",
            "invalid_choice": "Where: choose one that is offered.",
        },
    )
    name = forms.CharField(
        label="What it is for",
        help_text="Its name, or the occasion.",
        max_length=120,
        error_messages={"required": "What it is for: give its name, or the occasion."},
    )
    source = forms.CharField(
        label="Where it was proclaimed",
        help_text="The notice in which it was read, such as London Gazette of 9 November 2022.",
        max_length=300,
        error_messages={"required": "Where it was proclaimed: name the notice."},
    )
