"""What people fill in: the filter of the logbook, and the reason for an erasure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from overt.inspection.search import EntryFilter
from overt.logbook.actions import declared
from overt.shared.forms import DayField, PlainForm


def _day(label: str) -> DayField:
    return DayField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input"}),
        error_messages={"invalid": f"{label}: give a day, such as 27/3/2026."},
    )


def _text(characters: int) -> forms.TextInput:
    return forms.TextInput(attrs={"class": f"govuk-input govuk-input--width-{characters}"})


class FilterForm(forms.Form):
    """Days are the scheme's; both are included."""

    first = _day("From")
    last = _day("To")
    person = forms.CharField(label="Person", required=False, max_length=200, widget=_text(10))
    action = forms.ChoiceField(
        label="What happened", required=False, widget=forms.Select(attrs={"class": "govuk-select"})
    )
    camera = forms.CharField(label="Camera", required=False, max_length=12, widget=_text(5))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = sorted(((one.name, one.words) for one in declared()), key=lambda item: item[1])
        self.fields["action"].choices = [("", "Everything"), *words]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day comes before the first.")
        return cleaned

    def wanted(self) -> EntryFilter:
        """What a valid form asks for."""
        said = self.cleaned_data
        last = said["last"]
        return EntryFilter(
            start=_midnight(said["first"]) if said["first"] else None,
            end=_midnight(last + timedelta(days=1)) if last and last < date.max else None,
            person=said["person"],
            action=said["action"],
            camera=said["camera"],
        )


class EraseForm(forms.Form):
    fields_to_erase = forms.MultipleChoiceField(
        label="What is erased",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what is erased."},
    )
    reason = forms.CharField(
        label="Why",
        help_text="The reason is written in the logbook with your name. Do not repeat in it what is being erased.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the content is erased."},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_to_erase"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class CorrectForm(PlainForm):
    text = forms.CharField(
        label="What is right?",
        help_text="The whole of what should have been written. The entry itself stays as it is, and points to this.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reason = forms.CharField(label="Why is it corrected?", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    request = forms.CharField(
        label="Request for rectification",
        help_text="Its reference, where a person asked for it.",
        max_length=80,
        required=False,
    )


class KeptForm(forms.Form):
    note = forms.CharField(
        label="Your checkpoint",
        help_text="All of it, from the name of the logbook to the last line; or its head alone, as printed: SIZE:HASH.",
        max_length=32_768,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        error_messages={"required": "Paste the checkpoint you kept."},
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
