"""What block tags share: their inside without the template's own line breaks, and where a link leads."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_BREAK = re.compile(r"[ \t]*\n\s*")


def trimmed(content: str) -> SafeString:
    """What a block tag holds, without the white space around it. It was escaped where the template was rendered."""
    return SafeString(content.strip())


def on_one_line(content: str) -> SafeString:
    """The same for running text: however many lines a template needs for a sentence, the page gets one."""
    return SafeString(_BREAK.sub(" ", content.strip()))


def address(to: object, *args: object) -> str:
    """Where a link leads: a row's own page, an address as it stands (`/…`, `?…`, `#…`), or a route and its arguments.

    Raises NoReverseMatch for anything else, so that nothing typed by a person becomes an address.
    """
    if not isinstance(to, str):
        page = getattr(to, "get_absolute_url", None)
        if page is None:
            raise NoReverseMatch(f"{to!r} has no page of its own")
        return str(page())
    if to.startswith(("/", "?", "#")) and not to.startswith(("//", "/\\")):  # which would be another server
        return to
    return reverse(to, args=args)


def classes(*names: str) -> str:
    """The classes of an element, without those that do not apply."""
    return " ".join(name for name in names if name)


def words_of(parts: Iterable[object]) -> SafeString:
    """`{% fact "Camera" camera.number %}`: a name of several words, those of the template and those of a row."""
    return format_html_join(" ", "{}", ((part,) for part in parts))


def unseen(words: object) -> SafeString | str:
    """Words that a screen reader says after those on the page, or nothing where there are none."""
    text = str(words or "")
    before = "" if text.startswith(":") else " "
    return format_html('<span class="govuk-visually-hidden">{}{}</span>', before, text) if text else ""
