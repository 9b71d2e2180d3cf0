"""Forms of the register of stills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from overt.access.rules import Act
from overt.accounts.models import User
from overt.estate.models import Camera
from overt.estate.queries import access_camera
from overt.evidence import papers
from overt.evidence.forms import MomentField
from overt.evidence.models import StoragePlace
from overt.evidence.stills.queries import cameras_for
from overt.evidence.stills.services import PoliceHandover, StillRequest, authorisers
from overt.policy.queries import policy_in_force
from overt.shared.forms import DayField

_LINES = forms.Textarea(attrs={"rows": 2})


class StillForm(forms.Form):
    """Which picture, from which sequence, why, for which case, on whose authority, and where the print will lie."""

    camera = forms.CharField(label="Camera number", max_length=40)
    at = MomentField(label="The picture at", max_length=40)
    start = MomentField(label="Sequence from", max_length=40)
    end = MomentField(label="Sequence to", max_length=40)
    necessity = forms.CharField(label="Why a still is needed", max_length=500, widget=_LINES)
    case_reference = forms.CharField(label="Incident, crime or request number", max_length=80)
    requester = forms.CharField(label="Who asked for it", max_length=120)
    authoriser = forms.ModelChoiceField(User.objects.none(), label="Authorised by", empty_label="Choose")
    place = forms.ModelChoiceField(StoragePlace.objects.all(), label="The print is kept in", empty_label="Choose")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        field = self.fields["authoriser"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = authorisers(self._cameras())

    def clean_camera(self) -> str:
        """Whatever else is wrong: a camera that is not this person's is one there is not. Raises NoSuchCamera."""
        number = str(self.cleaned_data["camera"])
        access_camera(self.user, number, to=Act.SEAL_EXHIBIT)
        return number

    def _cameras(self) -> Sequence[Camera]:
        """The camera asked for, or all that could be while none is (or a wrong one, of which nothing is told)."""
        reach = cameras_for(self.user, Act.SEAL_EXHIBIT)
        number = str((self.data if self.is_bound else self.initial).get("camera") or "")
        return list(reach.filter(number__iexact=number) or reach)

    def wanted(self) -> StillRequest:
        names = ("camera", "at", "start", "end", "necessity", "case_reference", "requester", "authoriser", "place")
        return StillRequest(*(self.cleaned_data[name] for name in names))


class PoliceForm(forms.Form):
    """Who receives a still, and on whose written authority: BASS-9.5.b."""

    officer = forms.CharField(label="Officer who receives it", max_length=120)
    officer_number = forms.CharField(label="Collar number", max_length=40)
    authority_officer = forms.CharField(label="Written authority of", max_length=120)
    authority_rank = forms.ChoiceField(label="Rank")
    authority = forms.FileField(label="The written authority")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ranks = [rank for step in policy_in_force().ladders["police"] for rank in step.split("|")]
        field = self.fields["authority_rank"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose"), *((rank, rank.replace("_", " ").capitalize()) for rank in ranks)]

    def handover(self) -> PoliceHandover:
        """With one byte more of the paper than is taken, so that a file of any size costs no more to refuse."""
        said = {**self.cleaned_data}
        paper = said.pop("authority").read(papers.MOST_BYTES + 1)
        return PoliceHandover(**said, authority=paper)


class DestroyStillForm(forms.Form):
    """The end of a still: BASS-9.5.c."""

    reason = forms.CharField(label="Why", max_length=500, widget=_LINES)
    authoriser = forms.CharField(label="Destruction authorised by", max_length=120)
    authorised_on = DayField(label="Authorised on")
