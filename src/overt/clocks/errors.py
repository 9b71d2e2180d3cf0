"""Why a deadline could not be worked out."""

from __future__ import annotations

from overt.shared.errors import BadInput


class ClockError(BadInput):
    """The question makes no sense as asked; the sentence says what to give instead. Nothing is stored."""

    code = "clock-input"


class UnknownKind(ClockError):
    """There is no such clock."""

    code = "clock-kind-unknown"


class NotLawThen(ClockError):
    """The clock exists, but the law of that day did not know it."""

    code = "clock-not-law-then"


class FigureMissing(ClockError):
    """The length is the scheme's own, and neither its policy nor the question gives it."""

    code = "clock-figure-missing"
