"""Time that was really lived, kept in the journal: by it footage grows old, whatever the wall clock does or did.

While the machine runs, its boot clock counts, and nobody can set it. For how long it was off only the wall clock says,
which is believed across a short stop; for a longer one a person must say that it is right. Until then that time
counts for nothing, so what cannot be known keeps footage. See docs/design/time.md.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from footage.catalogue.journal import Journal
from footage.times import HZ, utc_now

#: Across a boot the machine was off for some time, which no clock of its own measures.
BOOT_90K = 900 * HZ
#: No recorder of ours ran before 2026: a wall clock that says so is that of a dead battery, and measures nothing.
FLOOR_90K = 1_767_225_600 * HZ
#: How far a file's age may be from its wall time and not be kept beside it: never so that it goes sooner.
_YOUNGER_90K, _OLDER_90K = HZ, 60 * HZ
#: What was handed in longer ago than this has not waited for the disk: the clock was set meanwhile.
_WAITED_90K = 600 * HZ
_STORE_EVERY_90K = 60 * HZ
_STEP_90K = HZ // 2
_FORGET_90K = 400 * 86_400 * HZ
_META = "lived"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the clocks. `boottime_90k` counts from the boot named, sleep included."""

    wall_90k: int
    boottime_90k: int
    boot: str

    def stepped_since(self, before: Reading) -> int:
        """By how much the wall clock was set since another look; 0 where it was not, or nothing can be known."""
        if before.boot != self.boot:
            return 0
        moved = (self.wall_90k - before.wall_90k) - (self.boottime_90k - before.boottime_90k)
        slewed = abs(self.boottime_90k - before.boottime_90k) // 1000
        return moved if abs(moved) > _STEP_90K + slewed else 0


def read_clocks() -> Reading:
    """The clocks now."""
    boot = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else "unknown"
    return Reading(int(utc_now()), time.clock_gettime_ns(time.CLOCK_BOOTTIME) * 9 // 100_000, boot)


@dataclass(frozen=True, slots=True)
class Absence:
    """The machine was off when `lived_90k` had been lived, for `off_90k`."""

    lived_90k: int
    off_90k: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """The machine was off when so much was lived, and the wall clock said `wall_90k` before."""

    lived_90k: int
    wall_90k: int


@dataclass(frozen=True, slots=True)
class Lived:
    """`lived_90k` at the reading `at`. It began as the wall clock's count, and is equal to it while nothing happens.

    `shift_90k` leads from it to the wall time that a person last called right.
    """

    lived_90k: int
    at: Reading
    shift_90k: int = 0
    absences: tuple[Absence, ...] = ()
    doubt: Doubt | None = None

    def on(self, now: Reading) -> Lived:
        """The state at a later look at the clocks."""
        if self.at.boot == now.boot:
            if now.boottime_90k < self.at.boottime_90k:
                return self
            return replace(self, lived_90k=self.lived_90k + now.boottime_90k - self.at.boottime_90k, at=now)
        away = now.wall_90k - self.at.wall_90k
        if 0 <= away <= BOOT_90K:
            return replace(self, lived_90k=self.lived_90k + away, at=now)
        doubt = self.doubt
        if doubt is None and self.at.wall_90k >= FLOOR_90K:
            doubt = Doubt(self.lived_90k, self.at.wall_90k)
        return replace(self, at=now, doubt=doubt)

    def believed(self) -> Lived:
        """The state once a person has said that the clock is right now: it tells how long the machine was off."""
        absences = tuple(one for one in self.absences if self.lived_90k - one.lived_90k < _FORGET_90K)
        if (off := self.off_90k) > 0 and self.doubt is not None:
            absences += (Absence(self.doubt.lived_90k, off),)
        return replace(self, shift_90k=self.at.wall_90k - self.lived_90k, absences=absences, doubt=None)

    @property
    def off_90k(self) -> int:
        """For how long the machine was off by the wall clock, as far as nobody has said that it is right."""
        if self.doubt is None:
            return 0
        return max(0, self.at.wall_90k - self.doubt.wall_90k - (self.lived_90k - self.doubt.lived_90k))

    @property
    def date_90k(self) -> int:
        """The wall time by which a day that was set comes: neither clock may be before it. Source: HERTS-24.1."""
        return min(self.at.wall_90k, self.lived_90k + self.shift_90k)

    def cut(self, age_90k: int) -> int:
        """What was lived up to here, and not after, is so old. Counted as `lived_90k` is."""
        wanted = self.lived_90k - age_90k
        for absence in sorted(self.absences, key=lambda one: -one.lived_90k):
            if wanted > absence.lived_90k:
                break
            wanted = min(wanted + absence.off_90k, absence.lived_90k)
        return wanted

    def when(self, wall_90k: int) -> int:
        """How much was lived at a wall time of the present clock."""
        return self.lived_90k - (self.at.wall_90k - wall_90k)

    def when_begun(self, start_90k: int) -> int:
        """How much was lived when a file began that is just being made; now, where the clock was set meanwhile."""
        waited = self.at.wall_90k - start_90k
        return self.lived_90k - waited if -_YOUNGER_90K <= waited <= _WAITED_90K else self.lived_90k


def first_look(now: Reading, newest_90k: int | None) -> Lived:
    """Where nothing is remembered: the newest footage is the last time we know of, unless it was just now."""
    if newest_90k is None or newest_90k > now.wall_90k or now.wall_90k - newest_90k <= BOOT_90K:
        return Lived(now.wall_90k, now)
    return Lived(newest_90k, now, doubt=Doubt(newest_90k, newest_90k) if newest_90k >= FLOOR_90K else None)


def age_beside(aged_90k: int | None, end_90k: int) -> int | None:
    """What a row keeps of a file's age: nothing where its end says as much, or would only keep it a little longer."""
    if aged_90k is None or -_OLDER_90K <= aged_90k - end_90k <= _YOUNGER_90K:
        return None
    return aged_90k


class LivedRows(Journal):
    """The state in the journal, so that neither a restart nor another process makes it forgotten."""

    def remembered_life(self) -> Lived | None:
        """As last stored; None where nothing is."""
        try:
            facts = json.loads(self.meta(_META))
            doubt = Doubt(**facts["doubt"]) if facts["doubt"] else None
            absences = tuple(Absence(**one) for one in facts["absences"])
            return Lived(facts["lived_90k"], Reading(**facts["at"]), facts["shift_90k"], absences, doubt)
        except (ValueError, TypeError, KeyError):
            return None

    def lived(self, now: Reading | None = None) -> Lived:
        """The state now. Stores nothing."""
        now = now or read_clocks()
        before = self.remembered_life()
        return before.on(now) if before is not None else first_look(now, self._newest_wall())

    def date_90k(self, wall_90k: int | None = None) -> int:
        """The day by which a hold with an end is judged: the wall clock's, but no later than is known to have come."""
        now, before = read_clocks(), self.remembered_life()
        wall = now.wall_90k if wall_90k is None else wall_90k
        return wall if before is None else min(wall, before.on(now).date_90k)

    def live_on(self, now: Reading, *, store: bool = False) -> Lived:
        """The state now, stored once a minute and whenever something happened to the clocks; always with `store`."""
        before = self.remembered_life()
        after = self.lived(now)
        if store or before is None or before.at.boot != now.boot or now.stepped_since(before.at):
            due = True
        else:
            due = now.boottime_90k - before.at.boottime_90k > _STORE_EVERY_90K
        if due:
            self._store_life(after)
        return after

    def believe_clock(self, now: Reading) -> None:
        """A person says that the wall clock is right."""
        self._store_life(self.lived(now).believed())

    def _store_life(self, state: Lived) -> None:
        with self.write() as connection:
            self.set_meta(connection, _META, json.dumps(asdict(state)))

    def _newest_wall(self) -> int | None:
        row = self.read().execute("SELECT max(end_90k) FROM spans").fetchone()
        return None if row[0] is None else int(row[0])
