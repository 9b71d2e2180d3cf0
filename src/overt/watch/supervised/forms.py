"""The question before an engineer's look."""

from __future__ import annotations

from django import forms

from overt.accounts.models import User
from overt.shared.forms import PlainForm


class SupervisionForm(PlainForm):
    """Who may look, at what, what for and how long. The services judge it again."""

    engineer = forms.ModelChoiceField(label="Engineer", queryset=User.objects.none(), empty_label="Choose an engineer")
    cameras = forms.CharField(label="Cameras", max_length=80, help_text="Numbers with commas between. At most four.")
    purpose = forms.CharField(
        label="What do they need to see, and what for?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example: pictures of last night, to see whether the new lens is clear of the lamp.",
    )
    fault = forms.CharField(
        label="Fault reference",
        max_length=80,
        required=False,
        help_text="As the contractor has it, where there is one.",
    )
    minutes = forms.TypedChoiceField(
        label="For how long?",
        choices=[(15, "15 minutes"), (30, "Half an hour"), (60, "An hour"), (120, "Two hours")],
        coerce=int,
        initial=15,
        widget=forms.RadioSelect,
    )

    def numbers(self) -> list[str]:
        said = str(self.cleaned_data["cameras"]).replace(";", ",")
        return [word.strip() for word in said.split(",") if word.strip()]
