"""The form that seals without script."""

from __future__ import annotations

from django import forms

from overt.access.rules import Act
from overt.evidence.forms import SpanForm


class SealForm(SpanForm):
    """A span and the reference under which it is sealed."""

    case_reference = forms.CharField(
        label="Case reference",
        max_length=80,
        required=False,
        help_text="Crime, incident or court number; the exhibit's own reference where there is none yet",
    )
    requester = forms.CharField(label="Asked for by", max_length=120, required=False)
    stills = forms.CharField(label="Stills to seal with it", max_length=100, required=False)
    reference = forms.CharField(label="Exhibit reference", max_length=40)
    hold_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    act = Act.SEAL_EXHIBIT
    field_order = ["reference", "camera", "start", "end", "case_reference", "requester", "stills", "reason"]

    def clean_stills(self) -> list[int]:
        """Numbers of the register, with commas between."""
        parts = [part.strip() for part in self.cleaned_data["stills"].split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
            raise forms.ValidationError("Give the numbers of the stills, with commas between: 12, 13.")
        return [int(part) for part in parts]
