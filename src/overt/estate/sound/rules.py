"""When the sound of a camera may be recorded, for how long, and who decides it. Pure. Source: PROG-4.2.4.

Sound is off. One camera's sound is switched on by an order of two people, for a case, until a moment.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from overt.shared.errors import BadInput, OvertError, Refused

#: Whoever needs sound for longer says each week anew why it is still necessary, and somebody else agrees each week
#: anew. No published code gives a figure; what people say is more of their private life than what they do in a street.
LONGEST = timedelta(days=7)
#: Shorter than it takes the camera to be connected anew is no order.
SHORTEST = timedelta(minutes=5)


class SoundState(StrEnum):
    ASKED = "asked"
    ON = "on"
    REFUSED = "refused"  # by who was to approve it
    ENDED = "ended"  # at its end, or before
    LAPSED = "lapsed"  # nobody decided before its end came, or who asked took it back


OPEN = (SoundState.ASKED, SoundState.ON)
MOVES = {
    (SoundState.ASKED, SoundState.ON): "PROG-4.2.4",
    (SoundState.ASKED, SoundState.REFUSED): "PROG-4.2.4",
    (SoundState.ASKED, SoundState.LAPSED): "PROG-4.2.4",
    (SoundState.ON, SoundState.ENDED): "PROG-4.2.4",
}


class BadSoundOrder(BadInput):
    """A value of the order cannot be; `field` says which."""

    code = "bad-sound-order"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class SoundNotAllowed(OvertError):
    """The policy in force allows no sound, whoever asks."""

    code = "sound-not-allowed"
    status = 409
    title = "The policy allows no sound"


class WrongSoundMove(OvertError):
    """The order is not in the state for this: decided, over, or another one is open."""

    code = "wrong-sound-move"
    status = 409
    title = "This cannot be done with the order now"


class OwnSoundOrder(Refused):
    """Nobody approves what he asked for himself."""

    code = "own-sound-order"


def check_policy(audio: object, prohibited: Collection[str]) -> None:
    """Raises SoundNotAllowed unless the scheme's own code lets a camera's sound be switched on.

    `audio` is what the code itself says of sound. A silence refuses, as everywhere: what is off because no code
    speaks of it has no exception either.
    """
    if audio is None:
        raise SoundNotAllowed("The policy in force says nothing of sound, so there is no exception to its being off.")
    if audio == "never" or "sound_recording" in prohibited:
        raise SoundNotAllowed("The policy in force rules out sound, without exception.")


def check_words(reason: str, case_reference: str) -> None:
    """Raises BadSoundOrder without a reason or a case."""
    if not reason:
        raise BadSoundOrder("reason", "Say why sound is necessary: the reason stays with the order and in the logbook.")
    if not case_reference:
        raise BadSoundOrder("case_reference", "Give the case: its crime, incident or case number.")


def check_end(until: datetime, now: datetime) -> None:
    """Raises BadSoundOrder for an end that has come, or is further away than an order lasts."""
    if until - now < SHORTEST:
        raise BadSoundOrder("until", "Give an end that is at least five minutes away.")
    if until - now > LONGEST:
        raise BadSoundOrder("until", f"An order ends within {LONGEST.days} days. If sound is still needed, ask again.")


def check_move(old: SoundState, new: SoundState) -> None:
    """Raises WrongSoundMove."""
    if (old, new) not in MOVES:
        raise WrongSoundMove(f"This order is {old}; it cannot become {new} any more.")


def check_approver(*, own: bool) -> None:
    """Raises OwnSoundOrder."""
    if own:
        raise OwnSoundOrder("You asked for this yourself. Somebody else has to decide on it.")
