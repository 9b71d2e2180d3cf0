"""Forms whose empty fields say what is wanted: `Enter the name`, not `This field is required`."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from overt.shared.local_times import BadMoment, check_day, day_words, moments_of, skipped_words
from overt.shared.reasons import LONGEST


class PlainForm(forms.Form):
    """A form as the pages draw it: every required field asks for itself by its label."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _wanted(field)


class ReasonForm(PlainForm):
    """One question: why. A page that asks it in other words gives its label and hint."""

    reason = forms.CharField(
        label="Reason",
        help_text="It goes into the logbook.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    missing = "Say why: it goes into the logbook"

    def __init__(self, *args: Any, label: str = "", hint: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.error_messages["required"] = self.missing
        field.label = label or field.label
        field.help_text = field.help_text if hint is None else hint


class DayField(forms.DateField):
    """A day that can be meant, with the browser's own calendar. Every day of a form is asked for by this field."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> Any:
        return _meant(super().to_python(value))


class LocalTimeField(forms.DateTimeField):
    """A day and a time on the scheme's clock, which says of one that the clocks skip or repeat what is the matter."""

    def to_python(self, value: Any) -> Any:
        try:
            return _meant(super().to_python(value))
        except OverflowError:  # at either end of the calendar there is no offset to count with
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        except ValidationError as error:
            if error.code != "ambiguous_timezone" or not error.params:
                raise
            zone = ZoneInfo(timezone.get_current_timezone_name())
            local = error.params["datetime"]
            if not moments_of(local, zone):
                raise ValidationError(skipped_words(local, zone), code="skipped") from None
            words = (
                f"{local:%H:%M} comes twice on {day_words(local)}: the clocks go back. Give a time outside that hour."
            )
            raise ValidationError(words, code="twice") from None


def _meant(day: Any) -> Any:
    try:
        if day is not None:
            check_day(day)
    except BadMoment as error:
        raise ValidationError(str(error), code=BadMoment.code) from None
    return day


def _wanted(field: forms.Field) -> str:
    label = str(field.label or "value")
    verb = "Choose" if isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField) else "Enter"
    if label.endswith("?"):
        return f"Answer the question: {label}"
    return f"{verb} the {label[0].lower()}{label[1:]}" if not label.startswith("CSV") else f"{verb} the {label}"
