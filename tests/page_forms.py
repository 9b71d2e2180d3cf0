"""The forms of a page as a browser has them: fields with their values, to be filled in as a person would, and compared.

Read with the standard library's parser; nothing here knows the product's own forms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

_AS_TYPED = {
    "date": "2031-05-17",
    "time": "07:08:09",
    "datetime-local": "2031-05-17T07:08",
    "number": "7",
    "password": "a lamp over the harbour",
}
_PRESSED = {"submit", "button", "reset"}


@dataclass
class Field:
    """One name of a form. `values` is what would be sent, `options` what could be."""

    name: str
    kind: str
    longest: int = 10_000
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    several: bool = False
    optional: bool = False

    def filled(self) -> list[Any]:
        """Something that a person would say here, and that is not what the page says by itself."""
        if self.kind == "hidden":
            return list(self.values)
        if self.kind == "file":
            return [SimpleUploadedFile(f"{self.name} chosen.pdf", b"%PDF-1.4 not really")]
        if self.kind in {"radio", "select"}:
            return [one for one in self.options if one][-1:]
        if self.kind == "checkbox":
            return [] if self.values and not self.several else list(self.options)
        return [_AS_TYPED.get(self.kind, f'Typed {self.name}\'s "<words>" & so on')[: self.longest]]


@dataclass
class PageForm:
    """A form that posts: its address (empty for the page's own) and its fields by name."""

    action: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def asked(self) -> list[Field]:
        """What a person is asked for."""
        return [one for one in self.fields.values() if one.kind != "hidden"]

    def filled(self) -> dict[str, list[Any]]:
        return {name: one.filled() for name, one in self.fields.items()}


def forms_of(page: str) -> list[PageForm]:
    """The forms of a page that post, but for the one in the header that signs out."""
    reader = _Reader()
    reader.feed(page)
    return [form for form in reader.forms if not form.action.startswith("/sign-out")]


def same_form(forms: Iterable[PageForm], other: PageForm) -> PageForm | None:
    """The form with the same fields."""
    return next((form for form in forms if {*other.fields} <= {*form.fields}), None)


def lost(form: PageForm, sent: dict[str, list[Any]]) -> list[str]:
    """The names of fields that do not say what was sent; a password must not, and a file cannot."""
    wrong = []
    for name, one in form.fields.items():
        if one.kind in {"hidden", "file"} or name not in sent:
            continue
        wanted = [] if one.kind == "password" else [str(value).replace("\r\n", "\n") for value in sent[name]]
        if [value for value in one.values if value] != [value for value in wanted if value]:
            wrong.append(f"{name}: {one.values} for {wanted}")
    return wrong


class _Reader(HTMLParser):
    """Keeps the forms of a page, open or closed, and what its labels say of each id."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._select: Field | None = None
        self._area: Field | None = None
        self._option: str | None = None
        self._label: str | None = None
        self._by_id: dict[str, Field] = {}
        self._optional: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(said.get("action", "")) if said.get("method") == "post" else None
            if self._form is not None:
                self.forms.append(self._form)
        elif tag == "label":
            self._label = said.get("for")
        elif self._form is None:
            return
        elif tag == "input" and said.get("name") and said.get("type") not in _PRESSED:
            self._input(self._form, said)
        elif tag == "select":
            self._select = self._named(self._form, said, "select")
        elif tag == "textarea":
            self._area = self._named(self._form, said, "textarea")
            self._area.values = [""]
        elif tag == "option" and self._select is not None:
            self._select.options.append(said.get("value", ""))
            if "selected" in said:
                self._select.values.append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "label":
            self._label = None
        elif tag == "textarea" and self._area is not None:
            self._area.values = [self._area.values[0].removeprefix("\n")]
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.values[0] += data
        if self._label is not None and "(optional)" in data and self._label in self._by_id:
            self._by_id[self._label].optional = True
        elif self._label is not None and "(optional)" in data:
            self._optional.add(self._label)

    def _input(self, form: PageForm, said: dict[str, str]) -> None:
        kind = said.get("type", "text")
        one = self._named(form, said, kind)
        if kind in {"radio", "checkbox"}:
            one.options.append(said.get("value", "on"))
            one.several = one.several or len(one.options) > 1 or kind == "radio"
            if "checked" in said:
                one.values.append(said.get("value", "on"))
        else:
            one.values.append(said.get("value", ""))

    def _named(self, form: PageForm, said: dict[str, str], kind: str) -> Field:
        one = form.fields.setdefault(said["name"], Field(said["name"], kind))
        one.longest = int(said.get("maxlength", one.longest))
        one.optional = one.optional or said.get("id", "") in self._optional
        self._by_id[said.get("id", "")] = one
        return one
