from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from overt.accounts.models import User
from overt.logbook.services import log
from overt.lost_property.log_actions import HANDED_IN, HandedIn
from overt.lost_property.models import Thing


@transaction.atomic
def hand_in(words: str, *, by: User) -> Thing:
    """Write down what was found."""
    thing = Thing.objects.create(words=words, handed_in_at=timezone.now())
    log(HANDED_IN, thing, by=by, facts=HandedIn(letters=len(words)))
    return thing
