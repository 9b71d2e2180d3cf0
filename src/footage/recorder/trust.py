"""Whether the wall clock may be believed when it says that footage is old enough to go.

The clock is compared with a line drawn from the last time it was believed: boot time moves along it exactly, a new
boot may leave a quarter of an hour. Past that it has jumped, and nothing is deleted by its word until it has run
steadily for a day or a person says that it is right. How old footage is, is counted apart from that, by what was
lived: see footage.catalogue.lived. Source: lessons from the field, 8.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from footage.catalogue import Catalogue
from footage.catalogue.lived import BOOT_90K, Reading, read_clocks

__all__ = ["ClockTrust", "Reading", "TrustState", "judge", "read_clocks"]

JUMP_90K = 300 * 90_000
STEADY_90K = 5 * 90_000
CONFIRM_90K = 86_400 * 90_000
_META = "clock_trust"


@dataclass(frozen=True, slots=True)
class TrustState:
    """`line`: a reading that was believed. `candidate`: where the clock went instead, and since when it is steady."""

    line: Reading | None = None
    candidate: Reading | None = None

    @property
    def suspended(self) -> bool:
        return (
            self.candidate is not None
            and self.line is not None
            and _ahead(self.line, self.candidate) > _allowed(self.line, self.candidate)
        )


def judge(state: TrustState, now: Reading) -> TrustState:
    """The state after another look at the clocks. Pure, so that time can be played to it."""
    if state.line is None:
        return TrustState(now)
    ahead = _ahead(state.line, now)
    if _close(state.line, now, ahead):
        return TrustState(now)
    candidate = state.candidate
    if candidate is None or candidate.boot != now.boot or abs(_ahead(candidate, now)) > _drift(candidate, now):
        return replace(state, candidate=now)
    if now.boottime_90k - candidate.boottime_90k >= CONFIRM_90K:
        return TrustState(now)
    return state


class ClockTrust:
    """Keeps the state in the journal, so that neither a restart nor another process makes a jump forgotten."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def look(self, now: Reading) -> bool:
        """Whether deletion by date may go on."""
        before = self._state()
        state = judge(before, now)
        if _worth_storing(before, state, now):
            self._store(state)
        return not state.suspended

    def believe(self, now: Reading) -> None:
        """A person says that the clock is right."""
        self._catalogue.believe_clock(now)
        self._store(TrustState(now))

    def alarm(self, now: Reading) -> str:
        """What to tell the control room, or nothing. Remembers nothing."""
        state = judge(self._state(), now)
        if not state.suspended or state.line is None or state.candidate is None:
            return _off_words(self._catalogue.lived(now).off_90k)
        minutes = _ahead(state.line, state.candidate) // (60 * 90_000)
        return (
            f"The server's clock jumped forward by {minutes} minutes. Nothing is deleted by date until it has run "
            "steadily for a day, or until `footage retention --trust-clock` says that it is right."
        )

    def _state(self) -> TrustState:
        state = _load(self._catalogue.meta(_META))
        if state.line is None and (newest := self._newest_wall()) is not None:
            # A journal made anew from the disk: its newest picture is the last time we know of.
            return TrustState(Reading(newest, 0, "before"))
        return state

    def _newest_wall(self) -> int | None:
        row = self._catalogue.read().execute("SELECT max(end_90k) FROM spans").fetchone()
        return None if row[0] is None else int(row[0])

    def _store(self, state: TrustState) -> None:
        with self._catalogue.write() as connection:
            self._catalogue.set_meta(connection, _META, json.dumps(asdict(state)))


def _off_words(off_90k: int) -> str:
    """What to tell of time that counts for nothing yet."""
    if off_90k <= BOOT_90K:
        return ""
    return (
        f"By its clock the server was off for {off_90k // (3600 * 90_000)} h "
        f"{off_90k // (60 * 90_000) % 60} min. What was recorded before is kept so much longer, until "
        "`footage retention --trust-clock` says that the clock is right."
    )


def _worth_storing(before: TrustState, after: TrustState, now: Reading) -> bool:
    """Once a minute while all is well, and at every change of mind."""
    if before.candidate != after.candidate or before.line is None or before.line.boot != now.boot:
        return True
    return after.line == now and now.boottime_90k - before.line.boottime_90k > 60 * 90_000


def _ahead(line: Reading, now: Reading) -> int:
    """How far the wall clock is ahead of the line; across a boot, of the line's own moment."""
    passed = now.boottime_90k - line.boottime_90k if line.boot == now.boot else 0
    return now.wall_90k - line.wall_90k - passed


def _allowed(line: Reading, now: Reading) -> int:
    return JUMP_90K if line.boot == now.boot else BOOT_90K


def _close(line: Reading, now: Reading, ahead: int) -> bool:
    if line.boot != now.boot:
        return 0 <= ahead <= BOOT_90K
    return abs(ahead) <= _drift(line, now)


def _drift(since: Reading, now: Reading) -> int:
    """What a clock may wander by slewing alone."""
    return STEADY_90K + abs(now.boottime_90k - since.boottime_90k) // 1000


def _load(text: str) -> TrustState:
    try:
        facts = json.loads(text)
        line, candidate = (Reading(**facts[name]) if facts[name] else None for name in ("line", "candidate"))
    except (ValueError, TypeError, KeyError):
        return TrustState()
    return TrustState(line, candidate)
