"""Forms for the storage locations of discs, sticks and prints."""

from __future__ import annotations

from typing import Any

from django import forms

from overt.accounts.models import User
from overt.evidence.models import StoragePlace

_LINES = forms.Textarea(attrs={"rows": 2})


class OpenLocationForm(forms.Form):
    """Why a storage location is opened."""

    reason = forms.CharField(label="Why it is opened", max_length=500, widget=_LINES)
    new_seal = forms.CharField(label="Number of the new seal", max_length=40, required=False)

    def __init__(self, *args: Any, place: StoragePlace | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if place is not None and place.security != StoragePlace.Security.SEAL:
            del self.fields["new_seal"]


class StoreForm(OpenLocationForm):
    """Which storage location a copy goes into."""

    place = forms.ModelChoiceField(StoragePlace.objects.all(), label="Storage location", empty_label="Choose")
    field_order = ["place", "reason", "new_seal"]


class LocationForm(forms.Form):
    """A storage location, how it is secured, and who may open it: BASS-9.1.e."""

    name = forms.CharField(label="Name", max_length=80)
    whereabouts = forms.CharField(label="Where it stands", max_length=200)
    security = forms.ChoiceField(label="Secured by", choices=StoragePlace.Security.choices, widget=forms.RadioSelect)
    security_number = forms.CharField(label="Number of the key or seal", max_length=40)
    keepers = forms.ModelMultipleChoiceField(
        User.objects.none(), label="Who may open it", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _people(self)


class KeepersForm(forms.Form):
    """The access list, set anew."""

    keepers = forms.ModelMultipleChoiceField(
        User.objects.none(), label="Who may open it", widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label="Why it changes", max_length=500, widget=_LINES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _people(self)


def _people(form: forms.Form) -> None:
    field = form.fields["keepers"]
    assert isinstance(field, forms.ModelMultipleChoiceField)
    field.queryset = User.objects.filter(is_active=True).order_by("full_name")
