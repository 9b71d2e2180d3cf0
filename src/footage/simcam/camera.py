"""A simulated camera: keeps time, sends each picture when it is due to everyone who listens, has faults on request.

The clock never drifts: each picture's moment is counted from the camera's start, not from the picture before. While
nobody listens nothing runs, and the first listener is given a key frame at once.
"""

from __future__ import annotations

import asyncio
import math
import os
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from footage.simcam.code import Code, Kind
from footage.simcam.faults import Fault, FaultKind
from footage.simcam.film import Film
from footage.simcam.rtp import Burst, packetise, sender_report
from footage.simcam.soundtrack import packet
from footage.simcam.strip import Strip
from footage.times import HZ

#: Gives the film in another size, for a change of resolution; may take a while, so it runs in a thread.
Resize = Callable[[Film, int, int], Film]
#: A listener this far behind is let go, as cameras do.
BEHIND_BYTES = 16 << 20
MOST_AT_ONCE = 100  # pictures, before others have their turn
FOREVER = float("inf")


class Listener(Protocol):
    """One connection that plays. `due_report`, `due_sound_report` and `began` belong to the camera."""

    due_report: float
    due_sound_report: float
    began: bool
    sound_channel: int | None  # where its sound was set up

    def send(self, packets: bytes | bytearray, offsets: tuple[int, ...] = ()) -> None: ...

    def send_sound(self, data: bytes) -> None: ...

    def backlog(self) -> int: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """When a picture went out: `index` in the film, `wall_ns` since the epoch, `timestamp` of RTP."""

    index: int
    wall_ns: int
    timestamp: int


class Camera:
    """Shows a film in a loop. Belongs to one event loop; every method is called from its thread."""

    def __init__(self, name: str, film: Film, *, resize: Resize | None = None, report_every_s: float = 5.0,
                 in_band: bool = True, sent_log: int = 0, clock: bool = True, grid_s: float = 0.0) -> None:  # fmt: skip
        self._grid_s = grid_s
        self.name, self.film = name, film
        self.connections: set[Listener] = set()  # everyone who has asked for this camera, playing or not
        self.source = secrets.randbits(32)
        self.sequence = secrets.randbits(16)
        self.sent: deque[Sent] = deque(maxlen=sent_log)
        self.pictures_sent = 0
        self.clock_offset_s = 0.0
        self.sdp_parameters = True
        self._own_film, self._resize, self._in_band, self._log = film, resize, in_band, sent_log > 0
        self._report_every_s = report_every_s
        self._listeners: list[Listener] = []
        self._started = time.monotonic()
        self._stamp = secrets.randbits(32)  # RTP timestamps start anywhere
        self._loop_90k, self._index = 0, 0
        self._phase_90k = secrets.randbelow(max(1, film.duration_90k // len(film.pictures)))
        self._timer: asyncio.TimerHandle | None = None
        self._octets = self._packets = self._skip = 0
        self._stalled_until = self._refuse_credentials_until = self._silent_until = self._refuse_until = 0.0
        self._garbage_payload = 0
        self._sound_source, self._sound_stamp = secrets.randbits(32), secrets.randbits(32)
        self._sound_sequence = secrets.randbits(16)
        self._muted_until, self._babble = 0.0, 0
        self._clock = clock
        self._strip = self._new_strip()

    # Listening

    def listen(self, listener: Listener) -> tuple[int, int]:
        """Send to a listener from the next key frame on; the sequence number and timestamp it may expect."""
        listener.began, listener.due_report, listener.due_sound_report = False, 0.0, 0.0
        self._listeners.append(listener)
        if self._timer is None:
            self._turn_to_key()
            self._arm(time.monotonic())
        return self.sequence & 0xFFFF, self._timestamp()

    def leave(self, listener: Listener) -> None:
        self.connections.discard(listener)
        if listener in self._listeners:
            self._listeners.remove(listener)
        if not self._listeners and self._timer:
            self._timer.cancel()
            self._timer = None

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    def _turn_to_key(self) -> None:
        """Begin at the key frame before the picture due now, as if it were due now, or within a picture's time.

        Each camera has its own rhythm: listeners that come at the same moment would else have all pictures at once,
        as they never do.
        """
        now_90k = self._now_90k()
        at = (now_90k - self._loop_90k) % self.film.duration_90k
        keys = self.film.key_indexes
        self._index = max((index for index in keys if self.film.pictures[index].start_90k <= at), default=keys[0])
        self._loop_90k = now_90k - self.film.pictures[self._index].start_90k + self._phase_90k

    # Time

    def _now_90k(self) -> int:
        return int((time.monotonic() - self._started) * HZ)

    def _due_90k(self) -> int:
        return self._loop_90k + self.film.pictures[self._index].start_90k

    def _timestamp(self) -> int:
        return (self._stamp + self._due_90k()) & 0xFFFFFFFF

    def _arm(self, now: float) -> None:
        due = self._started + self._due_90k() / HZ
        if self._grid_s:
            due = math.ceil(due / self._grid_s) * self._grid_s
        wait = due - now
        self._timer = asyncio.get_running_loop().call_later(max(wait, 0.0), self._tick)

    def _tick(self) -> None:
        """Send everything that is due; after a pause of the process that may be several pictures."""
        self._timer = None
        now = time.monotonic()
        for _ in range(MOST_AT_ONCE):
            if self._started + self._due_90k() / HZ > now:
                break
            self._show(now)
            self._sound(now)
            self._index += 1
            if self._index == len(self.film.pictures):
                self._index = 0
                self._loop_90k += self.film.duration_90k
        if self._listeners:
            self._arm(now)

    # Sending

    def _show(self, now: float) -> None:
        picture = self.film.pictures[self._index]
        if now < self._stalled_until or now < self._silent_until:
            for listener in self._listeners:
                listener.began = False  # what was missed cannot be decoded around
            return
        if not picture.key and not any(listener.began for listener in self._listeners):
            return  # all wait for a key frame: nothing is sent, so no sequence number is used up
        burst, timestamp = self._burst(), self._timestamp()
        packets = burst.patched(self.sequence, timestamp, self.source)
        offsets = burst.offsets
        if self._skip:
            packets, offsets = self._without_skipped(burst, packets)
        if self._garbage_payload:
            self._spoil(packets, offsets)
        self.sequence = (self.sequence + len(burst.offsets)) & 0xFFFF
        self._packets += len(offsets)
        self._octets += len(packets) - 16 * len(offsets)
        if self._log:
            self.sent.append(Sent(self._index, time.time_ns(), timestamp))
        self.pictures_sent += 1
        for listener in list(self._listeners):
            self._send_to(listener, packets, offsets, now, key=picture.key)

    def _burst(self) -> Burst:
        """The picture's packets; with a caption row, its first slice is written now."""
        film, index = self.film, self._index
        in_band = self._in_band or not self.sdp_parameters
        if self._strip is None or film.caption is None:
            return (film.bursts_in_band if in_band else film.bursts)[index]
        now = time.time()
        clock = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now + self.clock_offset_s))
        text = f"CAM {film.caption.label}   {clock} UTC   {self.pictures_sent % 10_000_000:07d}"
        code = Code(Kind.TIME, film.caption.number, int(now * 1000))
        row = self._strip.draw(film.caption_slices[index], text, code)
        sets = film.parameter_sets if in_band and film.pictures[index].key else ()
        return packetise(film.codec, (*sets, row), last=False) + film.bursts_below_caption[index]

    def _new_strip(self) -> Strip | None:
        return Strip(self.film.width) if self.film.caption and self._clock else None

    def _send_to(self, listener: Listener, packets: bytearray, offsets: tuple[int, ...], now: float,
                 *, key: bool) -> None:  # fmt: skip
        if not listener.began and not key:
            return
        listener.began = True
        if listener.backlog() > BEHIND_BYTES:
            listener.close()
            return
        if now >= listener.due_report:
            listener.due_report = now + self._report_every_s
            listener.send(self._report())
        listener.send(packets, offsets)

    def _sound(self, now: float) -> None:
        """Send the frames of sound that begin while this picture is shown, to those who set the sound up."""
        sound, pictures = self.film.sound, self.film.pictures
        if sound is None or now < max(self._stalled_until, self._silent_until, self._muted_until):
            return
        following = self._index + 1
        end = pictures[following].start_90k if following < len(pictures) else self.film.duration_90k
        for number in sound.due(pictures[self._index].start_90k, end):
            stamp = self._sound_stamp + sound.timestamp(self._loop_90k, number)
            frame = sound.frames[number]
            if self._babble:
                frame, self._babble = os.urandom(len(frame)), self._babble - 1
            self._sound_sequence += 1
            for listener in list(self._listeners):
                if listener.sound_channel is not None and listener.began:
                    self._send_sound(listener, listener.sound_channel, frame, stamp, now)

    def _send_sound(self, listener: Listener, channel: int, frame: bytes, stamp: int, now: float) -> None:
        if now >= listener.due_sound_report and self.film.sound is not None:
            listener.due_sound_report = now + self._report_every_s
            at = self._sound_stamp + self._now_90k() * self.film.sound.parameters.rate // HZ
            wall = time.time() + self.clock_offset_s
            report = bytearray(sender_report(self._sound_source, wall, at & 0xFFFFFFFF, 0, 0))
            report[1] = channel + 1
            listener.send_sound(bytes(report))
        listener.send_sound(packet(channel, frame, self._sound_sequence, stamp, self._sound_source))

    def _report(self) -> bytes:
        timestamp = (self._stamp + self._now_90k()) & 0xFFFFFFFF
        return sender_report(self.source, time.time() + self.clock_offset_s, timestamp, self._packets, self._octets)

    def _without_skipped(self, burst: Burst, packets: bytearray) -> tuple[bytearray, tuple[int, ...]]:
        left_out = min(self._skip, len(burst.offsets))
        self._skip -= left_out
        kept = burst.offsets[left_out:]
        if not kept:
            return bytearray(), ()
        return packets[kept[0] :], tuple(offset - kept[0] for offset in kept)

    def _spoil(self, packets: bytearray, offsets: tuple[int, ...]) -> None:
        """Overwrite payload with noise, packet after packet, until as much as was asked for is spoilt."""
        for start, end in zip(offsets, (*offsets[1:], len(packets)), strict=True):
            size = min(end - start - 16, self._garbage_payload)
            packets[start + 16 : start + 16 + size] = os.urandom(size)
            self._garbage_payload -= size

    # Faults

    async def fault(self, fault: Fault) -> None:
        """Let a fault happen now. Raises FilmError where a size cannot be made."""
        now = time.monotonic()
        match fault.kind:
            case FaultKind.DROP:
                self.hang_up()
            case FaultKind.STALL:
                self._stalled_until = now + fault.number("seconds")
            case FaultKind.RESOLUTION:
                await self._change_size(fault)
            case FaultKind.WRONG_DIGEST:
                self._refuse_credentials_until = _until(now, fault)
                self.hang_up()
            case FaultKind.GARBAGE:
                self._garbage(fault)
            case FaultKind.NO_PARAMETERS:
                self.sdp_parameters = False
            case FaultKind.CLOCK_OFFSET:
                self._set_clock(fault.number("seconds"))
            case FaultKind.UNPLUG:
                self._silent_until = _until(now, fault)
            case FaultKind.REFUSE:
                self._refuse_until = _until(now, fault)
                self.hang_up()
            case FaultKind.MUTE:
                self._muted_until = _until(now, fault)
            case FaultKind.BABBLE:
                self._babble = int(fault.number("packets"))
            case FaultKind.LOSS:
                self._skip = int(fault.number("packets"))
            case FaultKind.PLUG:
                self._plug()

    @property
    def silent(self) -> bool:
        return time.monotonic() < self._silent_until

    @property
    def refusing(self) -> bool:
        return time.monotonic() < self._refuse_until

    @property
    def refusing_credentials(self) -> bool:
        return time.monotonic() < self._refuse_credentials_until

    def hang_up(self) -> None:
        """Close every connection to this camera, as a restart does."""
        for listener in list(self.connections):
            listener.close()

    def _set_clock(self, offset_s: float) -> None:
        self.clock_offset_s = offset_s
        for listener in self._listeners:
            listener.due_report = 0.0  # tell it with the next picture

    def _garbage(self, fault: Fault) -> None:
        size = int(fault.number("bytes"))
        if fault.values["where"] == "payload":
            self._garbage_payload = size
            return
        noise = os.urandom(size)
        for listener in self._listeners:
            listener.send(noise)

    async def _change_size(self, fault: Fault) -> None:
        width, height = fault.optional("width"), fault.optional("height")
        film = self._own_film
        if width and height and self._resize:
            film = await asyncio.to_thread(self._resize, self._own_film, int(width), int(height))
        self.show(film)

    def show(self, film: Film) -> None:
        """Go on with another film from its first picture, at once; time and sequence numbers continue."""
        due = max(self._due_90k(), self._now_90k())
        self.film, self._index, self._loop_90k = film, 0, due
        self._strip = self._new_strip()

    def _plug(self) -> None:
        was_away = self.silent
        self._stalled_until = self._refuse_credentials_until = self._silent_until = self._refuse_until = 0.0
        self._garbage_payload = self._skip = self._babble = 0
        self._muted_until = 0.0
        self.sdp_parameters = True
        self._set_clock(0.0)
        self.show(self._own_film)
        if was_away:
            self.hang_up()  # a camera that was without power knows none of its old connections


def _until(now: float, fault: Fault) -> float:
    seconds = fault.optional("seconds")
    return FOREVER if seconds is None else now + seconds
