"""The questions before and after a review."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone

from overt.shared.forms import DayField, PlainForm
from overt.shared.local_times import BadMoment, HourComesTwice, moments_of, the_moment
from overt.watch.rules import NOBODY_ELSE


class ReviewForm(forms.Form):
    """Which cameras, from when, and why. An autumn hour that comes twice is asked for by its offset."""

    cameras = forms.CharField(
        label="Cameras", max_length=80, help_text="Numbers with commas between, for example 127, 129. At most four."
    )
    date = DayField(label="Date")
    time = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(format="%H:%M:%S", attrs={"type": "time", "step": "1"}),
        help_text="On the clock that day.",
    )
    offset = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why do you need to look?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example the incident or request number. It goes into the logbook with your name.",
    )

    # Ticked until somebody says otherwise, for it is so nearly always; names given count more than a tick left on.
    alone = forms.BooleanField(label="Nobody else can see the screen", required=False, initial=True)
    present = forms.CharField(
        label="Who else can see the screen?",
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Names, if somebody can. They are kept with the review.",
    )

    def __init__(self, *args: object, reason_needed: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        self.fields["reason"].required = reason_needed
        self.fields["reason"].error_messages["required"] = "Say why you need to look at recordings"
        self.fields["present"].required = not (self.is_bound and self.data.get("alone"))
        self.fields["present"].error_messages["required"] = "Say who else can see the screen, or that nobody else can"
        self.zone = ZoneInfo(settings.TIME_ZONE)
        given = self.data if self.is_bound else self.initial
        if not self._ask_which(str(given.get("date", "")), str(given.get("time", ""))):
            self.initial["offset"] = (
                ""  # what was not asked is not answered beforehand for a time that is yet to be typed
            )

    def clean_cameras(self) -> list[str]:
        numbers = [word.strip() for word in self.cleaned_data["cameras"].replace(";", ",").split(",")]
        if not any(numbers):
            raise forms.ValidationError("Choose at least one camera.")
        return [number for number in dict.fromkeys(numbers) if number]

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        day, clock = cleaned.get("date"), cleaned.get("time")
        if day is None or clock is None:
            return cleaned
        local = datetime.combine(day, clock)  # type: ignore[arg-type]  # what the fields gave
        try:
            cleaned["at"] = at = the_moment(local, self.zone, str(cleaned.get("offset") or ""))
            if at > timezone.now():
                self.add_error(
                    "date" if local.date() > timezone.localdate() else "time", "Nothing is recorded yet: it is to come."
                )
        except HourComesTwice as error:
            self.add_error("offset", str(error))
        except BadMoment as error:
            self.add_error("time", str(error))
        return cleaned

    def people(self) -> str:
        """Who else sees, as it is kept."""
        return str(self.cleaned_data["present"]).strip() or NOBODY_ELSE

    def _ask_which(self, day: str, clock: str) -> bool:
        """Where the clock time in hand comes twice, the offset is a question; else it is not asked."""
        try:
            local = datetime.fromisoformat(f"{day}T{clock}")
            found = moments_of(local, self.zone)
        except (ValueError, OverflowError):
            return False
        if len(found) < 2:
            return False
        names = [str(moment.astimezone(self.zone).tzname()) for moment in found]
        words = ("first time", "second time")
        choices = [(name, f"{local:%H:%M} {name} (the {word})") for name, word in zip(names, words, strict=True)]
        self.fields["offset"] = forms.ChoiceField(
            label="Which of the two?", choices=choices, widget=forms.RadioSelect, required=False
        )
        return True


class ResultForm(PlainForm):
    """What a review found."""

    result = forms.CharField(
        label="What did you find?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For example: nothing of the incident; or what is seen, at what time, and the exhibit it became.",
    )
