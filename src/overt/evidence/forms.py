"""Forms for holding and sealing without script, and for the questions before an act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from footage.times import utc_datetime
from overt.access.rules import Act
from overt.evidence.errors import BadSpan
from overt.evidence.exhibits.bag_facts import zone
from overt.evidence.holds.rules import USUAL_REVIEW, Grounds, ground_words, grounds_offered
from overt.evidence.moments import end_of_day, moment_90k
from overt.policy.queries import policy_in_force


class MomentField(forms.CharField):
    """A date and time as a person writes it, in the scheme's zone unless it has an offset; cleans to a 90 kHz count."""

    def clean(self, value: object) -> int:
        text = super().clean(value)
        try:
            return moment_90k(str(text).replace(" ", "T", 1), zone=zone())
        except BadSpan as error:
            raise forms.ValidationError(str(error)) from None


def given_in(query: QueryDict) -> dict[str, str]:
    """What an address fills in beforehand; a count becomes a time that a person can read, with its offset."""
    given = query.dict()
    for name in ("at", "start", "end"):
        if str(given.get(name, "")).isdecimal() and len(str(given[name])) <= 16:
            moment = timezone.localtime(utc_datetime(int(str(given[name]))))
            given[name] = moment.isoformat(" ", "milliseconds")
    return {name: str(value) for name, value in given.items()}


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


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


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


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
