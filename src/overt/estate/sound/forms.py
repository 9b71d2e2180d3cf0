"""Asking for a camera's sound, and deciding on it."""

from __future__ import annotations

from django import forms

from overt.estate.sound.rules import LONGEST
from overt.shared.forms import LocalTimeField, PlainForm


class SoundForm(PlainForm):
    """What somebody says who asks for a camera's sound."""

    reason = forms.CharField(
        label="Why sound is necessary",
        help_text="What it is to show that pictures cannot, and why nothing less would do. It goes into the logbook.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    case_reference = forms.CharField(
        label="Case", help_text="Its crime, incident or case number. No names of people.", max_length=80
    )
    until = LocalTimeField(
        label="End",
        help_text=f"The sound stops then by itself. At most {LONGEST.days} days from now, in the scheme's time.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "govuk-input govuk-input--width-20"}),
        error_messages={"invalid": "Give a day and a time, such as 2026-12-01 09:00."},
    )


class SoundDecisionForm(PlainForm):
    decision = forms.ChoiceField(
        label="Decision",
        choices=[("approve", "Approve: the sound is recorded from now on"), ("refuse", "Refuse: it stays off")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Reason",
        help_text="It stays with the order and in the logbook.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
