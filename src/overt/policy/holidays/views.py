"""Holidays proclaimed since the kept list's edition: what there is, and adding one, which moves open clocks."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from overt.access.doors import need
from overt.access.queries import may_everywhere
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.clocks.calendars import Nation
from overt.clocks.models import ProclaimedHoliday
from overt.clocks.services import add_holiday, take_back_holiday
from overt.clocks.words import day_words, plural
from overt.policy.calculator.fields import NATION_WORDS
from overt.policy.holidays.forms import HolidayForm
from overt.policy.queries import policy_in_force
from overt.shared.asking import Done, Question, ask, ask_on
from overt.shared.errors import NotThere
from overt.shared.forms import ReasonForm


class NoSuchHoliday(NotThere):
    """There is no such holiday."""


def holidays(request: HttpRequest) -> HttpResponse:
    """What was proclaimed, for everybody; adding is for who keeps the policy of the whole scheme."""
    user = signed_in(request)
    need(user, Act.READ_POLICY)
    if request.method == "POST":
        need(user, Act.MANAGE_POLICY, everywhere=True)

    def act(form: HolidayForm) -> Done:
        said = form.cleaned_data
        _, moved = add_holiday(
            said["day"], nation=Nation(said["nation"]), name=said["name"], source=said["source"], by=user
        )
        clocks = plural(len(moved), "open clock was", "open clocks were")
        return Done(f"{day_words(said['day'])} is a holiday. {clocks} worked out to another answer.", "clock-holidays")

    def context(form: HolidayForm) -> dict[str, Any]:
        kept = ProclaimedHoliday.objects.all()
        rows = [(one, day_words(one.day), NATION_WORDS[Nation(one.nation)]) for one in kept]
        return {"rows": rows[::-1], "may_add": may_everywhere(user, Act.MANAGE_POLICY)}

    made = partial(HolidayForm, initial={"nation": policy_in_force().nation})
    return ask_on(request, made, act, "policy/holidays/holidays.html", context)


def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """A holiday added by mistake, or called off."""
    user = signed_in(request)
    need(user, Act.MANAGE_POLICY, everywhere=True)
    holiday = ProclaimedHoliday.objects.filter(pk=key).first()
    if holiday is None:
        raise NoSuchHoliday("There is no such holiday.")

    def act(form: ReasonForm) -> Done:
        _, moved = take_back_holiday(holiday, reason=form.cleaned_data["reason"], by=user)
        clocks = plural(len(moved), "open clock was", "open clocks were")
        return Done(f"{holiday.name} is taken back. {clocks} worked out to another answer.", "clock-holidays")

    question = Question(
        title="Take it back",
        caption=f"{holiday.name}, {day_words(holiday.day)}",
        lead="It stays in the list as taken back. Every open clock is worked out again without it.",
        button="Take it back",
    )
    return ask(request, ReasonForm, act, question, back="clock-holidays")
