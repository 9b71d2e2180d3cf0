"""Holidays proclaimed since the kept list's edition: what there is, and adding one, which moves open clocks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from overt.access.doors import need
from overt.access.queries import may_everywhere
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.clocks.calendars import Nation
from overt.clocks.models import ProclaimedHoliday
from overt.clocks.services import add_holiday
from overt.clocks.words import day_words, plural
from overt.policy.clock_fields import NATION_WORDS
from overt.policy.forms import HolidayForm
from overt.policy.queries import policy_in_force
from overt.shared.problems import told_on


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
    rows = [(one, day_words(one.day), NATION_WORDS[Nation(one.nation)]) for one in ProclaimedHoliday.objects.all()]
    context = {"form": form, "rows": rows[::-1], "may_add": may_everywhere(user, Act.MANAGE_POLICY)}
    return render(request, "policy/holidays.html", context, status=422 if form.errors else 200)
