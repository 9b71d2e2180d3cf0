"""Changing a draft: as a text with what the check finds beside it, or one setting at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.logbook.changes import last_change
from overt.policy.drafting import services
from overt.policy.drafting.forms import ChangeForm, HeadForm
from overt.policy.drafting.setting_form import SettingForm, has_form
from overt.policy.files import lines_in, read_text, write_text
from overt.policy.log_actions import CHANGED, DRAFTED, REOPENED
from overt.policy.models import PolicyVersion
from overt.policy.queries import NoSuchVersion, access_version, policy_of
from overt.policy.reading.words import clause_words
from overt.policy.rules import BadPolicy, SchemePolicy, setting_named
from overt.policy.rules.check import check
from overt.policy.rules.findings import Finding
from overt.policy.rules.moves import VersionState, WrongMove
from overt.policy.rules.settings import Setting
from overt.shared.asking import Done, Question, ask, ask_on
from overt.shared.edits import Edit

#: Empty lines below the text, to write on without the box scrolling away from its numbers.
_SPARE_LINES = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A finding beside the text, with the line of the first setting it is about."""

    finding: Finding
    line: int | None


def change(request: HttpRequest, number: int) -> HttpResponse:
    """The draft as text. Everything that cannot be is said by its line, and nothing is stored then."""
    user = signed_in(request)
    need(user, Act.MANAGE_POLICY, everywhere=True)
    held = _draft(access_version(user, number))
    only_check = request.POST.get("do") == "check"

    def made(*sent: Any) -> ChangeForm:
        return ChangeForm(*sent, only_check=only_check, initial={"text": write_text(policy_of(held))})

    def act(form: ChangeForm) -> Done | None:
        text = form.cleaned_data["text"].replace("\r\n", "\n")
        try:
            if not only_check:
                services.change_draft(held, text, by=user, reason=form.cleaned_data["reason"])
                return Done(f"{held} is changed.", held)
            read_text(text)
        except BadPolicy as error:
            form.add_error("text", list(error.faults))
        return None

    def context(form: ChangeForm) -> dict[str, Any]:
        return {**_beside(form), "version": held, "back": held.get_absolute_url(), "checked": only_check}

    return ask_on(request, made, act, "policy/drafting/change.html", context, edit=_edit(held))


def _edit(held: PolicyVersion) -> Edit:
    return Edit(held, partial(last_change, held, DRAFTED, CHANGED, REOPENED))


def _beside(form: ChangeForm) -> dict[str, Any]:
    """The lines of the text in hand, and what the check finds in it."""
    text = str(form["text"].value() or "").replace("\r\n", "\n")
    lines = text.count("\n") + _SPARE_LINES
    form.fields["text"].widget.attrs["rows"] = lines
    faults = [(fault, _line_of(str(fault))) for fault in form.errors.get("text", [])]
    return {
        "found": _found(text),
        "faults": faults,
        "wrong": {line for _, line in faults},
        "numbers": range(1, lines + 1),
    }


def _line_of(fault: str) -> int | None:
    """The line that a fault begins with, where it names one."""
    match = re.match(r"Line (\d+): ", fault)
    return int(match[1]) if match else None


def change_head(request: HttpRequest, number: int) -> HttpResponse:
    """The title page: what the code is called, its edition and its days."""
    user = signed_in(request)
    need(user, Act.MANAGE_POLICY, everywhere=True)
    held = _draft(access_version(user, number))

    def made(data: Any = None, files: Any = None) -> HeadForm:
        initial = {name: held.document.get(name) or "" for name in HeadForm.base_fields}
        return HeadForm(data, files, initial=initial)

    def act(form: HeadForm) -> Done | None:
        head = {name: value or None for name, value in form.cleaned_data.items() if name != "reason"}
        try:
            services.change_head(held, head, by=user, reason=form.cleaned_data["reason"])
        except BadPolicy as error:
            for fault in error.faults:
                name = fault.partition(":")[0]
                form.add_error(name if name in form.fields else None, fault)
            return None
        return Done("The title page is changed.", held)

    question = Question("Change the title page", "Save", caption=str(held))
    return ask(request, made, act, question, back=held, edit=_edit(held))


def change_setting(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """One setting: its meaning, what the code says, the unit, the clauses."""
    user = signed_in(request)
    need(user, Act.MANAGE_POLICY, everywhere=True)
    held = _draft(access_version(user, number))
    setting = _setting(name)
    back = f"{held.get_absolute_url()}#{name}"

    def act(form: SettingForm) -> Done | None:
        try:
            services.change_setting(held, name, form.term(), by=user, reason=form.cleaned_data["reason"])
        except BadPolicy as error:
            form.add_error("clauses" if "no clause" in str(error) else "value", list(error.faults))
            return None
        return Done(f"{name} is changed.", back)

    def context(form: SettingForm) -> dict[str, Any]:
        policy = policy_of(held)
        return {
            "version": held,
            "setting": setting,
            "clauses": clause_words(policy.term(name).clauses),
            "default": setting.default,
            "back": back,
            "found": [Found(one, None) for one in _check(policy) if name in one.settings],
        }

    def made(*sent: Any) -> SettingForm:
        return SettingForm(*sent, setting=setting, policy=policy_of(held))

    return ask_on(request, made, act, "policy/drafting/setting.html", context, edit=_edit(held))


def _draft(version: PolicyVersion) -> PolicyVersion:
    """Raises WrongMove for what is no draft any more, before anybody fills a form in for it."""
    if version.state != VersionState.DRAFT:
        raise WrongMove(f"{version} is {version.get_state_display()} and is not changed any more. Draft a new version.")
    return version


def _setting(name: str) -> Setting:
    try:
        setting = setting_named(name)
    except BadPolicy:
        raise NoSuchVersion(name) from None
    if not has_form(setting):
        raise NoSuchVersion(name)
    return setting


def _found(text: str) -> list[Found]:
    """What the check finds in a text, with the lines; nothing where it cannot be read yet."""
    try:
        policy = read_text(text)
    except BadPolicy:
        return []
    lines = lines_in(text)
    return [Found(one, next((lines[name] for name in one.settings if name in lines), None)) for one in _check(policy)]


def _check(policy: SchemePolicy) -> list[Finding]:
    return check(policy, timezone.localdate())
