"""Forms for the copies of an exhibit."""

from __future__ import annotations

from typing import Any

from django import forms

from overt.evidence.copies import rules
from overt.evidence.copies.rules import CopyKind, Medium, Recipient
from overt.policy.queries import policy_in_force

_LINES = forms.Textarea(attrs={"rows": 2})


class CopyForm(forms.Form):
    """What a copy is for and what it is written to: HERTS-24.4, BASS-1.6.4.c."""

    reason = forms.CharField(label="What the copy is for", max_length=500, widget=_LINES)
    kind = forms.ChoiceField(label="Kind")
    medium = forms.ChoiceField(label="Medium")
    medium_number = forms.CharField(label="Number of the disc, stick or package", max_length=80)
    supplier = forms.CharField(label="Who brought the medium", max_length=120, required=False)
    supplier_number = forms.CharField(label="Collar or staff number", max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [
            (CopyKind.WORKING.value, "A working copy, to hand over"),
            (CopyKind.MASTER.value, "A master, to lock away"),
        ]
        media = rules.media_offered(policy_in_force().rows("evidence_export_media"))
        named = [(code, rules.medium_words(code)) for code in media]
        stays = policy_in_force().in_effect("link_delivery") == "off"
        file_only = "A file only, which stays here: nothing is handed over by a link" if stays else "A file only"
        _choices(self, "kind", kinds)
        self.fields["medium_number"].required = self.data.get("medium") != rules.DOWNLOAD
        _choices(self, "medium", [*named, (rules.DOWNLOAD, file_only)])

    def written_to(self) -> Medium:
        said = self.cleaned_data
        return Medium(*(said[name] for name in ("medium", "medium_number", "supplier", "supplier_number")))


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; always a list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given or [None]]


class TestForm(forms.Form):
    """The ZIP as it was read back from the medium: BASS-1.6.4.b."""

    archive = FilesField(label="The ZIP on the medium, or all its parts", widget=FilesInput)
    played = forms.BooleanField(label="I opened README.html from the medium, and the pictures ran")


class HandOverForm(forms.Form):
    """Who receives a copy, how and what for, and the form they signed: HERTS-24.6, BASS-9.3.5."""

    name = forms.CharField(label="Who receives it", max_length=120)
    body = forms.CharField(label="For whom", max_length=120)
    number = forms.CharField(label="Collar or staff number", max_length=40)
    delivery = forms.ChoiceField(label="How")
    purpose = forms.CharField(label="What for", max_length=500, widget=_LINES)
    signed_form = forms.FileField(label="The signed release form")
    terms = forms.BooleanField(label="They accepted the terms of the release form")
    decision = forms.CharField(label="Why the master leaves", max_length=500, required=False, widget=_LINES)

    def __init__(self, *args: Any, master: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "delivery", [("", "Choose"), *((d, d.replace("_", " ").capitalize()) for d in rules.DELIVERIES)])

        if not master:
            del self.fields["decision"]

    def recipient(self) -> Recipient:
        said = self.cleaned_data
        return Recipient(*(said[name].strip() for name in ("name", "body", "number", "delivery", "purpose")))


class DestroyForm(forms.Form):
    """The end of a copy: BASS-9.3.6."""

    reason = forms.CharField(label="Why", max_length=500, widget=_LINES)
    method = forms.CharField(label="How it was destroyed", max_length=200)
    witness = forms.CharField(label="Who saw it", max_length=120)


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
