"""What is out of the ordinary in a camera's stream, as sentences for whoever mends cameras.

Fed with what a StreamSink is told; asked now and then. A picture costs a few integer operations, the thinking is done
once in ten seconds and where notes are asked for. What has stopped fades: rates are of the last minute, what was rare
is told of the last hour, and nothing older is told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace

from footage.contract import CameraNote
from footage.rtsp.events import AccessUnit, LossCause, Oddity, VideoParameters
from footage.rtsp.notes.clock_seen import ClockSeen
from footage.rtsp.notes.endings import Endings
from footage.rtsp.notes.keys_seen import KeyFrames
from footage.rtsp.notes.rates import Rates
from footage.rtsp.notes.tally import HOUR_90K, Tally, about_words, rounded, span_words
from footage.rtsp.notes.words import NO_START, STANDING, in_order, oddity_note, stamp_rate_words
from footage.times import HZ, Camera90k, Utc90k, utc_now

_NS = 1_000_000_000
_TURN_90K = 10 * HZ
#: A camera that sends one picture in more than this is told so.
_FEW_S = 1.5
#: What a packet carries where it is full: packets are estimated by it, for a sink is not told of them.
_PACKET_BYTES = 1400


class StreamNotes:
    """Keeps what was seen of one camera, over its reconnections too.

    Wall times are handed in; `clock` is asked only where none is.
    """

    def __init__(self, clock: Callable[[], Utc90k] = utc_now) -> None:
        self._clock = clock
        self._totals: dict[str, int] = {}
        self._forget()

    def _forget(self) -> None:
        self._tally = Tally()
        self._standing: set[str] = set()
        self._stamp_rate = 1.0
        self._pictures = self._bytes = 0  # in all, whether or not they are in the tally already
        self._tallied = (0, 0)
        self._from = self._until = Utc90k(0)  # wall time between which a picture is only counted
        self._last = 0  # monotonic, of the newest picture
        self._first = 0  # monotonic, of the connection's first picture; 0: none yet
        self._rates = Rates()
        self._at: dict[Oddity, deque[int]] = {}  # after how many pictures an oddity of pictures came
        self._keys = KeyFrames()
        self._camera_clock = ClockSeen()
        self._parameters: VideoParameters | None = None
        self._resized: tuple[int, str] | None = None
        self._endings = Endings()

    # ---- what the stream tells

    def picture(self, unit: AccessUnit) -> None:
        """A picture came."""
        self._pictures += 1
        self._bytes += unit.size_bytes
        self._last = unit.monotonic
        if unit.key:
            self._keys.add(unit, self._pictures)
        if not self._from <= unit.wall < self._until:
            self._turn(unit)

    def oddity(self, oddity: Oddity, wall: Utc90k) -> None:
        """Something odd was passed over or put right."""
        self._totals[oddity] = self._totals.get(oddity, 0) + 1
        self._tally.add(oddity, wall)
        if oddity in STANDING:
            self._standing.add(oddity)
        elif oddity in _OF_PICTURES:
            self._at.setdefault(oddity, deque(maxlen=9)).append(self._pictures)

    def stamps_run(self, rate: float) -> None:
        """So many seconds the camera's time stamps count for each true one; 0.0: they follow no clock at all."""
        self._stamp_rate = rate

    def packets_lost(self, packets: int, wall: Utc90k) -> None:
        """Packets were lost on the way; 0: the camera left a picture unfinished."""
        self._tally.add("lost" if packets else "unfinished", wall, packets or 1)
        self._keys.torn()
        self._rates.torn()

    def sender_report(self, camera: Camera90k, wall: Utc90k) -> None:
        """The camera's clock beside ours."""
        self._camera_clock.add(camera, wall, self._last)

    def parameters(self, parameters: VideoParameters) -> None:
        """The parameter sets in force; told at the beginning of each connection and at each change."""
        before, self._parameters = self._parameters, parameters
        if before is None or before == parameters:
            return
        wall = self._clock()
        self._tally.add("parameters", wall)
        if (before.width, before.height) != (parameters.width, parameters.height):
            change = f"from {before.width}x{before.height} to {parameters.width}x{parameters.height}"
            self._resized = int(wall), change

    def lost(self, cause: LossCause, wall: Utc90k) -> None:
        """The connection ended. One that was stopped by order may go on as another stream: then all is forgotten."""
        if cause is LossCause.STOPPED:
            self._forget()
            return
        if self._first:
            self._endings.add(cause, int(wall), (self._last - self._first) / _NS)
        self._first, self._until = 0, Utc90k(0)
        self._standing.clear()
        self._stamp_rate = 1.0
        self._keys.restart()
        self._camera_clock.restart()
        self._rates.restart()

    def oddities(self) -> Mapping[str, int]:
        """How often each came since the beginning."""
        return dict(self._totals)

    def _turn(self, unit: AccessUnit) -> None:
        """Once in ten seconds, and at a connection's first picture."""
        self._first = self._first or unit.monotonic
        self._standing.discard(NO_START)
        self._rates.turn(unit.monotonic, self._pictures, int(unit.wall))
        pictures, size = self._tallied
        since = Utc90k(min(unit.wall, max(self._from, unit.wall - _TURN_90K))) if pictures else unit.wall
        self._tally.add("picture", since, self._pictures - pictures)
        self._tally.add("bytes", since, self._bytes - size)
        self._tallied = self._pictures, self._bytes
        self._from, self._until = unit.wall, Utc90k(unit.wall + _TURN_90K)

    # ---- what is told of it

    def notes(self, now: Utc90k | None = None) -> tuple[CameraNote, ...]:
        """What is out of the ordinary now, or was lately, in the order in which it would be mended."""
        now = self._clock() if now is None else now
        found = [
            self._endings.note(now),
            self._packets_note(now),
            self._unfinished_note(now),
            self._keys.idr_note(self._last, self._parameters.codec if self._parameters else None),
            self._few_note(),
            self._keys.interval_note(self._last, self._pictures),
            self._rates.note(now),
            self._parameters_note(now),
            self._camera_clock.off_note(),
            self._camera_clock.unsteady_note(),
            self._camera_clock.not_told_note(self._first, self._last),
            *(self._oddity_note(oddity, now) for oddity in Oddity),
        ]
        return in_order(note for note in found if note)

    def _oddity_note(self, oddity: Oddity, now: Utc90k) -> CameraNote | None:
        often = self._tally.often(oddity, now)
        if oddity in STANDING:
            return oddity_note(oddity, often) if oddity in self._standing else None
        if oddity is Oddity.STAMP_RATE and self._stamp_rate != 1:
            each = self._rates.seconds_each(self._last, self._pictures)
            return CameraNote(oddity.value, stamp_rate_words(self._stamp_rate, each))
        if not often.hour or (oddity is Oddity.STAMP_STEP and self._stamp_rate != 1):
            return None  # stamps of another rate are taken for jumps until the rate is known
        at = self._at.get(oddity)
        if at and len(at) > 1:
            often = replace(often, pictures_each=(at[-1] - at[0]) / (len(at) - 1))
        return oddity_note(oddity, often)

    def _packets_note(self, now: Utc90k) -> CameraNote | None:
        often = self._tally.often("lost", now)
        if not often.hour:
            return None
        said = f"Lost {often.of('packet', ' on the way')}"
        if often.ongoing:
            size = self._tally.often("bytes", now).minute + self._bytes - self._tallied[1]
            pictures = self._tally.often("picture", now).minute + self._pictures - self._tallied[0]
            share = 100 * often.minute / (often.minute + size / _PACKET_BYTES + pictures)
            told = f"about {share:.2g} % of its packets" if share < 20 else "many of its packets"
            said = f"Loses {told} on the way ({often.of('packet')})"
        return CameraNote(
            "packets-lost",
            f"{said}, and with each the pictures up to its next key frame; look at its network or Wi-Fi, and lower its "
            "bit rate.",
        )

    def _unfinished_note(self, now: Utc90k) -> CameraNote | None:
        often = self._tally.often("unfinished", now)
        if not often.hour:
            return None
        text = f"{'Leaves' if often.ongoing else 'Left'} {often.of('picture')} unfinished; lower its bit rate or load."
        return CameraNote("pictures-unfinished", text)

    def _few_note(self) -> CameraNote | None:
        each = self._rates.seconds_each(self._last, self._pictures)
        if each is None or each < _FEW_S:
            return None
        text = f"Sends one picture in {span_words(rounded(each))}; raise its frame rate if that is not meant."
        return CameraNote("few-pictures", text)

    def _parameters_note(self, now: Utc90k) -> CameraNote | None:
        often = self._tally.often("parameters", now)
        if often.ongoing:
            text = f"Its parameter sets change {often.times}; set one fixed profile and size."
            return CameraNote("parameters-change", text)
        if self._resized is None or not 0 <= now - self._resized[0] < HOUR_90K:
            return None
        at, change = self._resized
        text = f"Its picture's size changed {change} ({about_words((now - at) / HZ)} ago); set one fixed size."
        return CameraNote("parameters-change", text)


_OF_PICTURES = frozenset({Oddity.STRAY_STAMP, Oddity.REPEATED_STAMP})
