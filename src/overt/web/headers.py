"""What every page says to the browser about itself: keep no copy, use no device, and come back over HTTPS alone."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: Nothing here films, listens or locates by the visitor's own device; pictures may fill his screen.
_DEVICES = "accelerometer camera display-capture geolocation gyroscope hid magnetometer microphone midi payment usb"
PERMISSIONS = ", ".join([*(f"{device}=()" for device in _DEVICES.split()), "fullscreen=(self)"])
#: A year. Other hosts under the same domain are not ours to bind.
TRANSPORT = "max-age=31536000"


class HeadersMiddleware:
    """A page for somebody signed in is stored nowhere, unless the view said how long it may be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        personal = user is not None and user.is_authenticated
        response.headers.setdefault("Cache-Control", "no-store" if personal else "no-cache")
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if settings.SESSION_COOKIE_SECURE:
            response.headers["Strict-Transport-Security"] = TRANSPORT
        return response
