"""For which acts the policy in force wants a reason before they begin, and the reason that was given for one."""

from __future__ import annotations

from overt.policy.queries import policy_in_force
from overt.shared import reasons

_WORDS = "Say why: this scheme's policy asks for a reason, and it is written in the logbook."


def asked_for(act: str) -> bool:
    """Whether the policy in force asks why before this act."""
    return act in policy_in_force().reason_required_for


def for_act(act: str, text: str, words: str = _WORDS) -> str:
    """The reason without outer spaces; empty where none is given and the policy asks for none.

    Raises ReasonMissing, with these words. Source: BASS-1.6.2 (a hold without a ground is refused), HERTS-16.1.
    """
    return reasons.given(text, words) if asked_for(act) else text.strip()[: reasons.LONGEST]
