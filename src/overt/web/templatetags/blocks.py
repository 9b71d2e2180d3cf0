"""Block tags for what a page says: where it stands, its paragraphs, what catches the eye, what can be opened."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from overt.web.templatetags._inside import address, classes, on_one_line, trimmed, words_of

register = template.Library()

_PARAGRAPHS = {
    "": "govuk-body",
    "lead": "overt-lead",
    "small": "overt-small",
    "due": "overt-due",
    "quiet": "overt-quiet",
    "body quiet": "govuk-body overt-quiet",
    "beside": "govuk-body-s",
}


@register.simple_block_tag
def crumbs(content: str) -> str:
    """`{% crumbs %}{% crumb "exhibits" %}Exhibits{% endcrumb %}{% crumb %}JD-7{% endcrumb %}{% endcrumbs %}`."""
    return format_html(
        '<nav class="govuk-breadcrumbs" aria-label="Breadcrumb"><ol class="govuk-breadcrumbs__list">{}</ol></nav>',
        trimmed(content),
    )


@register.simple_block_tag
def crumb(content: str, to: object = "", *args: object) -> str:
    """A step of the way here; the page itself is the last and leads nowhere. `to` as for `{% link %}`."""
    words = on_one_line(content)
    if not to:
        return format_html('<li class="govuk-breadcrumbs__list-item" aria-current="page">{}</li>', words)
    return format_html(
        '<li class="govuk-breadcrumbs__list-item"><a class="govuk-breadcrumbs__link" href="{}">{}</a></li>',
        address(to, *args),
        words,
    )


@register.simple_block_tag
def paragraph(content: str, kind: str = "", *, css: str = "") -> str:
    """`{% paragraph %}…{% endparagraph %}`, on as many lines as it needs. `kind`: lead, small, due, quiet, beside.

    `css` is a room's own class in place of those.
    """
    return format_html('<p class="{}">{}</p>', css or _PARAGRAPHS[kind], on_one_line(content))


@register.simple_tag
def tag(text: str, kind: str = "") -> str:
    """`{% tag "Open" "late" %}`: a state in a word. `kind`: ok, wait, late, held, or nothing (grey)."""
    return format_html(
        '<strong class="{}">{}</strong>', classes("overt-tag", f"overt-tag--{kind}" if kind else ""), text
    )


@register.simple_block_tag
def empty_state(content: str, title: str) -> str:
    """Where a list has nothing: `title` says so, the inside says what would be here and how it comes to be."""
    words = on_one_line(content)
    more = format_html("<p>{}</p>", words) if words else ""
    return format_html('<div class="overt-empty"><p><strong>{}</strong></p>{}</div>', title, more)


@register.simple_block_tag
def inset(content: str) -> str:
    """What has to be known before going on."""
    return format_html('<div class="govuk-inset-text">{}</div>', on_one_line(content))


@register.simple_block_tag
def warning(content: str) -> str:
    """What is wrong now, and what to do about it."""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span>{}</strong></div>',
        on_one_line(content),
    )


@register.simple_block_tag
def details(content: str, *summary: object, css: str = "", open: bool = False) -> str:
    """`{% details "Its working" %}…{% enddetails %}`: what most readers need not see; `open` shows it at once."""
    return format_html(
        '<details class="{}"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        classes("govuk-details", css),
        SafeString(" open") if open else "",
        words_of(summary),
        trimmed(content),
    )


@register.simple_block_tag
def figure(content: str, drawing: SafeString) -> str:
    """`{% figure tree.svg %}its caption{% endfigure %}`: an SVG drawn by Python; the page says the same in words."""
    words = on_one_line(content)
    caption = format_html('<figcaption class="overt-small">{}</figcaption>', words) if words else ""
    return format_html('<figure class="overt-figure">{}{}</figure>', drawing, caption)


@register.filter
def listed(rows: Iterable[object], attribute: str) -> SafeString:
    """`{{ place.keepers.all|listed:"full_name" }}`: one word of each, with commas between."""
    return format_html_join(", ", "{}", ((getattr(row, attribute),) for row in rows))
