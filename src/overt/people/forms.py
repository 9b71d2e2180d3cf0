"""What people type about people."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from overt.access.queries import scopes
from overt.access.rules import MAY_APPOINT, Act, Role, Scope
from overt.accounts.forms import NewPasswordForm
from overt.accounts.models import User
from overt.places.models import CameraGroup, Partner
from overt.shared.forms import DayField, PlainForm, ReasonForm


class PersonForm(PlainForm):
    full_name = forms.CharField(
        label="Full name",
        help_text="As it should stand in the logbook.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    username = forms.CharField(
        label="Sign-in name",
        help_text="Small letters and digits, for instance the first name.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class FirstPersonForm(PersonForm, NewPasswordForm):
    field_order = ["full_name", "username", "password", "again"]


class GrantForm(PlainForm):
    """A role, where, between which days and why. What lies beyond the granter is not offered; rules refuse it."""

    role = forms.ChoiceField(
        label="Role",
        choices=[("", "Choose a role"), *((role.value, role.value.replace("_", " ").capitalize()) for role in Role)],
    )
    partner = forms.ModelChoiceField(
        label="Whose cameras", queryset=Partner.objects.order_by("name"), required=False, empty_label="Every partner's"
    )
    group = forms.ModelChoiceField(
        label="Which camera group",
        queryset=CameraGroup.objects.order_by("name"),
        required=False,
        empty_label="Every camera, in a group or not",
    )
    first_day = DayField(
        label="First day", help_text="Empty: from now.", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last_day = DayField(
        label="Last day",
        help_text="Empty: until it is withdrawn.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = ReasonForm.base_fields["reason"]

    def __init__(self, *args: Any, granter: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = scopes(granter, Act.GRANT_ROLE)
        roles = {role for scope in own for role in MAY_APPOINT.get(scope.role, ())}
        offered: Any = self.fields["role"]
        offered.widget.choices = [
            (value, words) for value, words in offered.choices if not value or Role(value) in roles
        ]
        _offer(self.fields["partner"], {scope.partner_id for scope in own})
        _offer(self.fields["group"], _groups(own))

    def starts_at(self) -> datetime | None:
        """None for now, and for today, of which a part is over."""
        day = self.cleaned_data["first_day"]
        if day is None or day == timezone.localdate():
            return None
        return timezone.make_aware(datetime.combine(day, time()))

    def ends_at(self) -> datetime | None:
        """The midnight after the last day, which still counts."""
        day = self.cleaned_data["last_day"]
        return None if day is None else timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _groups(own: list[Scope]) -> set[Any]:
    return {scope.group_id for scope in own}


def _offer(field: Any, reach: set[Any]) -> None:
    """Draw only the choices inside the granter's own reach; None in it means every one."""
    if None not in reach:
        field.widget.choices = [(row.pk, str(row)) for row in field.queryset if row.pk in reach]
