"""Clocks that are kept: the list, one with all its answers, keeping one, working it out again, ending it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models.functions import Coalesce, TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from overt.access.doors import need
from overt.access.queries import may_everywhere
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.clocks.kinds import Kind
from overt.clocks.models import Clock, ClockAnswer
from overt.clocks.questions import Question
from overt.clocks.rules import ClockState
from overt.clocks.stored import question_from_json
from overt.clocks.words import LOCAL
from overt.policy.calculator.answers import AnswerView, view_of, what_of
from overt.policy.calculator.forms import ClockForm, KindForm, query_of
from overt.policy.calculator.views import answer_to, form_for, question_of
from overt.policy.held import services
from overt.policy.held.forms import KeepForm
from overt.policy.held.services import REVIEW_OWNER
from overt.shared import asking
from overt.shared.asking import Done
from overt.shared.forms import ReasonForm

_A_PAGE = 50
_SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One kept clock in the list."""

    clock: Clock
    what: str
    answer: AnswerView
    tone: str
    changed: str


def held(request: HttpRequest) -> HttpResponse:
    """The open ones, soonest first; those that ended on request."""
    user = signed_in(request)
    ended = request.GET.get("ended") == "yes"
    found = services.clocks_for(user)
    open_ones = found.filter(state=ClockState.OPEN)
    day = Coalesce(TruncDate("acting_at", tzinfo=LOCAL), "acting_on")
    shown = (
        found.exclude(state=ClockState.OPEN).order_by("-ended_at")
        if ended
        else open_ones.order_by(day.asc(nulls_last=True), "acting_at", "started_at")
    )
    page = Paginator(shown, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(one) for one in page],
        "ended": ended,
        "caption": f"Clocks, {'last ended' if ended else 'soonest'} first",
        "open_count": open_ones.count(),
        "ended_count": found.exclude(state=ClockState.OPEN).count(),
        "may_keep": may_everywhere(user, Act.KEEP_CLOCK),
    }
    return render(request, "policy/held/clocks.html", context)


def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One clock: what holds now, and every answer before it."""
    user = signed_in(request)
    clock = services.access_clock(user, key)
    now = timezone.now()
    answers = [(view_of(kept.answer, now), kept, _said_changed(kept)) for kept in reversed(list(clock.answers.all()))]
    question = question_from_json(clock.question)
    context = {
        "clock": clock,
        "what": what_of(Kind(clock.kind)),
        "answer": answers[0][0],
        "answers": answers,
        "again": f"{reverse('clocks')}?{urlencode(query_of(question) | {'clock': str(clock.pk)})}",
        "may_keep": may_everywhere(user, Act.KEEP_CLOCK) and clock.state == ClockState.OPEN,
        "version": clock.owner.removeprefix(REVIEW_OWNER) if clock.owner.startswith(REVIEW_OWNER) else "",
    }
    return render(request, "policy/held/clock.html", context)


def keep(request: HttpRequest) -> HttpResponse:
    """Keep what the calculator worked out, under a reference. The question stands in the address."""
    user = signed_in(request)
    need(user, Act.KEEP_CLOCK, everywhere=True)
    asked = _asked(request)
    if asked is None:
        return redirect(f"{reverse('clocks')}?{request.GET.urlencode()}")
    question, answer = asked

    def act(form: KeepForm) -> Done:
        said = form.cleaned_data
        made = services.keep_clock(question, reference=said["reference"], controller=said["controller"], by=user)
        return Done(f"The clock for {made.owner} is kept.", reverse("clock-held", args=[made.pk]))

    words = asking.Question(
        title="Keep this clock",
        caption=answer.what,
        lead=f"{answer.act} {answer.acting}." if answer.acting else "It stands still; there is no date yet.",
        button="Keep it",
    )
    return asking.ask(request, KeepForm, act, words, back=f"{reverse('clocks')}?{request.GET.urlencode()}")


def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Work a kept clock out again with what the calculator was told."""
    user = signed_in(request)
    need(user, Act.KEEP_CLOCK, everywhere=True)
    clock = services.access_clock(user, key)
    asked = _asked(request)
    if asked is None or asked[0].kind.value != clock.kind:
        return redirect(f"{reverse('clocks')}?{request.GET.urlencode()}")
    question, answer = asked

    def act() -> Done:
        made = services.answer_clock_again(clock, question, by=user)
        return Done(_said_changed(made) or "Nothing changed.", reverse("clock-held", args=[clock.pk]))

    words = asking.Question(
        title="Work it out again",
        caption=f"{answer.what}: {clock.owner}",
        lead=(f"{answer.act} {answer.acting}" if answer.acting else "There is no date yet")
        + ". The answer before stays beside it, and what changed is said.",
        button="Keep the new answer",
    )
    return asking.confirm(request, act, words, back=f"{reverse('clocks')}?{request.GET.urlencode()}")


def meet(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was due was done."""
    user = signed_in(request)
    need(user, Act.KEEP_CLOCK, everywhere=True)
    clock = services.access_clock(user, key)
    back = reverse("clock-held", args=[clock.pk])

    def act() -> Done:
        services.meet_clock(clock, by=user)
        return Done(f"{clock.owner}: done.", back)

    words = asking.Question(
        title="Say that it was done",
        caption=f"{what_of(Kind(clock.kind))}: {clock.owner}",
        lead="The clock ends here, and is not worked out again.",
        button="It was done",
    )
    return asking.confirm(request, act, words, back=back)


def close(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was due fell away, with the reason."""
    user = signed_in(request)
    need(user, Act.KEEP_CLOCK, everywhere=True)
    clock = services.access_clock(user, key)
    back = reverse("clock-held", args=[clock.pk])

    def act(form: ReasonForm) -> Done:
        services.close_clock(clock, reason=form.cleaned_data["reason"], by=user)
        return Done(f"{clock.owner}: closed.", back)

    caption = f"{what_of(Kind(clock.kind))}: {clock.owner}"
    words = asking.Question("Close it without an answer", "Close it", caption=caption)
    return asking.ask(request, ReasonForm, act, words, back=back)


def _asked(request: HttpRequest) -> tuple[Question, AnswerView] | None:
    """The question of the address with its answer; None where it cannot be kept as it stands."""
    chosen = KindForm(request.GET)
    if not chosen.is_valid():
        return None
    form: ClockForm = form_for(request, chosen)
    if form.data.get("policy"):
        return None
    answer, question = answer_to(form), question_of(form)
    if answer is None or question is None:
        return None
    return question, view_of(answer.as_json(), timezone.now())


def _row(clock: Clock) -> Row:
    answers = list(clock.answers.all())
    latest = answers[-1]
    view = view_of(latest.answer, timezone.now())
    return Row(clock, what_of(Kind(clock.kind)), view, _tone(clock, view), _said_changed(latest))


def _tone(clock: Clock, view: AnswerView) -> str:
    """Late, soon, or neither."""
    day = clock.acting_at.astimezone(LOCAL).date() if clock.acting_at else clock.acting_on
    if clock.state != ClockState.OPEN or day is None:
        return ""
    if view.late:
        return "late"
    return "wait" if (day - timezone.localdate()).days < _SOON_DAYS else ""


def _said_changed(answer: ClockAnswer) -> str:
    """What changed, as a sentence."""
    said = answer.what_changed
    return f"{said[0].upper()}{said[1:]}." if said else ""
