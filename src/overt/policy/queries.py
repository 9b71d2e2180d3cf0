"""The policy in force."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from overt.policy.models import PolicyVersion
from overt.policy.rules import SchemePolicy, policy_from, starting_policy


def policy_in_force(at: datetime | None = None) -> SchemePolicy:
    """The scheme's policy at a moment (now, unless given); the safe defaults where none was adopted yet."""
    version = PolicyVersion.objects.filter(effective_from__lte=at or timezone.now()).last()
    return policy_from(version.document) if version else starting_policy()
