"""Fields that the forms of several nouns have: a moment, a day, a span of one camera."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from footage.times import utc_shown
from overt.access.rules import Act
from overt.evidence.errors import BadSpan
from overt.evidence.moments import moment_90k, zone
from overt.policy.reasons import asked_for
from overt.shared.moments import count_in


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
        if (count := count_in(str(given.get(name, "")))) is not None:
            moment = timezone.localtime(utc_shown(count))
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
        self.fields["reason"].required = asked_for(self.act)
