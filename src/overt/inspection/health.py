"""How the logbook stood when it was last checked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from overt.inspection.log_actions import CHECKED
from overt.logbook.models import Entry
from overt.rooms import Standing
from overt.shared.moments import short_text

if TYPE_CHECKING:
    from overt.accounts.models import User


def last_check(user: User, now: datetime) -> list[Standing]:
    """How the logbook's last check from end to end went."""
    last = Entry.objects.filter(action=CHECKED.name).order_by("-number").first()
    if last is None:
        return [Standing("Logbook", "Not checked yet; the worker does so once a day", place=50)]
    when = short_text(last.recorded_at)
    if last.facts.get("sound"):
        return [Standing("Logbook", f"Checked from end to end {when}: sound", place=50)]
    return [Standing("Logbook", f"Checked from end to end {when}: damaged", "late", "Act now", place=50)]
