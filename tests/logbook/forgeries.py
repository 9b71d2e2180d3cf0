"""One table of forgeries of a logbook, for everything that checks one: an export, the database, a bag, its page.

The logbook of the table has 40 entries (and in an export the entry that tells of it), signed once at 20 and once at
its end. Each verifier's test says for itself how the forgery is done to what it reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations

OLDER, SIZE = 20, 40


class Forgery(StrEnum):
    # First the two that whoever holds the logbook's key can do: only somebody else's head shows them.
    WRITTEN_ANEW = "an entry is changed, and everything signed anew with the logbook's own key"
    CUT_AND_SIGNED = "the end is left out, and what remains signed with the logbook's own key"
    UNSIGNED_END = "an entry stands after the newest checkpoint, and fits the tree"
    OLDER_HEAD = "an older genuine checkpoint stands in place of the newest"
    LATE_CHANGED = "an entry after the older checkpoint is changed"
    EARLY_CHANGED = "an entry before the older checkpoint is changed"
    TAKEN_OUT = "an entry is taken out, and those after it are numbered anew"
    END_LEFT_OUT = "the last entries are left out"
    OTHER_KEY = "the newest checkpoint is signed with another key"
    NO_SIGNATURE = "the newest checkpoint has no signature"
    NAME_CHANGED = "who did it is changed"


#: Only a head from outside shows these: the forger has the key.
WITH_THE_KEY = (Forgery.WRITTEN_ANEW, Forgery.CUT_AND_SIGNED)
WITHOUT_IT = tuple(one for one in Forgery if one not in WITH_THE_KEY)


def one_by_one_and_in_pairs() -> Iterator[tuple[Forgery, ...]]:
    """Every forgery alone, and every two of them; in both orders where one signs what the other did before it."""
    for one in Forgery:
        yield (one,)
    for two in combinations(Forgery, 2):
        yield two
        if set(two) & set(WITH_THE_KEY):
            yield two[::-1]


def uncovered(done: tuple[Forgery, ...]) -> tuple[Forgery, ...]:
    """What was done after everything was signed anew, if it was: only that can show without a head from outside."""
    last = max((at for at, one in enumerate(done) if one in WITH_THE_KEY), default=-1)
    return done[last + 1 :]
