"""A form field as GOV.UK draws it: which markup, which classes, what describes it to a screen reader."""

from __future__ import annotations

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString

_CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.ClearableFileInput, "govuk-file-upload"),
    (forms.FileInput, "govuk-file-upload"),
]


def field_context(bound: BoundField, *, hint: str = "", width: str = "", label: str = "") -> dict[str, object]:
    """What web/components/field.html draws. `width` is a GOV.UK width in characters: 2, 3, 4, 5, 10, 20, 30."""
    identity = bound.id_for_label or bound.auto_id or bound.html_name
    messages = [str(message) for message in bound.errors]
    hint = hint or str(bound.help_text or "")
    context: dict[str, object] = {
        "kind": _kind(bound),
        "id": identity,
        "name": bound.html_name,
        "label": label or bound.label,
        "label_class": "",
        "optional": not bound.field.required,
        "hint": hint,
        "messages": messages,
        "described": _described(identity, hint=bool(hint), error=bool(messages)),
    }
    if context["kind"] == "choices":
        return context | _choices(bound)
    return context | {"control": _control(bound, str(context["described"]), bool(messages), width)}


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    return "choice" if isinstance(widget, forms.CheckboxInput) else "input"


def _described(identity: str, *, hint: bool, error: bool) -> str:
    return " ".join(name for name, there in ((f"{identity}-hint", hint), (f"{identity}-error", error)) if there)


def _choices(bound: BoundField) -> dict[str, object]:
    radios = not isinstance(bound.field.widget, forms.CheckboxSelectMultiple)  # which Django derives from RadioSelect
    options = [
        {
            "id": option.data["attrs"].get("id", f"{bound.auto_id}_{index}"),
            "value": option.data["value"],
            "label": option.data["label"],
            "checked": option.data["selected"],
        }
        for index, option in enumerate(bound.subwidgets)
    ]
    kind = "radios" if radios else "checkboxes"
    return {"options": options, "choice_class": kind, "input_type": "radio" if radios else "checkbox"}


def _control(bound: BoundField, described: str, wrong: bool, width: str) -> SafeString:
    css = _css(bound.field.widget)
    classes = [css]
    if wrong:
        classes.append(f"{css}--error")
    if width:
        classes.append(f"govuk-input--width-{width}")
    attributes: dict[str, str | bool] = {"class": " ".join(c for c in classes if c)}
    if described:
        attributes["aria-describedby"] = described
    return bound.as_widget(attrs=attributes)


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "govuk-checkboxes__input"
    if isinstance(widget, forms.HiddenInput):
        return ""
    return next((name for kind, name in _CLASSES if isinstance(widget, kind)), "govuk-input")
