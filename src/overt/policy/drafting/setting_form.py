"""One setting of a draft as a form: a field of the setting's own kind, its unit, its clauses, and the silence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from overt.policy.rules import SchemePolicy, Term
from overt.policy.rules.kinds import Choice, DayOfYear, Rank, Role, Roles, Table, Whole, Words, YesNo
from overt.policy.rules.settings import Setting
from overt.policy.rules.writing import plain, term_document

_SAYS, _SILENT = "says", "silent"


def has_form(setting: Setting) -> bool:
    """Whether a form can hold it; a table of rows is changed in the text."""
    return not isinstance(setting.kind, Table)


class SettingForm(forms.Form):
    """What the code says of one setting. What cannot be is judged by the rules, as in the text."""

    silence = forms.ChoiceField(
        label="Your code",
        widget=forms.RadioSelect,
        choices=[(_SAYS, "says this"), (_SILENT, "is silent on it")],
        error_messages={"required": "Your code: say whether it speaks of this."},
    )
    value = forms.CharField(required=False)  # put in place by the setting's kind
    unit = forms.ChoiceField(label="Unit", required=False, widget=forms.Select(attrs={"class": "govuk-select"}))
    clauses = forms.CharField(
        label="Clauses it stands in",
        help_text="Ids from the catalogue, divided by spaces, such as HERTS-24.1. Empty where it stands in none.",
        required=False,
        max_length=400,
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What a reader has to know beside it.",
    )
    reason = forms.CharField(
        label="Why it is changed",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Why it is changed: say it, for it stays in the policy's history."},
    )

    def __init__(self, data: Any = None, files: Any = None, *, setting: Setting, policy: SchemePolicy) -> None:
        self.setting, self.held = setting, policy.term(setting.name)
        super().__init__(data, files, initial=self._initial())
        value = self.fields["value"] = _value_field(setting, policy)
        value.required = self.data.get("silence") != _SILENT and not isinstance(value, forms.MultipleChoiceField)
        value.error_messages["required"] = f"{value.label}: give it, or say that your code is silent."
        if len(setting.units) > 1:
            self.fields["unit"].choices = [(unit, unit) for unit in setting.units]  # type: ignore[attr-defined]
        else:
            del self.fields["unit"]

    def term(self) -> dict[str, object] | None:
        """The setting's line of the document, as it was filled in; None for a bare silence."""
        said = self.cleaned_data
        clauses = re.split(r"[\s,;]+", said["clauses"].strip())
        made: dict[str, object] = {"value": None}
        if said["silence"] == _SAYS:
            made["value"] = _read(self.setting, said["value"])
            if self.setting.units:
                made["unit"] = said.get("unit") or self.setting.units[0]
            if self.held.also:
                made["also"] = (term_document(self.held) or {})["also"]
        if named := [clause for clause in clauses if clause]:
            made["clauses"] = named
        if said["note"].strip():
            made["note"] = said["note"]
        return made if len(made) > 1 or made["value"] is not None else None

    def _initial(self) -> dict[str, object]:
        term: Term = self.held
        shown = plain(term.value)
        if isinstance(self.setting.kind, YesNo) and term.value is not None:
            shown = "yes" if term.value else "no"
        if isinstance(shown, list) and not _picked(self.setting):
            shown = "\n".join(str(one) for one in shown)
        return {
            "silence": _SAYS if term.value is not None else _SILENT,
            "value": shown,
            "unit": term.unit,
            "clauses": " ".join(term.clauses),
            "note": term.note,
        }


def _picked(setting: Setting) -> bool:
    """Whether several are picked from a list, rather than written."""
    return isinstance(setting.kind, Roles) or (isinstance(setting.kind, Words) and bool(setting.kind.options))


def _read(setting: Setting, given: Any) -> object:
    """A field's value as the document holds it."""
    if isinstance(setting.kind, YesNo):
        return given == "yes"
    if isinstance(setting.kind, Words) and not _picked(setting):
        return [word for word in re.split(r"[\s,;]+", str(given)) if word]
    return given


def _value_field(setting: Setting, policy: SchemePolicy) -> forms.Field:
    """The field that fits the kind; its label is the meaning."""
    kind = setting.kind
    label = setting.meaning[0].upper() + setting.meaning[1:]
    if isinstance(kind, Whole):
        unit = f" {setting.units[0]}," if len(setting.units) == 1 else ""
        return forms.IntegerField(
            label=label, required=False, help_text=f"In{unit} from {kind.least} to {kind.most}." if unit
            else f"From {kind.least} to {kind.most}.",
            widget=forms.NumberInput(attrs={"min": kind.least, "max": kind.most}),
            error_messages={"invalid": f"{label}: give a whole number."},
        )  # fmt: skip
    if isinstance(kind, YesNo):
        return _one(label, [("yes", "Yes"), ("no", "No")])
    if isinstance(kind, Choice):
        return _one(label, _named(kind.options))
    if isinstance(kind, Rank):
        steps = policy.ladders.get(kind.body, ())
        return _list(label, _named(name for step in steps for name in step.split("|")), "The lowest that may do it.")
    if isinstance(kind, Role):
        return _list(label, _posts(policy), "One of the posts your document names.")
    if isinstance(kind, Roles):
        return _several(label, _posts(policy))
    if isinstance(kind, Words) and kind.options:
        return _several(label, _named(kind.options))
    rows = 5 if isinstance(kind, Words) else 2
    hint = "A code of small letters, digits and underscores on each line." if isinstance(kind, Words) else ""
    if isinstance(kind, DayOfYear):
        return forms.CharField(label=label, required=False, max_length=5, help_text="Month and day, such as 04-01.")
    return forms.CharField(
        label=label, required=False, max_length=4000, help_text=hint, widget=forms.Textarea(attrs={"rows": rows})
    )


def _posts(policy: SchemePolicy) -> list[tuple[str, str]]:
    """The posts of the document, each also by its other names: a term keeps the name that its clause uses."""
    found = []
    for post in policy.roles:
        found.append((post.code, post.name))
        found += [(alias, f"{words}, that is {post.name}") for alias, words in _named(post.aliases)]
    return found


def _named(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, (code[0].upper() + code[1:]).replace("_", " ")) for code in codes]


def _one(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=choices, widget=forms.RadioSelect,
        error_messages={"invalid_choice": f"{label}: choose one of these."},
    )  # fmt: skip


def _list(label: str, choices: list[tuple[str, str]], hint: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", "Choose"), *choices], help_text=hint,
        widget=forms.Select(attrs={"class": "govuk-select"}),
        error_messages={"invalid_choice": f"{label}: %(value)s is none of those there are."},
    )  # fmt: skip


def _several(label: str, choices: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple,
        help_text="None picked means: none of them.",
        error_messages={"invalid_choice": f"{label}: %(value)s is none of those there are."},
    )  # fmt: skip
