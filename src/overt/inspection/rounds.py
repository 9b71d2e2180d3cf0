"""What the worker does for the logbook again and again, as often and as late as the policy in force says."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from overt.inspection.tasks import check_if_due, sign_if_due
from overt.logbook.services import erase_due
from overt.policy.queries import policy_in_force


def sign_checkpoint() -> None:
    sign_if_due(timezone.now(), timedelta(minutes=policy_in_force().checkpoint_minutes))


def erase_what_is_due() -> None:
    days = policy_in_force().logbook_personal_days
    erase_due(timezone.now(), None if days is None else timedelta(days=days))


def check_whole_logbook() -> None:
    check_if_due(timezone.now())
