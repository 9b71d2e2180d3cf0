"""Open breaches, on the wall and the first page of those who must answer them or read the whole logbook."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from overt.access.queries import may_everywhere
from overt.access.rules import Act
from overt.breaches.models import CodeBreach
from overt.breaches.queries import open_breaches
from overt.rooms import Notice

if TYPE_CHECKING:
    from overt.accounts.models import User

AT_MOST = 4


def breaches_to_tell(user: User, now: datetime) -> list[Notice]:
    """Until somebody answers. Source: BASS-6.2.3.a, BASS-6.2.3.c.8, BASS-9.1.c."""
    if not (may_everywhere(user, Act.ANSWER_BREACH) or may_everywhere(user, Act.READ_LOGBOOK)):
        return []
    return [_notice(one) for one in open_breaches()[:AT_MOST]]


def _notice(breach: CodeBreach) -> Notice:
    title, href = f"Breach {breach.pk}: {breach.words[:120]}", breach.get_absolute_url()
    return Notice("Breach", title, "Nobody has answered it", tone="now", href=href)
