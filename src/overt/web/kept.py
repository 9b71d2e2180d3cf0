"""A form met by the sign-in page, or sent with a token of before it, is shown again, filled, once its person is there.

Nothing that was typed goes into an address, and nothing is done until the person sends the form again. How it is kept:
shared.typed.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from overt.shared import typed as typing
from overt.shared.problems import is_api, wants_json
from overt.shared.typed import Typed

#: What a page answers where its form cannot be shown: it only takes what is sent (405), or there is nothing any more.
_GONE = {403, 404, 409}
_NO_FORM = {*_GONE, 405}


class KeptFormMiddleware:
    """After the session and who it belongs to are known, around all that may stop a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_api(request) or wants_json(request):
            return self.get_response(request)
        key = _without_key(request)
        if request.method == "POST":
            return _after_sending(request, self.get_response(request), key)
        kept = _asked_for(request, key)
        if kept is None:
            return self.get_response(request)
        if kept.elsewhere:
            return _by_itself(request, kept, 200)
        request.typed = kept  # type: ignore[attr-defined]  # for shared.asking and page.html
        kept.shown = not kept.rows  # a button alone is on its page as it was
        response = self.get_response(request)
        if kept.shown or response.status_code not in _NO_FORM:
            return response
        return _by_itself(request, kept, response.status_code)


def _without_key(request: HttpRequest) -> str:
    """Take our own word out of the query, for views that read the whole of it; returns what it said."""
    if typing.ASKED not in request.GET:
        return ""
    query = request.GET.copy()
    key = str(query.pop(typing.ASKED)[-1])
    request.GET = query  # type: ignore[assignment]  # made mutable, and nobody changes it
    return key


def _after_sending(request: HttpRequest, response: HttpResponse, key: str) -> HttpResponse:
    signed_in = request.user.is_authenticated
    if not signed_in and _leads_to_sign_in(response):
        return _sign_in_for(_kept_address(request) or _page_before(request) or "/")
    if getattr(request, "csrf_failed", False):
        address = _kept_address(request)
        if address is not None:
            return redirect(address) if signed_in else _sign_in_for(address)
    elif signed_in and response.status_code < 400:
        typing.forget(request.session, key)
    return response


def _by_itself(request: HttpRequest, kept: Typed, status: int) -> HttpResponse:
    """What was typed on a page of its own, to be sent on to where it was going; or only to read, if that is gone."""
    gone = status in _GONE
    return render(request, "web/kept_form.html", {"typed": kept, "gone": gone}, status=status if gone else 200)


def _kept_address(request: HttpRequest) -> str | None:
    """Where the form waits for its person; None for a form of somebody else, and for one that cannot be kept."""
    typed = typing.typed_in(request)
    if typed is None or (request.user.is_authenticated and typed.person != str(request.user.pk)):
        return None
    return typing.keep(request.session, typed)


def _asked_for(request: HttpRequest, key: str) -> Typed | None:
    if not key or not request.user.is_authenticated:
        return None
    found = typing.kept_for(request.session, key, request.user.pk)
    return found if found is not None and urlsplit(found.path).path == request.path else None


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith(f"{settings.LOGIN_URL}?")


def _sign_in_for(address: str) -> HttpResponse:
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': address})}")


def _page_before(request: HttpRequest) -> str:
    """The page that was sent from, for an address that only takes what is sent is none to come back to."""
    before = request.headers.get("Referer", "")
    here = {request.get_host()}
    if not url_has_allowed_host_and_scheme(before, here, require_https=request.is_secure()):
        return ""
    parts = urlsplit(before)
    return "" if parts.path == settings.LOGIN_URL else f"{parts.path}?{parts.query}" if parts.query else parts.path
