"""What is compared, and by the law of which day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from overt.shared.forms import DayField


class CompareForm(forms.Form):
    a = forms.ChoiceField(label="One", widget=forms.Select(attrs={"class": "govuk-select"}))
    b = forms.ChoiceField(label="The other", widget=forms.Select(attrs={"class": "govuk-select"}))
    all = forms.BooleanField(label="Also what is the same", required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("a", "b"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class AsOfForm(forms.Form):
    as_of = DayField(
        label="By the law of",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "govuk-input"}),
        error_messages={"invalid": "Give a day, such as 27/3/2026."},
    )
