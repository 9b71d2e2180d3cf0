"""Whose request it is."""

from __future__ import annotations

from django.http import HttpRequest

from overt.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The person; views behind the sign-in have one. Raises TypeError in a view that a stranger can reach."""
    if not isinstance(request.user, User):
        raise TypeError("this view needs somebody signed in")
    return request.user
