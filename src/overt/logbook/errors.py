"""What can go wrong with the logbook."""

from __future__ import annotations

from overt.shared.errors import BadInput, NotThere, OvertError, Refused


class LogbookError(OvertError):
    code = "logbook-error"
    status = 500
    title = "The logbook could not be written or read"


class NotInTransaction(LogbookError):
    """An act and its entry are written together or not at all."""

    code = "not-in-transaction"


class UnknownAction(LogbookError):
    """Nobody registered this action; see actions.py."""

    code = "unknown-action"


class BadEntry(LogbookError):
    """What a room wanted written cannot be written in canonical form."""

    code = "bad-entry"


class LogbookDamaged(LogbookError):
    """What is stored is not what was signed."""

    code = "logbook-damaged"
    status = 409
    title = "The logbook is damaged"


class NoSuchEntry(NotThere):
    """No entry has this number, or it is not this person's to read."""

    code = "no-such-entry"


class NothingToErase(BadInput):
    """The entry holds no such personal content, or it is erased already."""

    code = "nothing-to-erase"


class OwnTraces(Refused):
    """Nobody erases what tells of his own acts."""

    code = "own-traces"


class BadCheckpoint(BadInput):
    """What was given is no checkpoint of this logbook."""

    code = "bad-checkpoint"
    field = "note"


class BadSize(BadInput):
    """The logbook never had this many entries."""

    code = "bad-size"
