"""What each role may do, and where that comes from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from overt.access.doors import need
from overt.access.queries import grants_in_force
from overt.access.renewal import Due, confirm, due_for
from overt.access.rules import ROLE_ACTS, Act, Role, can_be_withheld
from overt.access.terms import Pair, role_terms
from overt.access.words import ACT_WORDS, GROUPS, ROLE_WORDS
from overt.accounts.requests import signed_in
from overt.shared.asking import Done, ask_on
from overt.shared.forms import PlainForm


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a role has an act: "yes", "kept" (no policy takes it away), "withheld" by the policy, or "" for never."""

    role: str
    state: str


def roles(request: HttpRequest) -> HttpResponse:
    """The matrix, for everybody who may read the policy; one's own roles stand out. Source: BASS-8.2.1.6."""
    user = signed_in(request)
    need(user, Act.READ_POLICY)
    gone = role_terms().withheld
    groups = [(name, [(ACT_WORDS[act], _cells(act, gone)) for act in acts]) for name, acts in GROUPS]
    mine = {grant.role for grant in grants_in_force(user)}
    context = {
        "roles": [(ROLE_WORDS[role], role.value in mine) for role in Role],
        "groups": groups,
        "withheld": [(ROLE_WORDS[role], ACT_WORDS[act]) for role, act in sorted(gone)],
    }
    return render(request, "access/roles.html", context)


def renewals(request: HttpRequest) -> HttpResponse:
    """Everybody's roles by the day they lapse, to be confirmed together."""
    user = signed_in(request)
    need(user, Act.GRANT_ROLE)
    due = due_for(user)

    def act(form: ConfirmForm) -> Done:
        chosen = [one.grant for one in due if str(one.grant.pk) in form.cleaned_data["grants"]]
        count = confirm(chosen, by=user, reason=form.cleaned_data["reason"])
        return Done(f"{count} role{'s' if count != 1 else ''} confirmed.", "renewals")

    def context(form: ConfirmForm) -> dict[str, Any]:
        return {"due": due, "every": role_terms().every, "chosen": form["grants"].value() or []}

    return ask_on(request, partial(ConfirmForm, due=due), act, "access/renewals.html", context)


class ConfirmForm(PlainForm):
    grants = forms.MultipleChoiceField(error_messages={"required": "Choose the roles that are still needed."})
    reason = forms.CharField(
        label="Why are they still needed?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It goes into the logbook with each.",
    )

    def __init__(self, *args: Any, due: Sequence[Due], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grants"].choices = [(str(one.grant.pk), "") for one in due]  # type: ignore[attr-defined]
        self.fields["grants"].error_messages["required"] = "Choose the roles that are still needed."


def _cells(act: Act, gone: Collection[Pair]) -> list[Cell]:
    return [Cell(ROLE_WORDS[role], _state(role, act, gone)) for role in Role]


def _state(role: Role, act: Act, gone: Collection[Pair]) -> str:
    if act not in ROLE_ACTS[role]:
        return ""
    if (role, act) in gone:
        return "withheld"
    return "yes" if can_be_withheld(role, act) else "kept"
