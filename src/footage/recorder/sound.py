"""One camera's sound on its way to the disk: permitted until a moment, laid onto the pictures' clock, never waited for.

It is gathered as it comes, and each fragment of pictures takes what belongs before its end. Sound that is late goes
into the next fragment, sound that is missing leaves a hole, sound that cannot be placed is let go.
See docs/adr/0006-sound-track.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from footage.contract import SoundCondition
from footage.rtsp.events import SoundUnit
from footage.segments.aac import SoundParameters
from footage.segments.writer import Sample
from footage.times import HZ, Camera90k, MonotonicNs, Utc90k, monotonic_now, utc_now

#: What may wait for the next cut: half a minute at the lowest rate, and no camera can make it more.
_MOST_WAITING, _MOST_BYTES = 512, 512 * 1024
#: Two clocks' reports may differ by this much without the sound being moved for it: less than people notice.
_REPORTED_90K = HZ * 40 // 1000
#: Without reports only arrival tells, which jitters; moved for less than this, the sound would be full of holes.
_ARRIVED_90K = HZ // 2
#: Reports that put the sound so far from where it arrived are rubbish.
_ABSURD_90K = 5 * HZ
#: Frames follow each other within rounding.
_SEAM_90K = 2
#: Without a frame for so long, a track that is set up is silent.
_SILENT_90K = 5 * HZ


@dataclass(frozen=True, slots=True)
class Permit:
    """Until when sound may be recorded. The monotonic end holds where the wall clock is set back meanwhile."""

    until_90k: int
    deadline: MonotonicNs

    def allows(self, wall: Utc90k, monotonic: MonotonicNs) -> bool:
        return wall < self.until_90k and monotonic < self.deadline


@dataclass(slots=True)
class TakenSound:
    """A fragment's sound: where its first frame begins on the media clock, and the frames in order. Never empty."""

    start_90k: int
    samples: list[Sample]
    parts: list[bytes]


class SoundLane:
    """The SoundSink of one camera, and the gatherer of its sound. Lives in the event loop."""

    def __init__(self) -> None:
        self._permit: Permit | None = None
        self.parameters: SoundParameters | None = None
        self._why_not = ""
        self._set_up_at: Utc90k | None = None
        self._last_wall: Utc90k | None = None
        self._waiting: list[SoundUnit] = []
        self._waiting_bytes = 0
        self._offset_90k: int | None = None  # from the sound's clock to the pictures'
        self._floor_90k = 0  # where the last frame that was taken ended
        self._picture_report: tuple[int, int] | None = None  # camera time, media_90k
        self._sound_report: tuple[int, int] | None = None  # camera time, the sound's clock in 1/90000 s

    # The order

    def permit(self, until_90k: int, wall: Utc90k | None = None, monotonic: MonotonicNs | None = None) -> None:
        """Record sound until a moment (0: not at all). The same moment again changes nothing."""
        if self._permit is not None and self._permit.until_90k == until_90k:
            return
        wall = utc_now() if wall is None else wall
        left = max(0, until_90k - wall) * 100_000 // 9
        self._permit = Permit(until_90k, MonotonicNs((monotonic_now() if monotonic is None else monotonic) + left))

    def permitted(self, wall: Utc90k | None = None, monotonic: MonotonicNs | None = None) -> bool:
        """Whether sound may be recorded now. Source: PROG-4.2.4 (off, but for an order that ends by itself)."""
        if self._permit is None:
            return False
        return self._permit.allows(
            utc_now() if wall is None else wall, monotonic_now() if monotonic is None else monotonic
        )

    # What the stream tells

    def on_sound_parameters(self, parameters: SoundParameters) -> None:
        """A track was set up."""
        self.parameters, self._why_not, self._set_up_at = parameters, "", utc_now()

    def on_no_sound(self, why: str) -> None:
        """There is none on this connection, or no more."""
        self._why_not = why

    def on_sound(self, unit: SoundUnit) -> None:
        """One frame. After the order's end it goes nowhere."""
        if not self.permitted(unit.wall, unit.monotonic):
            return
        self._last_wall = unit.wall
        self._waiting.append(unit)
        self._waiting_bytes += len(unit.data)
        while len(self._waiting) > _MOST_WAITING or self._waiting_bytes > _MOST_BYTES:
            self._waiting_bytes -= len(self._waiting.pop(0).data)

    def on_sound_report(self, camera: Camera90k, media: int) -> None:
        """The camera's clock at a moment of the sound's."""
        self._sound_report = (camera, self._in_90k(media))

    def picture_report(self, camera: Camera90k, media_90k: int) -> None:
        """The camera's clock at a moment of the pictures'."""
        self._picture_report = (camera, media_90k)

    # What the recorder asks

    def connection_lost(self) -> None:
        """The next connection has other clocks, and perhaps another track."""
        self.parameters = self._sound_report = self._last_wall = None
        self._why_not = ""
        self.clock_lost()

    def clock_lost(self) -> None:
        """The pictures' clock begins anew."""
        self._picture_report = self._offset_90k = None
        self._drop_waiting()

    def begin_run(self, start_90k: int) -> None:
        """A run begins with the picture of this moment, and no sound before it."""
        self._floor_90k = start_90k

    def take(self, end_90k: int, picture_offset_90k: int) -> TakenSound | None:
        """What belongs before a fragment's end; what comes after it waits for the next.

        `picture_offset_90k` is the least of arrival (wall) minus media time among the fragment's pictures.
        """
        if not self._waiting or self.parameters is None:
            return None
        offset = self._place(picture_offset_90k)
        taken: list[tuple[int, int, bytes]] = []
        kept: list[SoundUnit] = []
        for unit in self._waiting:
            start = self._in_90k(unit.media) + offset
            if start >= end_90k:
                kept.append(unit)
            elif start >= self._floor_90k - _SEAM_90K:
                start = self._floor_90k if abs(start - self._floor_90k) <= _SEAM_90K else start
                self._floor_90k = max(start + 1, self._in_90k(unit.media + self.parameters.frame) + offset)
                taken.append((start, self._floor_90k, unit.data))
        self._waiting, self._waiting_bytes = kept, sum(len(unit.data) for unit in kept)
        return _laid_out(taken) if taken else None

    def condition(self, now: Utc90k) -> tuple[SoundCondition, str]:
        """How the sound is, and why where it is not."""
        if not self.permitted(now):
            return SoundCondition.OFF, ""
        if self._why_not:
            return SoundCondition.UNAVAILABLE, self._why_not
        if self.parameters is None:
            return SoundCondition.SILENT, "The camera is not connected."
        last = max(self._last_wall or 0, self._set_up_at or 0)
        if now - last > _SILENT_90K:
            return SoundCondition.SILENT, "The camera sends no sound that can be recorded."
        return SoundCondition.RECORDING, self.parameters.words

    def _place(self, picture_offset_90k: int) -> int:
        """From the sound's clock to the pictures': by the camera's own reports, else by when each arrived."""
        arrived = min(unit.wall - self._in_90k(unit.media) for unit in self._waiting) - picture_offset_90k
        wanted, slack = arrived, _ARRIVED_90K
        if self._picture_report and self._sound_report:
            (camera, media), (sound_camera, sound_media) = self._picture_report, self._sound_report
            reported = media - sound_media + sound_camera - camera
            if abs(reported - arrived) < _ABSURD_90K:
                wanted, slack = reported, _REPORTED_90K
        if self._offset_90k is None or abs(wanted - self._offset_90k) > slack:
            self._offset_90k = wanted
        return self._offset_90k

    def _in_90k(self, media: int) -> int:
        return media * HZ // self.parameters.rate if self.parameters else 0

    def _drop_waiting(self) -> None:
        self._waiting, self._waiting_bytes = [], 0


def _laid_out(taken: list[tuple[int, int, bytes]]) -> TakenSound:
    """Each frame lasts until the next; where some are missing in between, the one before the hole lasts over it."""
    ends = [*(start for start, _, _ in taken[1:]), taken[-1][1]]
    samples = [Sample(end - start, len(data), key=True) for (start, _, data), end in zip(taken, ends, strict=True)]
    return TakenSound(taken[0][0], samples, [data for _, _, data in taken])
