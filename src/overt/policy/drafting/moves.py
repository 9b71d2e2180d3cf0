"""The moves of a version: drafting, consulting, approving, putting in force, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Move:
    """A move whose page asks one thing: the act it takes, its words, and what is said once it is done."""

    act: Act
    title: str
    button: str
    label: str
    done: str
    hint: str = ""


CONSULT = Move(
    Act.MANAGE_POLICY,
    "Record the consultation",
    "Record",
    "Who was consulted, and what came of it",
    "The consultation is recorded.",
    "Name the bodies and groups, when, and what they said. A later change sends the version round again.",
)
REOPEN = Move(Act.MANAGE_POLICY, "Take it back to draft", "Take back", "Why", "It is a draft again.")
WITHDRAW = Move(Act.MANAGE_POLICY, "Withdraw it", "Withdraw", "Why", "It is withdrawn. Its number is not used again.")


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

    return _ask(request, number, CONSULT, do)


def reopen(request: HttpRequest, number: int) -> HttpResponse:
    def do(held: PolicyVersion, form: NoteForm) -> None:
        services.reopen(held, by=signed_in(request), reason=form.cleaned_data["reason"])

    return _ask(request, number, REOPEN, do)


def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    def do(held: PolicyVersion, form: NoteForm) -> None:
        services.withdraw(held, by=signed_in(request), reason=form.cleaned_data["reason"])

    return _ask(request, number, WITHDRAW, do)


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
    made = partial(ApproveForm, errors=[one for one in errors_of(services.findings(held)) if not one.final])
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


def _ask(request: HttpRequest, number: int, move: Move, do: Callable[[PolicyVersion, NoteForm], None]) -> HttpResponse:
    user = signed_in(request)
    need(user, move.act, everywhere=True)
    held = access_version(user, number)

    def act_on(form: NoteForm) -> Done:
        do(held, form)
        return Done(move.done, held)

    made = partial(NoteForm, label=move.label, hint=move.hint)
    return ask(request, made, act_on, Question(move.title, move.button, caption=str(held)), back=held)
