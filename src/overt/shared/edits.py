"""Two at one thing: whoever saves second is told what the first changed, and loses nothing of what he typed.

A form that changes what is kept (`Edit`) carries in a signed field what it showed when it was drawn. When it is sent,
that is held against what it would show now, once before the act and once more under the noun's own lock
(`shared.locking`). Where the two differ nothing is done: the form comes back with both, and the second person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.db.models import Model
from django.forms import BaseForm, BoundField
from django.http import QueryDict

from overt.shared.errors import OvertError
from overt.shared.moments import long_text

#: The hidden field with what a form showed.
SEEN = "seen"
#: What is longer is known by its digest: the field need not hold a policy's document twice.
_LONGEST = 300
#: So many lines of a long text are quoted.
_MOST_LINES = 12
_SALT = "overt.edits"

#: What a form shows, by field: as a browser would send it.
Shown = dict[str, list[str]]


class ChangedMeanwhile(OvertError):
    """Somebody else changed this after the form was drawn."""

    code = "changed-meanwhile"
    status = 409
    title = "Somebody else changed this meanwhile"


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed something last, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Edit:
    """What a form changes: the row, and who changed it last (None where nobody is written down)."""

    row: Model
    last: Callable[[], Change | None]


_under_lock: ContextVar[tuple[Model, Callable[[], None]] | None] = ContextVar("under_lock", default=None)


def check_under_lock(row: Model) -> None:
    """Called for each row that is locked (`LockQuerySet.lock`). Raises ChangedMeanwhile for the one being edited."""
    expected = _under_lock.get()
    if expected is not None and type(expected[0]) is type(row) and expected[0].pk == row.pk:
        expected[1]()


@contextmanager
def unchanged(edit: Edit, make: Callable[[], BaseForm], shown: Shown) -> Iterator[None]:
    """While this lasts, the row's lock is had only while a form made anew would show the same."""

    def check() -> None:
        edit.row.refresh_from_db()
        if shown_by(make()) != shown:
            raise ChangedMeanwhile("Somebody else changed this at the same moment. Send it again to see what.")

    token = _under_lock.set((edit.row, check))
    try:
        yield
    finally:
        _under_lock.reset(token)


def shown_by(form: BaseForm) -> Shown:
    """What an unanswered form shows in each field that says something of the row (no passwords)."""
    bounds = [form[name] for name in form.fields]
    return {bound.name: _as_sent(bound, bound.value()) for bound in bounds if _tells(bound)}


def drawn_as(edit: Edit, make: Callable[[], BaseForm], form: BaseForm) -> str:
    """The signed field of a form about to be drawn: what it shows now, or what it showed to whoever typed into it."""
    if form.is_bound and (seen := form.data.get(SEEN)) and not getattr(form, "told_changes", False):
        return str(seen)
    return seen_token(edit, shown_by(make()))


def seen_token(edit: Edit, shown: Shown) -> str:
    """The signed field of a form that showed this."""
    return Signer(salt=_SALT).sign_object({**_briefly(shown), "": [_key(edit)]}, compress=True)


def merged(edit: Edit, form: BaseForm, now: Shown, data: QueryDict) -> QueryDict | None:
    """What the form should hold where the row changed after it was drawn; None where it did not, or all say the same.

    A field that this person had not touched takes what it is now; one that both changed keeps what was typed.
    """
    seen = _seen(edit, data)
    if seen is None:
        return None
    theirs, mine = _briefly(now), _briefly(answered_in(form))
    if all(theirs[name] in (seen.get(name), mine.get(name)) for name in theirs):
        return None
    both = data.copy()
    for name in theirs:
        if mine.get(name) == seen.get(name) != theirs[name]:
            both.setlist(form.add_prefix(name), now[name])
    return both


def answered_in(form: BaseForm) -> Shown:
    """What was sent, in the same form as `shown_by`."""
    bounds = [form[name] for name in form.fields]
    return {bound.name: _as_sent(bound, bound.data) for bound in bounds if _tells(bound)}


def tell_changes(form: BaseForm, edit: Edit, now: Shown, data: QueryDict) -> None:
    """Say on the form who changed what and when: beside each field, with what stands there now."""
    seen, mine, theirs = _seen(edit, data) or {}, _briefly(answered_in(form)), _briefly(now)
    changed = [name for name in theirs if theirs[name] != seen.get(name)]
    form.told_changes = True  # type: ignore[attr-defined]  # what comes now is typed in sight of them
    form.full_clean()
    form.add_error(None, _who_and_what(edit.last(), [_label(form, name) for name in changed]))
    for name in changed:
        same = mine.get(name) == theirs[name]
        if not same and _is_long(now[name], answered_in(form)[name]):
            form.add_error(name, _lines_apart(now[name], answered_in(form)[name]))
            continue
        words = f"Changed meanwhile to {_words(form, name, now[name])}."
        form.add_error(name, f"{words} It stands here." if same else f"{words} What you typed stands here.")


def _is_long(*texts: list[str]) -> bool:
    return any(len(value) > _LONGEST for text in texts for value in text)


def _lines_apart(now: list[str], typed: list[str]) -> str:
    """Which lines of a long text are in only one of the two."""
    theirs, mine = (set("".join(text).splitlines()) for text in (now, typed))
    said = [
        f"{words}: {_quoted(lines)}."
        for words, lines in (
            ("It was changed meanwhile. In it now, and not in yours", [*dict.fromkeys("".join(now).splitlines())]),
            ("In yours, and not in it", [*dict.fromkeys("".join(typed).splitlines())]),
        )
        for lines in [[line.strip() for line in lines if line not in (theirs & mine)]]
        if lines
    ]
    return " ".join([*said, "What you typed stands here."])


def _quoted(lines: list[str]) -> str:
    more = f" and {len(lines) - _MOST_LINES} more" if len(lines) > _MOST_LINES else ""
    return ", ".join(f"“{line[:_LONGEST]}”" for line in lines[:_MOST_LINES]) + more


def _who_and_what(last: Change | None, labels: list[str]) -> str:
    who = f"{last.who or 'Somebody'} changed this on {long_text(last.at)}" if last else "This was changed"
    what = ", ".join(labels)
    return f"{who}, while you had it open: {what}. Nothing of yours is saved yet. Look at both, and send it again."


def _seen(edit: Edit, data: QueryDict) -> Mapping[str, list[str]] | None:
    """What the form showed when it was drawn; None for one that does not say, as a script's."""
    try:
        seen: dict[str, list[str]] = Signer(salt=_SALT).unsign_object(data.get(SEEN, ""))
    except (BadSignature, ValueError):
        return None
    return seen if seen.pop("", None) == [_key(edit)] else None


def _key(edit: Edit) -> str:
    return f"{edit.row._meta.label_lower}:{edit.row.pk}"


def _tells(bound: BoundField) -> bool:
    """A reason says nothing of the row: every form asks for it anew."""
    return not isinstance(bound.field.widget, forms.PasswordInput | forms.FileInput) and bound.name != "reason"


def _as_sent(bound: BoundField, value: Any) -> list[str]:
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value and value != "False" else []
    shown = widget.format_value(bound.field.prepare_value(value)) if value is not None else None
    if isinstance(shown, list | tuple):
        return sorted(str(one) for one in shown if one not in (None, ""))
    text = "" if shown is None else str(shown).replace("\r\n", "\n").strip()
    return [text] if text else []


def _briefly(shown: Mapping[str, list[str]]) -> Shown:
    return {name: [_brief(value) for value in values] for name, values in shown.items()}


def _brief(value: str) -> str:
    return value if len(value) <= _LONGEST else "sha256:" + sha256(value.encode()).hexdigest()


def _label(form: BaseForm, name: str) -> str:
    return str(form[name].label or name)


def _words(form: BaseForm, name: str, values: list[str]) -> str:
    choices = {str(key): str(words) for key, words in getattr(form.fields[name].widget, "choices", ()) if key != ""}
    told = ", ".join(choices.get(value, value) for value in values)
    if isinstance(form.fields[name].widget, forms.CheckboxInput):
        return "“yes”" if values else "“no”"
    return f"“{told if len(told) <= _LONGEST else told[:_LONGEST] + '…'}”" if told else "nothing"
