"""Forms for holding and sealing without script, and for the questions before an act."""

from __future__ import annotations

from typing import Any

from django import forms

from overt.access.rules import Act
from overt.evidence.describe import zone
from overt.evidence.errors import BadSpan
from overt.evidence.moments import moment_90k
from overt.policy.queries import policy_in_force


class MomentField(forms.CharField):
    """A date and time as a person writes it, in the scheme's zone unless it has an offset; cleans to a 90 kHz count."""

    def clean(self, value: object) -> int:
        text = super().clean(value)
        try:
            return moment_90k(str(text).replace(" ", "T", 1), zone=zone())
        except BadSpan as error:
            raise forms.ValidationError(str(error)) from None


class SpanForm(forms.Form):
    """One camera's span and why."""

    camera = forms.CharField(label="Camera number", max_length=40)
    start = MomentField(label="From", max_length=40)
    end = MomentField(label="To", max_length=40)
    reason = forms.CharField(label="Reason", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    act = Act.MARK_HOLD

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = self.act in policy_in_force().reason_required_for


class SealForm(SpanForm):
    """A span and the reference under which it is sealed."""

    reference = forms.CharField(label="Exhibit reference", max_length=40)
    hold_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    act = Act.SEAL_EXHIBIT
    field_order = ["reference", "camera", "start", "end", "reason"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
