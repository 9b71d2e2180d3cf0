"""Holidays proclaimed since the kept list's edition: what there is, and adding one, which moves open clocks."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from overt.access.doors import need
from overt.access.queries import may_everywhere
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.clocks.calendars import Nation
from overt.clocks.models import ProclaimedHoliday
from overt.clocks.services import add_holiday, take_back_holiday
from overt.clocks.words import day_words, plural
from overt.policy.clock_fields import NATION_WORDS
from overt.policy.forms import HolidayForm, PlainReasonForm
from overt.policy.queries import policy_in_force
from overt.shared.errors import NotThere
from overt.shared.problems import told_on


class NoSuchHoliday(NotThere):
    """There is no such holiday."""


def holidays(request: HttpRequest) -> HttpResponse:
    """What was proclaimed, for everybody; adding is for who keeps the policy of the whole scheme."""
    user = signed_in(request)
    need(user, Act.READ_POLICY)
    if request.method == "POST":
        need(user, Act.MANAGE_POLICY, everywhere=True)
    initial = {"nation": policy_in_force().nation}
    form = HolidayForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        with told_on(form):
            _, moved = add_holiday(
                said["day"], nation=Nation(said["nation"]), name=said["name"], source=said["source"], by=user
            )
            clocks = plural(len(moved), "open clock was", "open clocks were")
            messages.success(request, f"{day_words(said['day'])} is a holiday. {clocks} worked out to another answer.")
            return redirect("clock-holidays")
    kept = ProclaimedHoliday.objects.all()
    rows = [(one, day_words(one.day), NATION_WORDS[Nation(one.nation)]) for one in kept]
    context = {"form": form, "rows": rows[::-1], "may_add": may_everywhere(user, Act.MANAGE_POLICY)}
    return render(request, "policy/holidays.html", context, status=422 if form.errors else 200)


def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """A holiday added by mistake, or called off."""
    user = signed_in(request)
    need(user, Act.MANAGE_POLICY, everywhere=True)
    holiday = ProclaimedHoliday.objects.filter(pk=key).first()
    if holiday is None:
        raise NoSuchHoliday("There is no such holiday.")
    form = PlainReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with told_on(form):
            _, moved = take_back_holiday(holiday, reason=form.cleaned_data["reason"], by=user)
            clocks = plural(len(moved), "open clock was", "open clocks were")
            messages.success(request, f"{holiday.name} is taken back. {clocks} worked out to another answer.")
            return redirect("clock-holidays")
    context = {
        "form": form,
        "title": "Take it back",
        "caption": f"{holiday.name}, {day_words(holiday.day)}",
        "lead": "It stays in the list as taken back. Every open clock is worked out again without it.",
        "button": "Take it back",
        "back": reverse("clock-holidays"),
    }
    return render(request, "web/ask.html", context, status=422 if form.errors else 200)
