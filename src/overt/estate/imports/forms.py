"""The file that cameras are read from."""

from __future__ import annotations

from django import forms

from overt.shared.forms import PlainForm


class ImportForm(PlainForm):
    file = forms.FileField(
        label="CSV file",
        help_text="At most 1 MB and 2,000 cameras.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
