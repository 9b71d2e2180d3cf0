"""Why a deadline could not be worked out."""

from __future__ import annotations

from overt.shared.errors import BadInput


class ClockError(BadInput):
    """The question makes no sense as asked; the sentence says what to give instead. Nothing is stored."""

    code = "clock-input"

    def __init__(self, says: str, *, field: str = "") -> None:
        super().__init__(says)
        #: The part of the question that it is about, as `Question` (or the form that asked it) names it.
        self.field = field


class UnknownKind(ClockError):
    """There is no such clock."""

    code = "clock-kind-unknown"


class NotLawThen(ClockError):
    """The clock exists, but no rule for it was law on that day, or none is kept."""

    code = "clock-not-law-then"


class NoSuchRoute(ClockError):
    """The law gives this body no such way."""

    code = "clock-no-such-route"


class FigureMissing(ClockError):
    """The length is the scheme's own, and neither its policy nor the question gives it."""

    code = "clock-figure-missing"


class ClockNotOpen(ClockError):
    """A clock that was met or closed is not worked out again."""

    code = "clock-not-open"
