"""Pages made for paper: what stands on them cannot be looked at twice, so nothing on them is hidden."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from overt.shared.lines import visible_text

#: Django's own words for a duration join number and unit with it, and it looks as it is.
_KEPT = "\u00a0"


def render_paper(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """The page, with each letter escaped that is not seen or turns the direction, whoever typed it and wherever.

    Our own templates hold none, so what is escaped came from a record; names and reasons are what matters here.
    """
    response = render(request, template, context)
    parts = response.content.decode().split(_KEPT)
    response.content = _KEPT.join(visible_text(part) for part in parts).encode()
    return response
