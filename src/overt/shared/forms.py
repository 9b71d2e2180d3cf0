"""Forms whose empty fields say what is wanted: `Enter the name`, not `This field is required`."""

from __future__ import annotations

from typing import Any

from django import forms


class PlainForm(forms.Form):
    """A form as the pages draw it: every required field asks for itself by its label."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _wanted(field)


def _wanted(field: forms.Field) -> str:
    label = str(field.label or "value")
    verb = "Choose" if isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField) else "Enter"
    if label.endswith("?"):
        return f"Answer the question: {label}"
    return f"{verb} the {label[0].lower()}{label[1:]}" if not label.startswith("CSV") else f"{verb} the {label}"
