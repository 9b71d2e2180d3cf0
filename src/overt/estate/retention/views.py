"""Retention, day by day: what went, what stays, what is at risk."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.estate.retention.queries import days_of, runs_for, standing
from overt.policy.queries import policy_in_force


@require_GET
def retention(request: HttpRequest) -> HttpResponse:
    """The newest day, or the one asked for, camera by camera; every day in sums."""
    user = signed_in(request)
    need(user, Act.SEE_SYSTEM)
    days = days_of(user)
    proven = [one["day"] for one in days if isinstance(one["day"], date)]
    last = proven[0] if proven else None
    shown = _asked(request) or last
    rows = list(runs_for(user).filter(day=shown).order_by("camera__number")) if shown else []
    context = {
        "days": days,
        "shown": shown,
        "rows": rows,
        "standing": standing(last, timezone.now()),
        "period": policy_in_force().retention_days,
        "may_read_log": may(user, Act.READ_LOGBOOK),
    }
    return render(request, "estate/retention/retention.html", context)


def _asked(request: HttpRequest) -> date | None:
    """The day of the query; what is none counts as not given."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
