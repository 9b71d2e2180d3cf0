"""What can go wrong with reading and correcting the logbook."""

from __future__ import annotations

from overt.shared.errors import BadInput


class BadCorrection(BadInput):
    """A correction lacks what is right."""

    code = "bad-correction"

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field
