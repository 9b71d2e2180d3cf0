"""Tags every template has: times as people read them, GOV.UK form fields, an element only where it holds something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django import forms, template
from django.core.paginator import Paginator
from django.forms import BoundField
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from overt.shared.moments import iso_utc, long_text, short_text
from overt.shared.sizes import size_words
from overt.web.fields import field_context

register = template.Library()


@register.inclusion_tag("web/components/field.html")
def field(bound: BoundField, hint: str = "", width: str = "", label: str = "") -> dict[str, object]:
    """`{% field form.name hint="…" width="10" %}`: label, hint, error and control of one field."""
    return field_context(bound, hint=hint, width=width, label=label)


@register.filter
def size(count_bytes: int | None) -> str:
    """`{{ exhibit.size_bytes|size }}`: 68.1 GB."""
    return size_words(count_bytes or 0)


@register.inclusion_tag("web/components/error_summary.html")
def errors(form: forms.Form) -> dict[str, object]:
    """`{% errors form %}`: the error summary, each problem a link to its field. page.html puts it there for `form`."""
    problems = [{"text": str(text), "href": ""} for text in form.non_field_errors()]
    for name in form.errors:
        if name in form.fields:
            bound = form[name]
            target = bound.id_for_label or f"{bound.auto_id}_0"
            problems += [{"text": str(text), "href": f"#{target}"} for text in bound.errors]
    return {"problems": problems}


@register.simple_tag
def when(moment: datetime | None, empty: str = "–") -> str:
    """`{% when entry.at %}`: Sun 22 Nov 2026 02:14:07 GMT, in the scheme's zone, as a <time>."""
    return _time(moment, long_text, empty)


@register.simple_tag
def when_short(moment: datetime | None, empty: str = "–") -> str:
    """`{% when_short entry.at %}`: 22 Nov 02:14:07 GMT."""
    return _time(moment, short_text, empty)


def _time(moment: datetime | None, text: Callable[[datetime], str], empty: str) -> str:
    if moment is None:
        return empty
    return format_html('<time datetime="{}">{}</time>', iso_utc(moment), text(moment))


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """`{% query page=3 %}`: this page's query with some words changed; None takes one out."""
    words = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            words.pop(name, None)
        else:
            words[name] = str(value)
    return f"?{words.urlencode()}"


@register.filter
def elided(paginator: Paginator, number: int) -> list[int | str]:
    """The page numbers to offer around one, with an ellipsis for the rest."""
    return list(paginator.get_elided_page_range(number, on_each_side=1, on_ends=1))


class WrappedNode(Node):
    """Draws its inside within an element, or nothing at all where the inside is blank."""

    def __init__(self, nodelist: NodeList, element: str, css: str, label: FilterExpression | None) -> None:
        self.nodelist, self.element, self.css, self.label = nodelist, element, css, label

    def render(self, context: Context) -> SafeString:
        inside = self.nodelist.render(context)
        if not inside.strip():
            return mark_safe("")
        label = format_html(' aria-label="{}"', self.label.resolve(context)) if self.label else ""
        return format_html('<{} class="{}"{}>{}</{}>', self.element, self.css, label, inside, self.element)


@register.tag
def wrapped(parser: Parser, token: Token) -> WrappedNode:
    """`{% wrapped "aside" "overt-aside" label="About" %}…{% endwrapped %}`."""
    _, element, css, *rest = token.split_contents()
    nodelist = parser.parse(("endwrapped",))
    parser.delete_first_token()
    label = parser.compile_filter(rest[0].removeprefix("label=")) if rest else None
    return WrappedNode(nodelist, element.strip("\"'"), css.strip("\"'"), label)
