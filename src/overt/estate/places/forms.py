"""What somebody fills in about a partner, town, site, desk or camera group."""

from __future__ import annotations

from typing import Any

from django import forms

from overt.places.models import Partner, Site
from overt.places.services import Noun
from overt.shared.forms import PlainForm


class PlaceForm(PlainForm):
    """The name of a partner, town, site, desk or group, and what it belongs to."""

    name = forms.CharField(label="Name", max_length=200)

    def __init__(self, *args: Any, noun: Noun, adding: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if adding and noun.belongs_to:
            parents = (Partner if noun.belongs_to == "partner" else Site).objects.order_by("name")
            self.fields["parent"] = forms.ModelChoiceField(
                label=noun.belongs_to.capitalize(), queryset=parents, empty_label=f"Choose a {noun.belongs_to}"
            )
        if adding and noun.model is Site:
            self.fields["kind"] = forms.ChoiceField(label="Kind", choices=Site.Kind.choices)
