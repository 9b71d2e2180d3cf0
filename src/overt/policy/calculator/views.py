"""The clock calculator: a deadline with its working, for anybody in the scheme. Nothing is stored by it."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from overt.access.doors import need
from overt.access.queries import may_everywhere
from overt.access.rules import Act
from overt.accounts.models import User
from overt.accounts.requests import signed_in
from overt.clocks.engine import work_out
from overt.clocks.errors import ClockError
from overt.clocks.models import Clock
from overt.clocks.questions import Answer, Question
from overt.clocks.services import with_holidays
from overt.policy.calculator.answers import view_of, what_of
from overt.policy.calculator.forms import NOT_ASKED, ClockForm, KindForm, kinds_in_groups
from overt.policy.held.services import NoSuchClock, access_clock
from overt.policy.queries import figures_in_force, policy_in_force, version_in_force


def clock(request: HttpRequest) -> HttpResponse:
    """First what runs, then what happened: all by query, so that a deadline with its working has an address."""
    user = signed_in(request)
    need(user, Act.READ_POLICY)
    if not request.GET.get("kind"):
        return render(request, "policy/calculator/kinds.html", {"groups": kinds_in_groups()})
    said = {name: value for name, value in request.GET.items() if value or name == "received"}
    if len(said) < len(request.GET):
        return redirect(f"{request.path}?{urlencode(said)}")  # an address that can be sent on, without empty words
    chosen = KindForm(request.GET)
    if not chosen.is_valid():
        return render(
            request, "policy/calculator/kinds.html", {"groups": kinds_in_groups(), "form": chosen}, status=422
        )
    form = form_for(request, chosen)
    answer = answer_to(form)
    kept = kept_clock(request, user)
    context = {
        "form": form,
        "what": what_of(form.kind),
        "answer": view_of(answer.as_json(), timezone.now()) if answer else None,
        "law_of": form.cleaned_data.get("as_of") if answer else None,
        "kept": kept,
        "may_keep": answer is not None and may_everywhere(user, Act.KEEP_CLOCK),
        "own_figures": answer is not None and not form.cleaned_data.get("policy"),
        "query": request.GET.urlencode(),
    }
    return render(request, "policy/calculator/clock.html", context, status=422 if form.errors else 200)


def form_for(request: HttpRequest, chosen: KindForm) -> ClockForm:
    """The form of a kind; bound once anything was asked beyond the kind."""
    version, policy = version_in_force(), policy_in_force()
    named = f"The policy in force: {policy.title}, version {version.number}" if version else "No policy is in force"
    asked = any(name not in NOT_ASKED for name in request.GET)
    return ClockForm(
        chosen.cleaned_data["kind"], request.GET if asked else None,
        figures=figures_in_force(), in_force=named, nation=policy.nation,
    )  # fmt: skip


def answer_to(form: ClockForm) -> Answer | None:
    """The answer to a form that was filled in; what the rules refuse stands on the form, beside its field."""
    question = question_of(form)
    if question is None:
        return None
    try:
        return work_out(with_holidays(question))
    except ClockError as error:
        form.tell(error)
        return None


def question_of(form: ClockForm) -> Question | None:
    """What a form asks; None where it asks nothing yet, or what cannot be."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return form.question()
    except ClockError as error:
        form.tell(error)
        return None


def kept_clock(request: HttpRequest, user: User) -> Clock | None:
    """The kept clock that the calculator was opened for. Raises NoSuchClock."""
    named = request.GET.get("clock")
    if not named:
        return None
    try:
        return access_clock(user, UUID(named))
    except ValueError:
        raise NoSuchClock from None
