"""What the database says where two acts met, or where a value does not fit it, as an error for the person (409, 422).

One place for all rooms: a service locks what it changes, but two may still insert the same name, delete what the other
points at, or wait for each other. The act was undone whole; whoever tries again sees how it stands now.
"""

from __future__ import annotations

from django.db import DatabaseError, DataError, IntegrityError, OperationalError

from overt.shared.errors import BadInput, OvertError

#: SQLSTATE: serialization failure, deadlock, lock not to be had, unique, foreign key, exclusion, refusals of ours.
_MET = {"40001", "40P01", "55P03", "23505", "23503", "23P01", "23001"}
_SQLITE = ("database is locked", "database table is locked", "UNIQUE constraint", "FOREIGN KEY constraint")


class SomebodyWasFaster(OvertError):
    """Another act reached the same row first."""

    code = "conflict"
    status = 409
    title = "Somebody else was faster"


class DoesNotFit(BadInput):
    """A value that no column holds: too long, too large, or with a character that no text has."""

    code = "does-not-fit"


def as_refusal(error: BaseException) -> OvertError | None:
    """The error to answer with, or None for a fault of ours, which stays as loud as it is."""
    if _fits_not(error):
        return DoesNotFit("A value is too long, too large or has a character that cannot be kept.")
    if isinstance(error, DatabaseError) and _have_met(error):
        return SomebodyWasFaster("Somebody else did something here at the same moment. Look at it again.")
    return None


def _have_met(error: DatabaseError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    if state is not None:
        return state in _MET
    words = str(error)
    if isinstance(error, IntegrityError):
        # What a trigger of ours refuses has none of SQLite's own words (shared.refusals).
        return words.startswith(_SQLITE) or "constraint failed" not in words
    return isinstance(error, OperationalError) and words.startswith(_SQLITE)


def _fits_not(error: BaseException) -> bool:
    if isinstance(error, OverflowError):
        return "SQLite" in str(error)  # an integer of more than 64 bits
    return isinstance(error, DataError) or (isinstance(error, OperationalError) and str(error).startswith("LIKE or"))
