"""Forms for holding footage: what, why, and until when that is asked again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from overt.evidence.errors import BadSpan
from overt.evidence.forms import SpanForm
from overt.evidence.holds.rules import USUAL_REVIEW, Grounds, ground_words, grounds_offered
from overt.evidence.moments import end_of_day
from overt.policy.queries import policy_in_force
from overt.shared.forms import DayField


class GroundForm(forms.Form):
    """Why footage is kept past its period: BASS-1.6.2."""

    ground = forms.ChoiceField(label="Ground")
    case_reference = forms.CharField(label="Case reference", max_length=80)
    requester = forms.CharField(label="Who wants it kept", max_length=120)
    review_on = DayField(label="Review on")
    ends_on = DayField(label="Ends on", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = grounds_offered(policy_in_force().codes("hold_grounds"))
        ground = self.fields["ground"]
        assert isinstance(ground, forms.ChoiceField)
        ground.choices = [("", "Choose a ground"), *((code, ground_words(code)) for code in offered)]
        self.fields["review_on"].initial = timezone.localdate() + USUAL_REVIEW

    def clean_ends_on(self) -> datetime | None:
        """The moment after the day that was given."""
        day = self.cleaned_data["ends_on"]
        try:
            return end_of_day(day) if day else None
        except BadSpan as error:
            raise forms.ValidationError(str(error)) from None

    def grounds(self) -> Grounds:
        said = self.cleaned_data
        return Grounds(said["ground"], said["case_reference"], said["requester"], said["review_on"])


class HoldForm(GroundForm, SpanForm):
    """A span, and why it is kept."""

    field_order = ["camera", "start", "end", "ground", "case_reference", "requester", "review_on", "ends_on", "reason"]


class ReviewForm(forms.Form):
    """Whether held footage is still needed, and when that is asked again."""

    reason = forms.CharField(label="Why it is still needed", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    review_on = DayField(label="Review again on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].initial = timezone.localdate() + USUAL_REVIEW
