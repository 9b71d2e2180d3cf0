"""Block tags for where to go and what to do: links, buttons, forms that ask and bars that choose what is listed."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from overt.shared.edits import SEEN
from overt.shared.typed import TOKEN, token_of
from overt.web.templatetags._inside import address, classes, on_one_line, trimmed, unseen

register = template.Library()

#: What page.js looks for.
_SCRIPT = SafeString(' data-module="govuk-button"')
_NOTHING = SafeString("")


@register.simple_block_tag
def link(content: str, to: object, *args: object, about: str = "", download: bool = False) -> str:
    """`{% link "hold" hold.pk %}words{% endlink %}`: to a route with its arguments, a row's page, or `/…`, `?…`, `#…`.

    `about` is heard after the words where they alone could belong to several rows: Withdraw *the token of the backup*.
    """
    attribute = SafeString(" download") if download else ""
    words = on_one_line(content)
    return format_html(
        '<a class="govuk-link" href="{}"{}>{}{}</a>', address(to, *args), attribute, words, unseen(about)
    )


@register.simple_block_tag
def button(content: str, *, kind: str = "", about: str = "", css: str = "", once: bool = False) -> str:
    """`{% button %}Save{% endbutton %}`, inside a form. `kind`: `secondary` or `warning`; `about` as for a link.

    With `once` a second click right after the first does nothing, where the page has script.
    """
    script = _SCRIPT if once else ""
    words = on_one_line(content)
    return format_html('<button class="{}"{}>{}{}</button>', _button(kind, css), script, words, unseen(about))


@register.simple_block_tag
def button_link(content: str, to: object, *args: object, kind: str = "", css: str = "") -> str:
    """A link that looks like a button, for where the next step begins. `to` as for `{% link %}`.

    It is announced as a button, and with script the space bar works on it as on one.
    """
    return format_html(
        '<a class="{}" href="{}" role="button" draggable="false"{}>{}</a>',
        _button(kind, css),
        address(to, *args),
        _SCRIPT,
        on_one_line(content),
    )


@register.simple_block_tag
def buttons(content: str) -> str:
    """Several buttons, or a button and the way back, in one line."""
    return format_html('<div class="govuk-button-group">{}</div>', trimmed(content))


@register.simple_block_tag(takes_context=True)
def post_button(
    context: Context, content: str, to: object, *args: object, kind: str = "", about: str = "", css: str = ""
) -> str:
    """`{% post_button "verify-exhibit" exhibit.reference %}Verify now{% endpost_button %}`: asks nothing, and acts."""
    return format_html(
        '<form method="post" action="{}">{}<button class="{}">{}{}</button></form>',
        address(to, *args),
        _signs(context, "", address(to, *args)),
        _button(kind, css),
        on_one_line(content),
        unseen(about),
    )


@register.simple_block_tag(takes_context=True)
def post_form(
    context: Context,
    content: str,
    to: object = "",
    *args: object,
    files: bool = False,
    checks: bool = False,
    css: str = "",
) -> str:
    """`{% post_form %}{% field form.reason %}{% button %}Save{% endbutton %}{% endpost_form %}`: asks before an act.

    It goes to the page it stands on, or `to`. `files` lets it carry files; `checks` lets the browser ask for what is
    required, where the page that answers has no place for an error.
    """
    goes_to = address(to, *args) if to else ""
    action = format_html(' action="{}"', goes_to) if to else ""
    encoding = SafeString(' enctype="multipart/form-data"') if files else ""
    style = format_html(' class="{}"', css) if css else ""
    unchecked = SafeString("" if checks else " novalidate")
    inside = trimmed(content)
    signs = _signs(context, inside, goes_to)
    return format_html('<form method="post"{}{}{}{}>{}{}</form>', action, encoding, unchecked, style, signs, inside)


@register.simple_block_tag
def filters(content: str, *, css: str = "", to: object = "") -> str:
    """`{% filters %}{% filter_input "q" "Name" q %}{% filter_button "Show" %}{% endfilters %}`.

    The bar over a list: what is chosen stands in the address of the page.
    """
    action = format_html(' action="{}"', address(to)) if to else ""
    inside = trimmed(content)
    style = classes("overt-filters", css)
    return format_html('<form method="get"{} role="search" class="{}" novalidate>{}</form>', action, style, inside)


@register.simple_tag
def filter_input(name: str, label: str, value: str = "", *, width: int = 20) -> str:
    """A box for words in the bar over a list; `width` in characters, as of a form's field."""
    control = format_html(
        '<input class="govuk-input govuk-input--width-{}" id="{}" name="{}" value="{}">', width, name, name, value
    )
    return _filter(name, label, control)


@register.simple_tag
def filter_select(
    name: str, label: str, options: Iterable[tuple[str, str]], chosen: object = "", *, all: str = "All"
) -> str:
    """A choice in the bar over a list: `options` are pairs of value and words, `all` the words for no choice."""
    drawn = format_html_join(
        "", '<option value="{}"{}>{}</option>', ((key, _selected(key == chosen), words) for key, words in options)
    )
    control = format_html(
        '<select class="govuk-select" id="{}" name="{}"><option value="">{}</option>{}</select>', name, name, all, drawn
    )
    return _filter(name, label, control)


@register.simple_tag
def filter_button(words: str) -> str:
    """The button of the bar over a list, at the height of its boxes."""
    return format_html(
        '<div class="govuk-form-group">'
        '<button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0">{}</button></div>',
        words,
    )


@register.simple_tag
def filter_field(bound: BoundField) -> str:
    """A form's field in the bar over a list: nothing in it is asked for, so it does not say that it is optional."""
    error: SafeString | str = ""
    if bound.errors:
        error = format_html(
            '<p id="{}-error" class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> {}</p>',
            bound.id_for_label,
            " ".join(str(message) for message in bound.errors),
        )
    return _filter(bound.id_for_label, str(bound.label), bound.as_widget(), error)


def _filter(name: str, label: str, control: SafeString | str, error: SafeString | str = "") -> SafeString:
    group = classes("govuk-form-group", "govuk-form-group--error" if error else "")
    return format_html(
        '<div class="{}"><label class="govuk-label" for="{}">{}</label>{}{}</div>', group, name, label, error, control
    )


def _selected(chosen: bool) -> SafeString | str:
    return SafeString(" selected") if chosen else ""


def _button(kind: str, css: str) -> str:
    return classes("govuk-button", f"govuk-button--{kind}" if kind else "", css)


def _signs(context: Context, inside: str, goes_to: str) -> SafeString:
    """Hidden fields: the token against other sites, for whom this form is drawn (shared.typed), and what it shows of a
    thing that it changes (shared.edits)."""
    token = SafeString(CsrfTokenNode().render(context))
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return token
    elsewhere = goes_to not in {"", request.path}
    seen = getattr(context.get("form"), "seen", "")
    drawn = (
        format_html('<input type="hidden" name="{}" value="{}">', SEEN, seen) if seen and not elsewhere else _NOTHING
    )
    signed = token_of(user.pk, f"{inside}{drawn}", elsewhere=elsewhere)
    return token + format_html('<input type="hidden" name="{}" value="{}">', TOKEN, signed) + drawn
