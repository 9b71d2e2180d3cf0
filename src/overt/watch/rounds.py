"""What the worker does for this room again and again."""

from __future__ import annotations

from django.utils import timezone

from overt.watch.integrity.services import check_a_little
from overt.watch.live.services import close_lapsed
from overt.watch.reviews.services import close_lapsed_reviews
from overt.watch.supervised.services import end_those_over


def close_what_was_left() -> int:
    """Close pictures and reviews whose page went away without a word, and supervisions that are over.

    Returns how many.
    """
    now = timezone.now()
    return end_those_over(now) + close_lapsed(now) + close_lapsed_reviews(now)


def read_on() -> None:
    """Take the next step through everything stored, held against its hashes."""
    check_a_little(timezone.now())
