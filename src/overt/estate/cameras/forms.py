"""A camera as a page asks for it, in the order in which somebody standing under it would tell it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.http import QueryDict

from overt.access.queries import scopes
from overt.access.rules import Act
from overt.accounts.models import User
from overt.estate.cameras.addresses import check_networks, read_address
from overt.estate.cameras.values import CameraValues
from overt.estate.models import Camera
from overt.estate.rules import BadCamera, check_name, check_number
from overt.places.models import CameraGroup, Partner, Town
from overt.shared.forms import PlainForm

_QUIET = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class CameraForm(PlainForm):
    number = forms.CharField(
        label="Number",
        help_text="As it is painted on the pole: 127, or R2. It is never used again for another camera.",
        max_length=12,
    )
    name = forms.CharField(label="Name", help_text="What it looks at, for instance High Street North.", max_length=120)
    kind = forms.ChoiceField(label="Kind", choices=Camera.Kind.choices, widget=forms.RadioSelect, initial="fixed")
    town = forms.ModelChoiceField(label="Town", queryset=Town.objects.order_by("name"), empty_label="Choose a town")
    partner = forms.ModelChoiceField(
        label="Whose camera is it?",
        queryset=Partner.objects.order_by("name"),
        required=False,
        empty_label="The town's partner",
    )
    groups = forms.ModelMultipleChoiceField(
        label="Camera groups",
        queryset=CameraGroup.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    latitude = forms.DecimalField(
        label="Latitude", help_text="Degrees, for instance 51.754210", max_digits=9, decimal_places=6, required=False
    )
    longitude = forms.DecimalField(
        label="Longitude", help_text="Degrees, for instance -0.338510", max_digits=9, decimal_places=6, required=False
    )
    bearing_degrees = forms.IntegerField(
        label="Bearing", help_text="Where it looks, in degrees clockwise from north.", required=False
    )
    address = forms.CharField(
        label="Stream address",
        help_text="rtsp:// or rtsps://, inside the networks that may hold cameras.",
        max_length=500,
        widget=forms.TextInput(attrs={**_QUIET, "inputmode": "url"}),
    )
    username = forms.CharField(
        label="Camera's user name", required=False, max_length=200, widget=forms.TextInput(attrs=_QUIET)
    )
    password = forms.CharField(
        label="Camera's password",
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    certificate = forms.CharField(
        label="Camera's certificate",
        help_text="For rtsps:// only. Empty: one that this server trusts already. For the camera's own: its SHA-256, "
        "64 hexadecimal digits, as “Check it now” shows it. The word any takes every certificate, and so hides the "
        "password from listeners only.",
        required=False,
        max_length=95,  # with a colon between every two digits
        widget=forms.TextInput(attrs=_QUIET),
    )
    basic_allowed = forms.BooleanField(
        label="Allow the password to be sent unencrypted (Basic)",
        help_text="For a camera that knows no other way to sign in. Whoever listens on the network can read it then; "
        "at rtsps:// it is encrypted anyway.",
        required=False,
    )
    transport = forms.ChoiceField(
        label="How its pictures come",
        help_text="TCP, unless a check says that the camera offers its video over UDP only.",
        choices=Camera.Transport.choices,
        widget=forms.RadioSelect,
        initial="tcp",
        required=False,  # a script that fills in the form may leave it out: then it stays as it is
    )
    forget_credentials = forms.BooleanField(label="Forget the stored user name and password", required=False)
    recorded = forms.BooleanField(label="Record this camera", required=False, initial=True)
    retention_days = forms.IntegerField(
        label="Days kept",
        help_text="Empty: as the scheme's policy says. Only a shorter period can be given.",
        required=False,
    )
    priority = forms.IntegerField(
        label="Priority",
        help_text="On a full disk the lowest stops first. 100 is usual.",
        min_value=0,
        max_value=1000,
        initial=100,
    )

    def __init__(self, *args: Any, manager: User, camera: Camera | None = None, **kwargs: Any) -> None:
        if camera is not None:
            kwargs.setdefault("initial", _as_initial(camera))
        super().__init__(*args, **kwargs)
        self._transport = camera.transport if camera else Camera.Transport.TCP
        self.stored = camera is not None and camera.credentials_sealed is not None
        if not self.stored:
            del self.fields["forget_credentials"]
        _offer_partners(self.fields["partner"], manager)

    def clean_address(self) -> str:
        """Told with the other fields' errors, where the services would tell it alone."""
        address = str(self.cleaned_data["address"])
        try:
            _as_field_error(lambda: check_networks(read_address(address)))
        except forms.ValidationError:
            if "@" in address:  # it may hold a password, which no page shows
                shown = cast("QueryDict", self.data).copy()
                shown["address"] = ""
                self.data = shown
            raise
        return address

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        _as_field_error(lambda: check_number(number))
        return number

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        _as_field_error(lambda: check_name(name))
        return name

    def values(self) -> CameraValues:
        data = dict(self.cleaned_data)
        data["groups"] = list(data["groups"])
        data.setdefault("forget_credentials", False)
        data["transport"] = data["transport"] or self._transport
        return CameraValues(**data)


def _as_field_error(check: Callable[[], None]) -> None:
    try:
        check()
    except BadCamera as error:
        raise forms.ValidationError(str(error)) from None


def _as_initial(camera: Camera) -> dict[str, Any]:
    same = ("number", "name", "kind", "latitude", "longitude", "bearing_degrees", "recorded", "retention_days")
    return {name: getattr(camera, name) for name in same} | {
        "priority": camera.priority,
        "town": camera.town_id,
        "partner": camera.partner_id,
        "groups": [group.pk for group in camera.groups.all()],
        "address": camera.stream_url,
        "certificate": camera.certificate,
        "basic_allowed": camera.basic_allowed,
        "transport": camera.transport,
    }


def _offer_partners(field: Any, manager: User) -> None:
    """Draw only the partners inside this person's reach; the rules refuse any other."""
    reach = {scope.partner_id for scope in scopes(manager, Act.MANAGE_CAMERA)}
    if None not in reach:
        field.empty_label = None
        field.widget.choices = [(row.pk, str(row)) for row in field.queryset if row.pk in reach]


def host_of(camera: Camera) -> str:
    """What may be shown of an address to those who do not manage the camera."""
    return urlsplit(camera.stream_url).hostname or ""
