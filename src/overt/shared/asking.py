"""Ask, act, tell: every page that asks a question and does one act goes through here.

The form is shown, or what was sent is looked at; a refusal stands beside its field with everything typed kept, under
status 422 or that of the refusal; an act that was done is told on the page that follows. What was typed before a
sign-in (shared.typed) fills the form again, and nothing is done until it is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render, resolve_url
from django.utils.datastructures import MultiValueDict

from overt.shared.edits import ChangedMeanwhile, Edit, drawn_as, merged, shown_by, tell_changes, unchanged
from overt.shared.errors import OvertError
from overt.shared.problems import add_refusal, refusals_on
from overt.shared.typed import Typed

F = TypeVar("F", bound=BaseForm)
_METHODS = ("GET", "HEAD", "POST")


@dataclass(frozen=True, slots=True)
class Question:
    """The words around a form that does one act."""

    title: str
    button: str
    lead: str = ""
    caption: str = ""
    danger: bool = False  # it cannot be undone


@dataclass(frozen=True, slots=True)
class Done:
    """An act was done: what its doer is told, if anything, and where the way goes on, as `redirect` takes it."""

    words: str
    to: Any


def ask(
    request: HttpRequest,
    make: Callable[..., F],
    act: Callable[[F], Done | HttpResponse | None],
    question: Question,
    *,
    back: Any,
    edit: Edit | None = None,
) -> HttpResponse:
    """A page that asks the form's fields and nothing else; `back` is where *Cancel* leads. See `ask_on`."""
    context = {**asdict(question), "back": resolve_url(back)}
    return ask_on(request, make, act, "web/ask.html", lambda form: context, edit=edit)


def ask_on(
    request: HttpRequest,
    make: Callable[..., F],
    act: Callable[[F], Done | HttpResponse | None],
    template: str,
    context: Callable[[F], Mapping[str, Any]] = lambda form: {},
    *,
    edit: Edit | None = None,
) -> HttpResponse:
    """The same on a page of its own, which is given `form` and what `context` makes for it.

    `make(data, files)` makes the form, `make()` the unanswered one. `act` gets it once it is filled in rightly; the
    BadInput that it raises is told beside the field named, any other refusal of a room at the head of the form. One
    that adds an error itself gives None. A form that changes what is kept says what in `edit`: `make()` then shows it
    as it is now, whenever it is called, and a form that was drawn before somebody else's change is not acted on.
    """
    if request.method not in _METHODS:
        return HttpResponseNotAllowed(_METHODS)

    def shown(status: int = 200) -> HttpResponse:
        if edit is not None:
            form.seen = drawn_as(edit, make, form)  # type: ignore[attr-defined]  # for the tag that draws the form
        return render(request, template, {**context(form), "form": form}, status=status)

    if request.method != "POST":
        form = make()
        if (kept := kept_form(request, make)) is not None:
            form = kept
            refused_on(request, form, lambda status: shown())
        return shown()
    form = make(request.POST, request.FILES)
    refused_on(request, form, shown)
    with ExitStack() as locked:
        if edit is not None:
            now = shown_by(make())
            if (both := merged(edit, form, now, request.POST)) is not None:
                form = make(both, request.FILES)
                tell_changes(form, edit, now, request.POST)
                return shown(ChangedMeanwhile.status)
            locked.enter_context(unchanged(edit, make, now))
        if form.is_valid():
            with refusals_on(form):
                done = act(form)
                if done is not None:
                    return _as_response(request, done)
    ask_for_files_again(request, form)
    return shown(422 if form.errors else 200)


def kept_form(request: HttpRequest, make: Callable[..., F]) -> F | None:
    """The form with what this person had typed when a sign-in came between (GET alone); None where nothing was."""
    typed: Typed | None = getattr(request, "typed", None)
    if typed is None or request.method == "POST":
        return None
    typed.shown = True
    return make(typed.data, MultiValueDict())


def refused_on(request: HttpRequest, form: BaseForm, shown: Callable[[int], HttpResponse]) -> None:
    """From here on, what a room refuses by an error (missing, forbidden, a conflict) is told on this form.

    The house's middleware catches and writes it down as ever; it answers with `shown(status)` in place of a bare page.
    """

    def told(error: OvertError) -> HttpResponse:
        _ = form.errors  # looks the form over, where the refusal came before that
        add_refusal(form, error)
        ask_for_files_again(request, form)
        return shown(error.status)

    request.told_on_form = told  # type: ignore[attr-defined]  # for overt.web.middleware


def ask_for_files_again(request: HttpRequest, form: BaseForm) -> None:
    """Name the files of a refused form beside their fields: no browser keeps them."""
    for name in request.FILES if form.errors else ():
        if name in form.fields:
            names = ", ".join(str(one.name) for one in request.FILES.getlist(name))
            form.add_error(name, f"Choose the file again: {names}.")


def confirm(
    request: HttpRequest, act: Callable[[], Done | HttpResponse], question: Question, *, back: Any
) -> HttpResponse:
    """A page that asks nothing but whether: one button."""
    if request.method == "POST":
        return _as_response(request, act())
    return render(request, "web/ask.html", {**asdict(question), "back": resolve_url(back)})


def _as_response(request: HttpRequest, done: Done | HttpResponse) -> HttpResponse:
    if isinstance(done, HttpResponse):
        return done
    if done.words:
        messages.success(request, done.words)
    return redirect(done.to)
