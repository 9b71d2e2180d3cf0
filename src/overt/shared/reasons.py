"""A reason that somebody gives for an act, where one is always needed. When the policy asks: policy/reasons.py."""

from __future__ import annotations

from overt.shared.errors import BadInput

#: What a reason's column holds.
LONGEST = 500
_WORDS = "Say why: it is written in the logbook."


class ReasonMissing(BadInput):
    """Nobody said why, where a reason is needed."""

    code = "reason-missing"
    field = "reason"


def given(text: str, words: str = _WORDS, *, longest: int = LONGEST) -> str:
    """The reason without outer spaces, cut to what its column holds. Raises ReasonMissing for none, in these words."""
    if not (clean := text.strip()):
        raise ReasonMissing(words)
    return clean[:longest]
