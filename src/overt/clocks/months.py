"""Calendar months, as the law counts them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from overt.clocks.errors import ClockError


def corresponding(day: date, months: int) -> tuple[date, bool]:
    """The corresponding date so many months later, and whether there is one; else that month's last day.

    Source: Dodds v Walker [1981] 1 WLR 1027 (the corresponding date rule).
    """
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    if not 1 <= year <= 9998:
        raise ClockError("The date is beyond the calendar.")
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)), day.day <= last


def last_day_beginning_with(day: date, months: int) -> date:
    """The last day of "so many months beginning with" a day: the day before the corresponding date.

    Where the month has no corresponding date the period ends with that month. Source: RIPA 2000 s.43(9), s.81(1).
    """
    found, exists = corresponding(day, months)
    return found - timedelta(days=1) if exists else found
