"""What people fill in about the policy and its versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from overt.clocks.calendars import Nation
from overt.policy.clock_fields import NATION_WORDS
from overt.policy.rules.document import OWNER_KINDS
from overt.policy.rules.findings import Finding
from overt.policy.schemes import every_shipped
from overt.shared.forms import LocalTimeField


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DraftForm(forms.Form):
    """Where a new version begins."""

    source = forms.ChoiceField(label="Begin from", widget=forms.RadioSelect)
    title = forms.CharField(
        label="What your code is called",
        help_text="For a draft that begins from a published code. It stands at the head of every page once in force.",
        max_length=200,
        required=False,
    )
    reason = forms.CharField(
        label="Why a new version is drafted",
        max_length=1000,
        widget=_long(3),
        error_messages={"required": "Say why: it stays in the policy's history."},
    )

    def __init__(self, *args: Any, in_force: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [("in-force", f"The policy in force: {in_force}")] if in_force else []
        published = [(policy.scheme, f"Published: {policy.title}") for policy in every_shipped()]
        self.fields["source"].choices = [*own, *published]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["source"].error_messages["required"] = "Choose what the draft begins from."


class ChangeForm(forms.Form):
    text = forms.CharField(
        label="The document",
        help_text="Each setting is null (your code is silent), or a value with its unit and its clauses.",
        strip=False,
        max_length=400_000,
        widget=forms.Textarea(
            attrs={"class": "govuk-textarea", "cols": 124, "spellcheck": "false", "aria-describedby": "id_text-hint"}
        ),
        error_messages={"required": "The document is empty."},
    )
    reason = forms.CharField(
        label="What you changed, and why",
        max_length=1000,
        widget=_long(3),
        error_messages={"required": "Say what was changed and why."},
    )


class HeadForm(forms.Form):
    """The title page of a draft."""

    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Title: give it."})
    edition = forms.CharField(label="Edition", max_length=400, required=False)
    issued = forms.CharField(
        label="Issued", required=False, max_length=10, help_text="2026-04-03, or 2026-04 where no day is printed."
    )
    review_due = forms.CharField(
        label="Next review printed in it", required=False, max_length=10, help_text="Empty where none is printed."
    )
    source = forms.CharField(
        label="Where it stands", required=False, max_length=400, help_text="The printed document this was taken from."
    )
    owner_kind = forms.ChoiceField(
        label="Who owns the scheme",
        choices=[(one, f"A {one}") for one in OWNER_KINDS[:-1]] + [("other", "Another body")],
    )
    nation = forms.ChoiceField(label="Nation", choices=[(n.value, NATION_WORDS[n]) for n in Nation])
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=_long(3))
    reason = forms.CharField(
        label="Why it is changed", max_length=1000, widget=_long(2),
        error_messages={"required": "Why it is changed: say it, for it stays in the policy's history."},
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=1000, widget=_long(4), error_messages={"required": "This is needed."})

    def __init__(self, *args: Any, label: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].help_text = hint


class ApproveForm(ReasonForm):
    """An approval; errors of the check that stay are accepted by name."""

    accepted = forms.MultipleChoiceField(
        label="Errors that stay",
        help_text="Each error the check finds is mended first, or accepted here; your reason then covers it.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    field_order = ("accepted", "reason")

    def __init__(self, *args: Any, errors: Sequence[Finding], **kwargs: Any) -> None:
        super().__init__(*args, label="Why it is approved", **kwargs)
        if errors:
            self.fields["accepted"].choices = [(e.id, f"{e.id}: {e.says}") for e in errors]  # type: ignore[attr-defined]
        else:
            del self.fields["accepted"]


class StartForm(forms.Form):
    effective_from = LocalTimeField(
        label="From when",
        help_text="Leave empty for now. Scheme's time.",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "govuk-input govuk-input--width-20"}),
        error_messages={"invalid": "Give a day and a time, such as 2026-12-01 00:00."},
    )


class KeepForm(forms.Form):
    """Under what a clock is kept."""

    reference = forms.CharField(
        label="What it runs for",
        help_text="The reference by which you find it again, such as SAR-12. No names of people.",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "govuk-input govuk-input--width-20"}),
        error_messages={"required": "What it runs for: give the reference, such as SAR-12."},
    )
    controller = forms.CharField(
        label="Whose clock it is",
        help_text="Only for a request to several controllers of the partnership: each has a clock.",
        max_length=200,
        required=False,
    )


class PlainReasonForm(forms.Form):
    reason = forms.CharField(label="Why", max_length=1000, widget=_long(3), error_messages={"required": "Why: say it."})


class HolidayForm(forms.Form):
    """A holiday that the kept list does not know yet."""

    day = forms.DateField(
        label="Day",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "govuk-input govuk-input--width-10"}),
        error_messages={
            "required": "Day: give the day of the holiday.", "invalid": "Day: give a day that exists.",
        },
    )  # fmt: skip
    nation = forms.ChoiceField(
        label="Where",
        choices=[(nation.value, NATION_WORDS[nation]) for nation in Nation],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Where: choose the nation.",
            "invalid_choice": "Where: choose one that is offered.",
        },
    )
    name = forms.CharField(
        label="What it is for",
        help_text="Its name, or the occasion.",
        max_length=120,
        error_messages={"required": "What it is for: give its name, or the occasion."},
    )
    source = forms.CharField(
        label="Where it was proclaimed",
        help_text="The notice in which it was read, such as London Gazette of 9 November 2022.",
        max_length=300,
        error_messages={"required": "Where it was proclaimed: name the notice."},
    )


class CompareForm(forms.Form):
    a = forms.ChoiceField(label="One", widget=forms.Select(attrs={"class": "govuk-select"}))
    b = forms.ChoiceField(label="The other", widget=forms.Select(attrs={"class": "govuk-select"}))
    all = forms.BooleanField(label="Also what is the same", required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("a", "b"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class AsOfForm(forms.Form):
    as_of = forms.DateField(
        label="By the law of",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "govuk-input"}),
        error_messages={"invalid": "Give a day, such as 27/3/2026."},
    )
