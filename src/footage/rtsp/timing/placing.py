"""Places pictures in time by their stamps and their arrival together, for either alone can lie.

A `Placing` stands between a track and whoever listens, and is a StreamSink itself. A picture's stamp is believed while
it stays in line with when pictures arrive. One that does not is held until the next picture shows what it was: a
network that stood still, one stray stamp, or stamps that jumped and go on from there. Stamps that keep leaving the line
are scaled to the rate at which they really run; where they have none, arrival alone counts. See docs/design/time.md.
"""

from __future__ import annotations

from footage.rtsp.events import AccessUnit, LossCause, Oddity, StreamSink, VideoParameters
from footage.rtsp.payload.order import may_be_shown_earlier
from footage.rtsp.timing.stamp_rate import Seen, Trail
from footage.times import HZ, Camera90k, Utc90k

#: How much earlier and later than usual a picture may come, by its stamp, and be in line.
_EARLY, _LATE = HZ // 10, HZ // 4
#: Two pictures are never nearer than this: a millisecond, which nothing that rounds takes for one moment.
_APART = HZ // 1000
#: The furthest that a picture which is sent after one that it is shown before lies before it.
_MOST_BACK = 3 * HZ // 2
#: For so long, and so many pictures, the usual delay is still being learned: stored pictures may come at once.
_LEARNING, _LEARNED = HZ, 5
#: Stored pictures come at least so many times faster than they were taken; what is slower are stamps that run fast.
_STORED_SPEED, _STORED_STEP, _STORED_PACE = 8, 6 * HZ // 5, HZ // 50
#: The stamps' line is looked at so often; past the dead zone it is drawn to arrival by at most a fiftieth.
_LOOK_EVERY, _LOOK_PICTURES, _LOOK_MOST = HZ, 5, 60 * HZ
_DEAD_ZONE, _DRAW = 6 * HZ // 100, 50
#: By how much a second the usual delay may creep: a crystal's error, and more.
_CREEP = HZ // 2000
#: After a pause of the network its pictures come at least twice as fast as they were taken, each soon after the last.
_CAUGHT_UP_STEP = 12 * HZ
#: So many departures within so long, and the stamps' rate is measured or arrival alone counts.
_DEPARTURES, _DEPARTED_WITHIN = 3, 10 * HZ
#: A rate this near the one taken is no other.
_RATE_IS_RIGHT = 0.01
#: Arrival alone counts for so long, before the stamps are believed again.
_BY_ARRIVAL = 60 * HZ
#: Nobody reads later than this without the connection having been given up.
_READ_LATE_MOST = 120 * HZ
_NEVER = -(1 << 62)


class Placing:
    """One connection's. Hands pictures on in the order sent, each with a time of its own in `media_90k`.

    Without reordering times rise by at least a tick; none lies further than a tenth of a second after the picture's
    arrival, nor, unless the network stood still, a quarter before it. At most one picture is held back.
    """

    def __init__(self, sink: StreamSink) -> None:
        self._sink = sink
        self._offset = 0  # from a stamp to its place
        self._delay = 0  # from a place to the usual arrival
        self._late = _LATE
        self._back = 0  # how far back stamps go where pictures are sent in another order than they are shown in
        self._parameters: VideoParameters | None = None
        self._placed = self._arrived = self._stamp = _NEVER  # of the last picture handed on
        self._unusual_now = True  # nothing is known yet, or a picture is held, or the stamps are not taken as they are
        self._learning_until: int | None = None
        self._learned = self._lowered = self._live = 0
        self._first_delay = 0
        self._held: AccessUnit | None = None
        self._held_seen = Seen(0, 0)
        # The look each second
        self._look_at = 0
        self._least_late = _LATE
        self._draw = 0  # by so much the line is still to be moved
        # Stamps that run wrong
        self._rate = 1.0  # seconds of ours in one of the stamps'
        self._from = Seen(0, 0)  # the stamp that the rate counts from; its offset is _offset
        self._line_began = _NEVER
        self._departures: list[int] = []
        self._trail = Trail()
        self._by_arrival_until = 0
        self._interval = 0  # usual time between pictures, by arrival

    # What the track tells

    def on_parameters(self, parameters: VideoParameters) -> None:
        self.release()
        self._parameters = parameters
        self._sink.on_parameters(parameters)

    def on_access_unit(self, unit: AccessUnit) -> None:
        """One picture; a regular one goes on at once."""
        arrived = unit.monotonic * 9 // 100_000
        placed = unit.media_90k + self._offset
        late = arrived - placed - self._delay
        if self._unusual_now or not -_EARLY <= late <= self._late or placed <= self._placed - self._back:
            self._unusual(unit, Seen(unit.media_90k, arrived))
            return
        if late < self._least_late:
            self._least_late = late
        if arrived >= self._look_at:
            self._look(Seen(unit.media_90k, arrived), behind=unit.behind)
        self._stamp, self._arrived, self._placed = unit.media_90k, arrived, placed
        unit.media_90k = placed
        self._sink.on_access_unit(unit)

    def on_packets_lost(self, packets: int, wall: Utc90k) -> None:
        self.release()
        self._sink.on_packets_lost(packets, wall)

    def on_sender_report(self, camera: Camera90k, wall: Utc90k, media_90k: int) -> None:
        self._sink.on_sender_report(camera, wall, self._place_of(media_90k))

    def on_oddity(self, oddity: Oddity, wall: Utc90k) -> None:
        self._sink.on_oddity(oddity, wall)

    def on_stamp_rate(self, rate: float) -> None:
        self._sink.on_stamp_rate(rate)

    def on_quiet(self, detail: str, wall: Utc90k) -> None:
        self._sink.on_quiet(detail, wall)

    def on_lost(self, cause: LossCause, detail: str, wall: Utc90k) -> None:
        self.release()
        self._sink.on_lost(cause, detail, wall)

    # Out of the ordinary

    def _unusual(self, unit: AccessUnit, seen: Seen) -> None:
        if self._arrived == _NEVER:
            self._begin(unit, seen)
            return
        if self._learning_until is not None or self._held is not None:
            self._trail.add(seen)
        if self._held is not None:
            held = Seen(self._place_of(self._held_seen.stamp), self._held_seen.arrived)
            if self._learn_order(unit, self._place_of(seen.stamp), held):
                self._hand_on(self._held, self._held_seen, held.stamp)
            else:
                self._judge(self._held, self._held_seen, seen)
        if self._by_arrival_until:
            self._without_stamps(unit, seen)
            return
        placed = self._place_of(seen.stamp)
        self._learn(seen, placed)
        self._learn_order(unit, placed, Seen(self._placed, self._arrived))
        if self._in_line(placed, seen.arrived) or (unit.behind and self._only_read_late(placed, seen.arrived)):
            self._hand_on(unit, seen, placed)
        else:
            self._held, self._held_seen = unit, seen
            self._unusual_now = True

    def _without_stamps(self, unit: AccessUnit, seen: Seen) -> None:
        place = self._by_arrival(seen.arrived)
        if seen.arrived >= self._by_arrival_until:
            self._by_arrival_until = 0
            self._rate = 1.0
            self._offset = place - seen.stamp
            self._sink.on_stamp_rate(1.0)
        self._hand_on(unit, seen, place)

    def _begin(self, unit: AccessUnit, seen: Seen) -> None:
        self._offset = 0
        self._delay = self._first_delay = seen.arrived - seen.stamp
        self._learning_until = seen.arrived + _LEARNING
        self._trail.add(seen)
        self._hand_on(unit, seen, seen.stamp)

    def _learn(self, seen: Seen, placed: int) -> None:
        """In the first second a picture that comes with less delay than those before it shows what the delay is."""
        if self._learning_until is None:
            return
        late = seen.arrived - placed - self._delay
        lived = seen.arrived - self._arrived
        self._live += lived >= _STORED_PACE
        stored = -late <= _EARLY and self._all_stored and _stored(placed - self._placed, lived)
        if late < 0 and (stored or -late <= max(self._back, _EARLY - self._lowered)):
            self._lowered -= late
            self._take_delay(self._delay + late)
        self._learned += 1
        if seen.arrived >= self._learning_until and self._learned >= _LEARNED:
            self._learning_until = None

    def _learn_order(self, unit: AccessUnit, placed: int, before: Seen) -> bool:
        """Whether a picture is of the kind that is sent after one that it is shown before, further back than any yet.

        `before` is the place and the arrival of the one before, which was sent ahead of its time and shows the delay.
        """
        parameters, back = self._parameters, before.stamp - placed + 1
        if not self._back < back <= _MOST_BACK or parameters is None or not parameters.reorders:
            return False
        if not may_be_shown_earlier(parameters.codec, unit):
            return False
        self._back, self._late = back, _LATE + 2 * back
        self._take_delay(min(self._delay, before.arrived - before.stamp))
        return True

    @property
    def _all_stored(self) -> bool:
        """Whether hardly a picture came yet as pictures do that are taken now."""
        return self._live * 10 <= self._learned + 10

    def _take_delay(self, delay: int) -> None:
        self._delay = delay
        self._least_late, self._draw = self._late, 0  # what was seen before was measured by another
        self._look_at = max(self._look_at, self._arrived + _LOOK_EVERY)

    def _in_line(self, placed: int, arrived: int) -> bool:
        late = arrived - placed - self._delay
        return -_EARLY <= late <= self._late and placed > self._placed - self._back and placed != self._placed

    def _only_read_late(self, placed: int, arrived: int) -> bool:
        """Of a picture before which more was waiting to be read: it came when its stamp says, and we were slow."""
        return placed > self._placed and 0 < arrived - placed - self._delay < _READ_LATE_MOST

    def _judge(self, held: AccessUnit, was: Seen, following: Seen) -> None:
        """Place the held picture, now that the next has come."""
        if self._stood_still(was, following):
            self._hand_on(held, was, self._place_of(was.stamp))
            return
        if self._learning_until is not None and self._all_stored and self._were_stored(was, following):
            self._take_delay(was.arrived - self._place_of(was.stamp))
            self._hand_on(held, was, self._place_of(was.stamp))
            return
        step = following.stamp - was.stamp
        together = _stored(step, following.arrived - was.arrived)
        place = self._by_arrival(was.arrived, step // 2 if together else 0)
        after = self._place_of(following.stamp)
        repeated = self._stamp == was.stamp or was.stamp == following.stamp
        odd = Oddity.REPEATED_STAMP if repeated else Oddity.STRAY_STAMP
        if self._in_line(after, following.arrived) and after > self._placed + 2 * _APART:
            place = min(place, after - _APART)
        elif not repeated:
            if self._continues(was, following):
                odd = Oddity.STAMP_STEP
                # Of pictures that come together the first of a new line says little of their usual delay.
                settling = together and was.arrived - self._line_began < HZ
                self._begin_line(was, place)
                if settling:
                    self._hand_on(held, was, place)
                    return
            self._depart(was.arrived)
        self._sink.on_oddity(odd, held.wall)
        self._hand_on(held, was, place)

    def _stood_still(self, was: Seen, following: Seen) -> bool:
        """Whether the network did, or we: a picture came late, and the next one catches up."""
        place, step = self._place_of(was.stamp), round((following.stamp - was.stamp) * self._rate)
        late = was.arrived - place - self._delay
        catches_up = 0 < step <= _CAUGHT_UP_STEP and (following.arrived - was.arrived) * 2 < step
        return late > self._late and place > self._placed and catches_up

    def _begin_line(self, seen: Seen, place: int) -> None:
        """From this picture on the stamps stand on another line."""
        self._line_began = seen.arrived
        moved = place - self._place_of(seen.stamp)
        self._offset += moved
        if abs(moved) > HZ:
            self._trail.begin_anew(2)  # what came before says nothing of how fast the stamps run

    def _were_stored(self, was: Seen, following: Seen) -> bool:
        """Whether pictures come much faster than they were taken; where they do not, their stamps run fast."""
        return _stored(self._place_of(was.stamp) - self._placed, was.arrived - self._arrived) and _stored(
            self._place_of(following.stamp) - self._place_of(was.stamp), following.arrived - was.arrived
        )

    def _continues(self, was: Seen, following: Seen) -> bool:
        """Whether two stamps are as far apart as their pictures, so that a new line begins with them."""
        step, lived = round((following.stamp - was.stamp) * self._rate), following.arrived - was.arrived
        return step > 0 and step * 4 >= lived and abs(step - lived) <= self._late

    def _depart(self, arrived: int) -> None:
        """The stamps left their line. Find the rate at which they run; where they have none, do without them."""
        rate = self._trail.rate()
        if rate is not None and abs(rate / self._rate - 1) > _RATE_IS_RIGHT:
            self._take_rate(rate)
            return
        self._departures = [at for at in self._departures if arrived - at < _DEPARTED_WITHIN]
        self._departures.append(arrived)
        if len(self._departures) < _DEPARTURES or not self._trail.long_enough:
            return
        self._departures.clear()
        self._by_arrival_until = arrived + _BY_ARRIVAL
        self._sink.on_stamp_rate(0.0)

    def _take_rate(self, rate: float) -> None:
        self._departures.clear()
        self._rate = 1.0 if abs(rate - 1) < _RATE_IS_RIGHT else rate
        if self._learning_until is not None or self._lowered > _EARLY:
            # What was taken for stored pictures were stamps that run fast.
            self._take_delay(self._first_delay)
            self._lowered, self._learning_until = 0, None
        newest = self._trail.newest
        self._trail.begin_anew(1)
        self._from = newest
        self._offset = newest.arrived - self._delay - newest.stamp
        self._sink.on_stamp_rate(1 / self._rate)

    def release(self) -> None:
        """No next picture will show what the held one was: place it by its arrival, and hand it on."""
        if self._held is not None:
            held, self._held = self._held, None
            self._hand_on(held, self._held_seen, self._by_arrival(self._held_seen.arrived))

    def _hand_on(self, unit: AccessUnit, seen: Seen, placed: int) -> None:
        lived = seen.arrived - self._arrived
        if self._placed != _NEVER and lived < _CAUGHT_UP_STEP:
            self._interval += (lived - self._interval) // 8 if self._interval else lived
        if unit is self._held:
            self._held = None
        self._least_late = min(self._least_late, seen.arrived - placed - self._delay)
        if self._draw:
            part = max(-(lived // _DRAW), min(lived // _DRAW, self._draw))
            self._offset, self._draw = self._offset + part, self._draw - part
        if seen.arrived >= self._look_at:
            self._look(seen, behind=unit.behind)
        self._stamp, self._arrived, self._placed = seen.stamp, seen.arrived, placed
        self._unusual_now = (
            self._held is not None
            or self._rate != 1.0
            or self._by_arrival_until > 0
            or self._learning_until is not None
            or self._draw != 0
        )
        unit.media_90k = placed
        self._sink.on_access_unit(unit)

    def _look(self, seen: Seen, *, behind: bool) -> None:
        """Once a second: let the line follow what is seen, within the dead zone unnoticed, else faster."""
        least, self._least_late = self._least_late, self._late
        lived = seen.arrived - self._arrived if self._arrived != _NEVER else 0
        self._look_at = seen.arrived + max(_LOOK_EVERY, min(_LOOK_PICTURES * lived, _LOOK_MOST))
        if behind:
            return  # what we read late says nothing of when pictures come
        self._trail.add(seen)
        if abs(least) <= _DEAD_ZONE:
            self._delay += max(-_CREEP, min(_CREEP, least))
            self._draw = 0
        elif not self._by_arrival_until:
            self._draw = least
            self._unusual_now = True

    # Where a picture stands

    def _place_of(self, stamp: int) -> int:
        if self._rate == 1.0:
            return stamp + self._offset
        begin = self._from.stamp
        return begin + self._offset + round((stamp - begin) * self._rate)

    def _by_arrival(self, arrived: int, least: int = 0) -> int:
        """A place by arrival alone: at the usual delay, drawn there gently where little is wrong, and always onward.

        `least` is how far onward at least, where pictures come together and arrival does not tell.
        """
        lived = max(0, arrived - self._arrived)
        place = arrived - self._delay
        usual = self._placed + (self._interval or lived)
        if abs(place - usual) < _LATE:
            place = usual + (place - usual) // 4
        place = min(place, arrived - self._delay + _EARLY)
        return max(place, self._placed + max(lived // 2, least, _APART))


def _stored(step: int, lived: int) -> bool:
    """Whether one picture followed another much faster than it was taken."""
    return 0 < step <= _STORED_STEP and lived * _STORED_SPEED < step and lived < _STORED_PACE
