"""The one way into the logbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import models

from overt.shared.canonical import Json

if TYPE_CHECKING:
    from overt.accounts.models import User
    from overt.logbook.models import Entry


def record(
    action: str,
    subject: models.Model | None = None,
    *,
    by: User | None,
    reason: str = "",
    facts: Mapping[str, Json] | None = None,
    personal: Mapping[str, str] | None = None,
) -> Entry:
    """Append one entry inside the caller's transaction and return it.

    `action` is a registered dotted name in the past tense; `subject` is what the act was done to; `facts` are kept
    for ever and must hold nothing personal; `reason`, the actor's name and `personal` are committed to by salted
    hashes and can be erased at their date. Raises NotInTransaction outside one, UnknownAction for an unregistered name.
    """
    raise NotImplementedError
