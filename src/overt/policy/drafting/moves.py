"""The moves of a version: drafting, consulting, approving, putting in force, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.policy.drafting import services
from overt.policy.drafting.forms import ApproveForm, DraftForm, NoteForm, StartForm
from overt.policy.models import PolicyVersion
from overt.policy.queries import access_version, policy_in_force, version_in_force
from overt.policy.rules.check import errors_of
from overt.policy.schemes import shipped
from overt.shared.asking import Done, Question, ask


def draft(request: HttpRequest) -> HttpResponse:
    """Begin a version from the policy in force or from a published scheme."""
    user = signed_in(request)
    need(user, Act.MANAGE_POLICY, everywhere=True)
    current = version_in_force()

    def act(form: DraftForm) -> Done:
        source, title = form.cleaned_data["source"], form.cleaned_data["title"]
        policy = policy_in_force() if source == "in-force" else services.own_copy(shipped(source), title)
        made = services.start_draft(policy, by=user, reason=form.cleaned_data["reason"])
        return Done(f"{made} is drafted. Change it until it says what your code says.", made)

    question = Question(
        title="Draft a new version",
        caption="Policy",
        lead="Nothing changes for anybody until it has been consulted on, approved and put in force.",
        button="Begin",
    )
    made = partial(DraftForm, in_force=policy_in_force().title if current else "")
    return ask(request, made, act, question, back="policy")


def consult(request: HttpRequest, number: int) -> HttpResponse:
    def do(held: PolicyVersion, form: NoteForm) -> None:
        services.consult(held, by=signed_in(request), note=form.cleaned_data["reason"])

    hint = "Name the bodies and groups, when, and what they said. A later change sends the version round again."
    return _ask(
        request, number, do, act=Act.MANAGE_POLICY, title="Record the consultation", button="Record", hint=hint,
        label="Who was consulted, and what came of it", done="The consultation is recorded.",
    )  # fmt: skip


def reopen(request: HttpRequest, number: int) -> HttpResponse:
    def do(held: PolicyVersion, form: NoteForm) -> None:
        services.reopen(held, by=signed_in(request), reason=form.cleaned_data["reason"])

    return _ask(
        request, number, do, act=Act.MANAGE_POLICY, title="Take it back to draft", button="Take back",
        label="Why", done="It is a draft again.",
    )  # fmt: skip


def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    def do(held: PolicyVersion, form: NoteForm) -> None:
        services.withdraw(held, by=signed_in(request), reason=form.cleaned_data["reason"])

    return _ask(
        request, number, do, act=Act.MANAGE_POLICY, title="Withdraw it", button="Withdraw", label="Why",
        done="It is withdrawn. Its number is not used again.",
    )  # fmt: skip


def approve(request: HttpRequest, number: int) -> HttpResponse:
    """A second person approves; errors that stay are accepted one by one."""
    user = signed_in(request)
    need(user, Act.APPROVE_POLICY, everywhere=True)
    held = access_version(user, number)

    def act(form: ApproveForm) -> Done:
        said = form.cleaned_data
        services.approve(held, by=user, reason=said["reason"], accepted=said.get("accepted", []))
        return Done(f"{held} is approved. It is in force once the manager puts it in force.", held)

    lead = "You answer for this version together with whoever wrote it."
    made = partial(ApproveForm, errors=errors_of(services.findings(held)))
    return ask(request, made, act, Question("Approve it", "Approve", lead, str(held)), back=held)


def start(request: HttpRequest, number: int) -> HttpResponse:
    """From when the rooms act on it."""
    user = signed_in(request)
    need(user, Act.MANAGE_POLICY, everywhere=True)
    held = access_version(user, number)

    def act(form: StartForm) -> Done:
        services.put_in_force(held, by=user, effective_from=form.cleaned_data["effective_from"])
        return Done(f"{held} is put in force. Open clocks that count with it are worked out again.", held)

    lead = "Retention, reasons and ranks follow it from then on. What was done before was done under the old one."
    return ask(request, StartForm, act, Question("Put it in force", "Put in force", lead, str(held)), back=held)


def _ask(
    request: HttpRequest,
    number: int,
    do: Callable[[PolicyVersion, NoteForm], None],
    *,
    act: Act,
    title: str,
    button: str,
    label: str,
    done: str,
    hint: str = "",
) -> HttpResponse:
    user = signed_in(request)
    need(user, act, everywhere=True)
    held = access_version(user, number)

    def act_on(form: NoteForm) -> Done:
        do(held, form)
        return Done(done, held)

    made = partial(NoteForm, label=label, hint=hint)
    return ask(request, made, act_on, Question(title, button, caption=str(held)), back=held)
