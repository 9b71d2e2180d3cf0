"""One RTSP session: the handshake, then the pictures, kept alive until they end. Source: RFC 2326."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import partial

from footage.rtsp.control.addresses import Here, TrackAddress
from footage.rtsp.control.asking import Asker
from footage.rtsp.control.connect import connect
from footage.rtsp.control.connection import RtspConnection
from footage.rtsp.control.handshake import Handshake
from footage.rtsp.control.keepalive import KeepAlive
from footage.rtsp.control.messages import Message
from footage.rtsp.control.refusals import check
from footage.rtsp.control.roads import PICTURES, SOUND, Beside, Inside, Road
from footage.rtsp.control.setup_answer import read_transport
from footage.rtsp.control.target import StreamTarget
from footage.rtsp.description.sdp import VideoTrack, find_video
from footage.rtsp.description.sound import SoundOffer, find_sound
from footage.rtsp.errors import StreamLost
from footage.rtsp.events import Codec, LossCause, Oddity, SoundSink, StreamSink
from footage.rtsp.memory import CameraMemory, TryAgain
from footage.rtsp.payload.h264 import H264Track
from footage.rtsp.payload.h265 import H265Track
from footage.rtsp.policy import SessionPolicy
from footage.rtsp.rtp.silence import SilenceWatch
from footage.rtsp.rtp.sound import tell_no_sound
from footage.rtsp.rtp.track import RtpTrack
from footage.rtsp.timing.placing import Placing
from footage.times import utc_now

log = logging.getLogger("footage.rtsp")

_TRACKS: dict[Codec, type[RtpTrack]] = {Codec.H264: H264Track, Codec.H265: H265Track}
#: Connections of one session, where each taught something that lets the next go further.
_MOST_CONNECTIONS = 4
_LOOK_SECONDS = 0.25
_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Ending:
    """How a session ended, and how long it brought pictures before."""

    cause: LossCause
    detail: str
    seconds_of_pictures: float
    sound_is_suspect: bool = False  # no picture came once the sound had been asked for


class RtspSession:
    """From connecting to the end of the pictures. Made for one use. `sound` is asked for where somebody listens.

    `memory` is what earlier sessions with this camera learned, and is added to.
    """

    def __init__(
        self,
        target: StreamTarget,
        sink: StreamSink,
        policy: SessionPolicy,
        sound: SoundSink | None = None,
        memory: CameraMemory | None = None,
    ) -> None:
        self._target, self._sink, self._policy, self._sound_sink = target, Placing(sink), policy, sound
        self._memory = memory or CameraMemory()
        self._sound_asked_for = False  # to be recorded
        self._throws_sound = self._memory.needs_sound  # it is set up, and what comes of it goes nowhere
        self._sound_thrown = False
        self.sound_offer = SoundOffer("")  # what the camera's description says of sound
        self._connection: RtspConnection | None = None
        self._asker: Asker | None = None
        self._road: Road | None = None
        self._public = ""
        self._track: RtpTrack | None = None
        self._untouched = -1  # the track's sequence before its first packet
        self._aggregate_url = target.url

    async def run(self, stop: asyncio.Event) -> Ending:
        """Follow the stream until it is lost or `stop` is set. Never raises but for cancellation."""
        streaming = asyncio.create_task(self._stream())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({streaming, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if streaming.done():
                return self._ending(streaming.result())
            return self._ending(StreamLost(LossCause.STOPPED, "Stopped by order."))
        finally:
            stopping.cancel()
            streaming.cancel()
            self._give_up(StreamLost(LossCause.STOPPED, "Stopped by order."))
            self._release()

    def _release(self) -> None:
        try:
            self._sink.release()
        except Exception:
            log.exception("a stream's listener failed")

    def _ending(self, lost: StreamLost) -> Ending:
        track = self._track
        if track is None or track.first_picture is None:
            suspect = self._sound_asked_for and lost.cause is not LossCause.STOPPED
            return Ending(lost.cause, lost.detail, 0.0, suspect)
        return Ending(lost.cause, lost.detail, (track.last_arrival - track.first_picture) / _NS)

    async def _stream(self) -> StreamLost:
        """How the last connection ended. Another one is made at once where the one before taught how to go on."""
        lost = StreamLost(LossCause.CLOSED, "The camera closed the connection.")
        for _ in range(_MOST_CONNECTIONS):
            try:
                return await self._once()
            except TryAgain as again:
                lost = again.lost
                log.info("another connection at once: %s", lost.detail)
                self._give_up(lost)
                if again.took_time:
                    self._sink.on_lost(lost.cause, lost.detail, utc_now())
            except StreamLost as ended:
                return ended
        return lost

    async def _once(self) -> StreamLost:
        self._connection = connection = await connect(self._target, self._policy)
        self._asker = asker = Asker(connection, self._target, self._policy, self._memory, self._tell_bad_answer)
        self._road = road = Beside(connection) if self._target.transport == "udp" else Inside(connection)
        self._track, self._sound_thrown = None, False
        here = Here(self._target.url, connection.places()[1])
        steps = Handshake(asker, self._target, self._policy, self._memory, here)
        self._public = self._public or await steps.options()
        described = await steps.describe()
        track = await self._set_up(steps, here, road, described)
        if asker.says_password and not self._target.tls:
            self._sink.on_oddity(Oddity.OPEN_PASSWORD, utc_now())
        return await self._follow(connection, KeepAlive(asker, self._memory, self._public, self._policy.answer), track)

    # ---- what is set up

    async def _set_up(self, steps: Handshake, here: Here, road: Road, described: Message) -> RtpTrack:
        """The pictures' track, and the sound's where it is wanted or has to be; then PLAY."""
        video = find_video(described.body)
        self.sound_offer = find_sound(described.body)
        base = here.base(described)
        addresses = here.addresses(base, video.session_control, video.control)
        answer, address = await steps.set_up(addresses, await road.asks(PICTURES))
        if answer.status == 461:
            raise StreamLost(LossCause.UNSUPPORTED, road.refused)
        check(answer, "SETUP", self._target.password)
        if video.odd:
            self._sink.on_oddity(Oddity.BAD_DESCRIPTION, utc_now())
        track = self._carry(road, video, answer)
        sound_url = await self._set_up_sound(steps, here, road, base, video.session_control)
        await self._play(steps, address, track, sound_url)
        return track

    async def _play(self, steps: Handshake, address: TrackAddress, track: RtpTrack, sound_url: str) -> None:
        """Ask for the packets. Where they come without an answer, or in spite of it, that is answer enough."""
        assert self._asker
        try:
            played, self._aggregate_url = await steps.play(address)
        except StreamLost:
            if self._asker.ended or track.sequence == self._untouched:
                raise
            self._tell_bad_answer()
            return
        if 200 <= played.status < 300:
            if sound_url and self._aggregate_url == address.url != address.aggregate:
                await steps.play_track(sound_url)
        elif track.sequence == self._untouched:
            self._check_played(played)
        else:
            self._tell_bad_answer()

    def _carry(self, road: Road, video: VideoTrack, answer: Message) -> RtpTrack:
        assert self._asker
        transport = read_transport(answer.header("transport"))
        kind = _TRACKS[video.codec]
        track = kind(
            self._sink,
            video.parameter_sets,
            payload_type=video.payload_type,
            clock_rate=video.clock_rate,
            ssrc=transport.ssrc,
        )
        if not self._asker.session_id:
            self._tell_bad_answer()  # the camera agreed, and began no session: the connection itself has to be it
        self._track, self._untouched = track, track.sequence
        road.carry_pictures(transport, track)
        return track

    async def _set_up_sound(self, steps: Handshake, here: Here, road: Road, base: str, session_control: str) -> str:
        """The address of the sound that was set up, empty where none was. That it is refused costs the sound alone.

        What a camera sends of sound that nobody ordered is dropped unread. Source: PROG-4.2.4.
        """
        assert self._track
        found, sink = self.sound_offer.track, self._sound_sink
        if sink and found is None:
            tell_no_sound(sink, f"The camera offers {self.sound_offer.words or 'no sound'}.")
        control = found.control if sink and found else self.sound_offer.control if self._throws_sound else None
        if control is None:
            return ""
        self._sound_asked_for = bool(sink and found)
        addresses = here.addresses(base, session_control, control)
        answer, address = await steps.set_up(addresses, await road.asks(SOUND))
        taken = 200 <= answer.status < 300
        if sink and found:
            transport = read_transport(answer.header("transport"))
            if not taken or not road.carry_sound(transport, sink, found.parameters, self._track.arrived):
                tell_no_sound(sink, "The camera did not let its sound be set up.")
                return ""
            sink.on_sound_parameters(found.parameters)
        self._sound_thrown = taken and not self._sound_asked_for
        return address.url if taken else ""

    def _check_played(self, answer: Message) -> None:
        """Raises the loss that a refused PLAY is; or TryAgain, for some refuse it until their sound is set up too."""
        try:
            check(answer, "PLAY", self._target.password)
        except StreamLost as lost:
            if 400 <= answer.status < 500 and answer.status not in (403, 453):
                self._try_with_sound(lost)
            raise

    def _try_with_sound(self, lost: StreamLost) -> None:
        """Raises TryAgain where the camera offers sound and this session did not ask for it yet."""
        if not self._sound_asked_for and not self._throws_sound and self.sound_offer.control is not None:
            self._throws_sound = True
            why = f"{lost.detail} Some cameras send pictures only once their sound is set up too: that is tried now."
            raise TryAgain(StreamLost(lost.cause, why), took_time=lost.cause is LossCause.SILENT)

    # ---- while pictures come

    async def _follow(self, connection: RtspConnection, keep_alive: KeepAlive, track: RtpTrack) -> StreamLost:
        """How the pictures ended. Raises TryAgain where none came and the sound may be what is missing."""
        assert self._road
        alive = partial(keep_alive.answers, self._aggregate_url, self._policy.silence)
        watch = SilenceWatch(track, self._policy, self._give_up, alive)
        try:
            self._road.knock()
            if self._sound_thrown:
                await self._until_heard(connection, track)
            while not connection.ended.done():
                await asyncio.wait({connection.ended}, timeout=keep_alive.pause)
                if not connection.ended.done():
                    self._road.knock()
                    await keep_alive.once(self._aggregate_url)
            lost = connection.ended.result()
        except TryAgain as again:
            return again.lost  # there were pictures: that they ended is told before anything else
        finally:
            watch.stop()
        if lost.cause is LossCause.SILENT and track.sequence == self._untouched:
            self._memory.needs_sound = False
            self._try_with_sound(lost)
        return lost

    async def _until_heard(self, connection: RtspConnection, track: RtpTrack) -> None:
        """Wait for the first packet, and remember that it came with the sound set up."""
        while track.sequence == self._untouched and not connection.ended.done():
            await asyncio.wait({connection.ended}, timeout=_LOOK_SECONDS)
        if track.sequence != self._untouched:
            self._memory.needs_sound = True
            self._sink.on_oddity(Oddity.NEEDS_SOUND, utc_now())

    def _tell_bad_answer(self) -> None:
        self._sink.on_oddity(Oddity.BAD_ANSWER, utc_now())

    def _give_up(self, lost: StreamLost) -> None:
        """End a session whose connection may still stand."""
        self._say_goodbye()
        if self._road:
            self._road.close()
        if self._connection:
            self._connection.end(lost)

    def _say_goodbye(self) -> None:
        """Cameras serve few sessions at once, and one that is not ended blocks its place for a minute."""
        if self._asker and self._asker.session_id and not self._asker.ended:
            self._asker.tell("TEARDOWN", self._aggregate_url)
