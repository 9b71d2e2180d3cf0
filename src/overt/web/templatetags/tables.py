"""Block tags for what is listed: tables with their rows, facts of one thing, the way to the other pages."""

from __future__ import annotations

from django import template
from django.core.paginator import Page
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from overt.web.templatetags._inside import classes, on_one_line, trimmed, unseen, words_of

register = template.Library()


@register.simple_block_tag
def table(content: str, *label: str, caption: str = "", css: str = "", bare: bool = False) -> str:
    """`{% table "Roles of" person.full_name %}{% columns … %}{% row %}…{% endtable %}`: scrolls sideways by itself.

    `label` names the region that scrolls; `caption` is what is read out for the table, the label where none is given.
    `bare` is a table that never grows wide: without that region.
    """
    name = words_of(label)
    heads, start, rows = content.partition("<tr")  # a column is text: no row begins before the first row
    drawn = format_html(
        '<table class="{}"><caption class="govuk-table__caption govuk-visually-hidden">{}</caption>'
        '<thead class="govuk-table__head"><tr class="govuk-table__row">{}</tr></thead>'
        '<tbody class="govuk-table__body">{}</tbody></table>',
        classes("govuk-table", css),
        caption or name,
        trimmed(heads),
        trimmed(start + rows),
    )
    if bare:
        return drawn
    return format_html('<div class="overt-table" tabindex="0" role="region" aria-label="{}">{}</div>', name, drawn)


@register.simple_tag
def columns(*names: str, numeric: bool = False, hidden: bool = False) -> str:
    """`{% columns "When" "Who" %}`: headings, left to right; an empty name is no column. Stands before the rows.

    Several may follow each other: `numeric` sets numbers to the right, `hidden` leaves the words to screen readers.
    """
    css = classes("govuk-table__header", "govuk-table__header--numeric" if numeric else "")
    shown = [(css, _column(name, hidden)) for name in names if name]
    return format_html_join("", '<th scope="col" class="{}">{}</th>', shown)


def _column(name: str, hidden: bool) -> str:
    return format_html('<span class="govuk-visually-hidden">{}</span>', name) if hidden else name


@register.simple_block_tag
def row(content: str, *, css: str = "", id: str = "") -> str:
    """`{% row %}{% cell %}…{% endcell %}{% endrow %}`."""
    identity = format_html(' id="{}"', id) if id else ""
    return format_html('<tr class="{}"{}>{}</tr>', classes("govuk-table__row", css), identity, trimmed(content))


@register.simple_block_tag
def cell(content: str, *, numeric: bool = False, css: str = "") -> str:
    """`{% cell %}{{ one.name }}{% endcell %}`."""
    numbers = "govuk-table__cell--numeric" if numeric else ""
    return format_html('<td class="{}">{}</td>', classes("govuk-table__cell", numbers, css), trimmed(content))


@register.simple_block_tag
def small_line(content: str) -> str:
    """What is said of a cell or a fact in small print, on a line of its own below it."""
    return format_html('<br><span class="overt-small">{}</span>', trimmed(content))


@register.simple_block_tag
def quiet_line(content: str) -> str:
    """The same in grey: what explains, and is not looked for."""
    return format_html('<br><span class="overt-quiet">{}</span>', trimmed(content))


@register.simple_block_tag
def facts(content: str) -> str:
    """`{% facts %}{% fact "Case" %}…{% endfact %}{% endfacts %}`: the facts of one thing, name and value."""
    return format_html('<dl class="govuk-summary-list">{}</dl>', trimmed(content))


@register.simple_block_tag
def fact(
    content: str, *key: object, css: str = "", to: str = "", act: str = "Change", about: str = "", alone: bool = False
) -> str:
    """One line of `{% facts %}`; the key may be of several words: `{% fact "Camera" camera.number %}`.

    `to` is the address of what can be done with it, `act` the words of that link, `about` what a screen reader hears
    after them (else the key). `alone` is for a fact without an act where others have one: its line is drawn as long.
    """
    name = words_of(key)
    action: SafeString | str = ""
    if to:
        link = format_html('<a class="govuk-link" href="{}">{}{}</a>', to, act, unseen(about or name.lower()))
        action = format_html('<dd class="govuk-summary-list__actions">{}</dd>', link)
    return format_html(
        '<div class="{}"><dt class="govuk-summary-list__key">{}</dt><dd class="{}">{}</dd>{}</div>',
        classes("govuk-summary-list__row", "govuk-summary-list__row--no-actions" if alone else ""),
        name,
        classes("govuk-summary-list__value", css),
        trimmed(content),
        action,
    )


@register.inclusion_tag("web/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page) -> dict[str, object]:
    """`{% pagination page %}`: the way to the other pages. The other words of the query stay.

    A page's `search` is the number of the logbook entry of the search whose pages these are, and goes with it.
    """
    return {"page": page, "search": context.get("search"), "request": context["request"]}


@register.simple_block_tag
def page_turn(content: str, to: str, way: str) -> str:
    """The link to the page before (`prev`) or after (`next`) this one, inside `<nav class="govuk-pagination">`."""
    return format_html(
        '<div class="govuk-pagination__{}"><a class="govuk-link govuk-pagination__link" href="{}" rel="{}">'
        '<span class="govuk-pagination__link-title">{}</span></a></div>',
        way,
        to,
        way,
        on_one_line(content),
    )
