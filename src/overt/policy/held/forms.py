"""Under what a clock is kept, and why it ends."""

from __future__ import annotations

from django import forms


class KeepForm(forms.Form):
    """Under what a clock is kept."""

    reference = forms.CharField(
        label="What it runs for",
        help_text="The reference by which you find it again, such as SAR-12. No names of people.",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "govuk-input govuk-input--width-20"}),
        error_messages={"required": "What it runs for: give the reference, such as SAR-12."},
    )
    controller = forms.CharField(
        label="Whose clock it is",
        help_text="Only for a request to several controllers of the partnership: each has a clock.",
        max_length=200,
        required=False,
    )
