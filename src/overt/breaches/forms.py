"""What is asked of who reports a breach, and of who answers one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings

from overt.breaches.models import CodeBreach
from overt.shared.forms import DayField, PlainForm
from overt.shared.local_times import moments_of, skipped_words


class ReportForm(PlainForm):
    words = forms.CharField(
        label="What happened?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What broke the code, a procedure or the safety of data, or may have. Plain facts, as far as known.",
    )
    day = DayField(label="Day it was noticed")
    time = forms.TimeField(
        label="Time it was noticed", help_text="On the clock that day.", widget=forms.TimeInput(attrs={"type": "time"})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("day") and data.get("time"):
            local, zone = datetime.combine(data["day"], data["time"]), ZoneInfo(settings.TIME_ZONE)
            found = moments_of(local, zone)
            if found:  # of an hour that comes twice the first: a breach is reported too early rather than too late
                data["detected_at"] = found[0].astimezone(zone)
            else:
                self.add_error("time", skipped_words(local, zone))
        return data


class AnswerForm(PlainForm):
    words = forms.CharField(
        label="What was found out, and what is done about it?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="It is written in the logbook with your name, and stays with the breach.",
    )


class OutcomeForm(AnswerForm):
    """For a breach of the code by somebody."""

    outcome = forms.ChoiceField(label="What came of it?", choices=CodeBreach.Outcome.choices, widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Reference", max_length=80, required=False, help_text="Of the proceedings, where there are any."
    )
