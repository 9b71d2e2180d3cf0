"""What the engine refuses or cannot do, each with a stable code."""

from __future__ import annotations


class FootageError(Exception):
    """The engine could not do what was asked. `code` is stable; the text is for the person who asked."""

    code = "footage"


class NodeUnreachable(FootageError):
    """The recorder is not running; what is on disk can still be read."""

    code = "node-unreachable"


class NoFootage(FootageError):
    """Nothing was recorded in the span that was asked for."""

    code = "no-footage"


class BadSpan(FootageError):
    """The span ends before it starts, lies in the future, or is longer than is served at once."""

    code = "bad-span"


class DiskFull(FootageError):
    """There is no room for what was asked."""

    code = "disk-full"


class DamagedFootage(FootageError):
    """A segment on the disk is not what the journal says it is."""

    code = "damaged-footage"
