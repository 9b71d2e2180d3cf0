"""Ask, act, tell: every page that asks a question and does one act goes through here.

The form is shown, or what was sent is looked at; a refusal stands beside its field with everything typed kept, under
status 422; an act that was done is told on the page that follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render, resolve_url

from overt.shared.problems import refusals_on

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
) -> HttpResponse:
    """A page that asks the form's fields and nothing else; `back` is where *Cancel* leads. See `ask_on`."""
    context = {**asdict(question), "back": resolve_url(back)}
    return ask_on(request, make, act, "web/ask.html", lambda form: context)


def ask_on(
    request: HttpRequest,
    make: Callable[..., F],
    act: Callable[[F], Done | HttpResponse | None],
    template: str,
    context: Callable[[F], Mapping[str, Any]] = lambda form: {},
) -> HttpResponse:
    """The same on a page of its own, which is given `form` and what `context` makes for it.

    `make(data, files)` makes the form, `make()` the unanswered one. `act` gets it once it is filled in rightly; the
    BadInput that it raises is told beside the field named. One that adds an error itself gives None.
    """
    if request.method not in _METHODS:
        return HttpResponseNotAllowed(_METHODS)
    form = make(request.POST, request.FILES) if request.method == "POST" else make()
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            done = act(form)
            if done is not None:
                return _as_response(request, done)
    return render(request, template, {**context(form), "form": form}, status=422 if form.errors else 200)


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
