"""What a person types to sign in, and about his own account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils import timezone

from overt.accounts.rules import TokenScope
from overt.shared.forms import PlainForm

_NEW = {"autocomplete": "new-password"}


class SignInForm(AuthenticationForm):
    """Django's, with the name in lower case before anybody counts failures by it."""

    error_messages = {
        "invalid_login": "That name and password do not go together. Capital letters count in the password.",
        "inactive": "This account is closed.",
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "Sign-in name"

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class NewPasswordForm(PlainForm):
    """A password typed twice; the services judge its strength."""

    password = forms.CharField(
        label="New password",
        help_text="At least 12 characters. Three or four words that do not belong together are good.",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs=_NEW),
    )
    again = forms.CharField(
        label="New password, again", strip=False, max_length=200, widget=forms.PasswordInput(attrs=_NEW)
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password" in data and "again" in data and data["password"] != data["again"]:
            self.add_error("again", "The two are not the same.")
        return data


class ChangePasswordForm(NewPasswordForm):
    current = forms.CharField(
        label="Current password",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "password", "again"]


class TokenForm(PlainForm):
    name = forms.CharField(label="What is it for?", help_text="For instance: monthly figures.", max_length=80)
    days = forms.TypedChoiceField(
        label="How long should it work?",
        choices=[(7, "A week"), (31, "A month"), (92, "Three months"), (365, "A year")],
        coerce=int,
        initial=31,
        widget=forms.RadioSelect,
    )

    scope = forms.ChoiceField(
        label="What may it do?",
        choices=[(TokenScope.READ.value, "Only read"), (TokenScope.ALL.value, "Everything that you may do")],
        initial=TokenScope.READ.value,
        widget=forms.RadioSelect,
    )
    current = forms.CharField(
        label="Your password",
        help_text="So that nobody makes a token at a screen that you left open.",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def expires_at(self) -> datetime:
        return timezone.now() + timedelta(days=self.cleaned_data["days"])
