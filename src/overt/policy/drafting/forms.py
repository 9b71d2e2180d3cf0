"""What people fill in about a version of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from overt.clocks.calendars import Nation
from overt.policy.calculator.fields import NATION_WORDS
from overt.policy.rules.document import OWNER_KINDS
from overt.policy.rules.findings import Finding
from overt.policy.schemes import every_shipped
from overt.shared.forms import LocalTimeField, ReasonForm


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

    def __init__(self, *args: Any, only_check: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not only_check


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


class NoteForm(ReasonForm):
    """Why a version is moved, or what came of consulting: it stays in the policy's history, which has room for more."""

    reason = forms.CharField(max_length=1000, widget=_long(4))
    missing = "Say it: it stays in the policy's history"


class ApproveForm(NoteForm):
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
