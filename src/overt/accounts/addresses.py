"""Where a request came from. X-Forwarded-For counts only when a proxy of the trusted list sent it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from overt.shared.client_address import address_behind


def client_address(request: HttpRequest) -> str:
    """The address of the client: the last hop that is no trusted proxy."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return address_behind(str(request.META.get("REMOTE_ADDR", "")), forwarded, settings.TRUSTED_PROXIES)
