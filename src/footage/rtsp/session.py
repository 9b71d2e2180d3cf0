"""One RTSP session: OPTIONS, DESCRIBE, SETUP, PLAY, keep-alive, TEARDOWN. Follows no redirect. Source: RFC 2326."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass

from footage.rtsp.auth import Credentials, challenges, strongest
from footage.rtsp.connect import connect
from footage.rtsp.connection import RtspConnection
from footage.rtsp.errors import StreamLost
from footage.rtsp.events import Codec, LossCause, SoundSink, StreamSink
from footage.rtsp.messages import Message, printable
from footage.rtsp.payload_h264 import H264Track
from footage.rtsp.payload_h265 import H265Track
from footage.rtsp.placing import Placing
from footage.rtsp.policy import SessionPolicy
from footage.rtsp.sdp import VideoTrack, find_video
from footage.rtsp.sdp_sound import SoundOffer, SoundTrack, find_sound
from footage.rtsp.sound import SoundChannel, tell_no_sound
from footage.rtsp.target import StreamTarget
from footage.rtsp.track import RtpTrack
from footage.rtsp.watch import SilenceWatch

log = logging.getLogger("footage.rtsp")

_TRACKS: dict[Codec, type[RtpTrack]] = {Codec.H264: H264Track, Codec.H265: H265Track}
_SESSION = re.compile(r"([!-:<-~]{1,256})\s*(?:;.*?timeout\s*=\s*(\d{1,6}))?.*", re.IGNORECASE)
_ADDRESS = re.compile(r"(?i)rtsps?://[!-~]{1,2040}")
_INTERLEAVED = re.compile(r"(?:^|;)\s*interleaved\s*=\s*(\d{1,3})(?:-(\d{1,3}))?", re.IGNORECASE)
_DEFAULT_TIMEOUT_SECONDS = 60
#: Challenges answered for one request: the first, and new nonces where the old one went stale.
_MAX_CHALLENGES = 3
_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Ending:
    """How a session ended, and how long it brought pictures before."""

    cause: LossCause
    detail: str
    seconds_of_pictures: float
    sound_is_suspect: bool = False  # no picture came once the sound had been asked for


class RtspSession:
    """From connecting to the end of one connection. Made for one use. `sound` is asked for where somebody listens."""

    def __init__(
        self, target: StreamTarget, sink: StreamSink, policy: SessionPolicy, sound: SoundSink | None = None
    ) -> None:
        self._target, self._sink, self._policy, self._sound_sink = target, Placing(sink), policy, sound
        self._sound_asked_for = False
        self.sound_offer = SoundOffer("")  # what the camera's description says of sound
        self._connection: RtspConnection | None = None
        self._credentials: Credentials | None = None
        self._track: RtpTrack | None = None
        self._aggregate_url = target.url
        self._session_id = ""
        self._timeout_seconds = _DEFAULT_TIMEOUT_SECONDS
        self._offers_get_parameter = False

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
            self._leave()
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
        try:
            self._connection = connection = await connect(self._target, self._policy)
            await self._handshake(connection)
            return await self._follow(connection)
        except StreamLost as lost:
            return lost

    # ---- the handshake

    async def _handshake(self, connection: RtspConnection) -> None:
        url = self._target.url
        options = await self._ask("OPTIONS", url)
        self._offers_get_parameter = "GET_PARAMETER" in options.header("public").upper()
        described = await self._ask("DESCRIBE", url, {"Accept": "application/sdp"})
        _check(described, "DESCRIBE")
        video = find_video(described.body, _base(described) or url)
        self.sound_offer = find_sound(described.body, _base(described) or url)
        self._aggregate_url = video.aggregate_url
        rtp, rtcp = await self._set_up(connection, video)
        sound = await self._set_up_sound(connection, self._sound_sink, {rtp, rtcp}) if self._sound_sink else None
        played = await self._ask("PLAY", video.aggregate_url, {"Range": "npt=0.000-"})
        if played.status == 459:  # Aggregate Operation Not Allowed
            self._aggregate_url = video.url
            played = await self._ask("PLAY", video.url, {"Range": "npt=0.000-"})
            if sound:
                await self._ask("PLAY", sound.url, {"Range": "npt=0.000-"})
        _check(played, "PLAY")

    async def _set_up(self, connection: RtspConnection, video: VideoTrack) -> tuple[int, int]:
        """Ask for the track over this connection; its two channels. Raises StreamLost (UNSUPPORTED) if refused."""
        answer = await self._ask("SETUP", video.url, {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"})
        transport = answer.header("transport")
        if answer.status == 461 or (answer.status == 200 and transport and "TCP" not in transport.upper()):
            raise StreamLost(LossCause.UNSUPPORTED, "The camera does not offer its video over TCP.")
        _check(answer, "SETUP")
        session = _SESSION.fullmatch(answer.header("session"))
        if not session:
            raise StreamLost(LossCause.PROTOCOL, "The camera agreed to send its video but began no session.")
        self._session_id = session[1]
        self._timeout_seconds = int(session[2] or 0) or _DEFAULT_TIMEOUT_SECONDS
        channels = _INTERLEAVED.search(transport)
        rtp = int(channels[1]) if channels else 0
        self._track = _TRACKS[video.codec](self._sink, video.parameter_sets)
        rtcp = int(channels[2]) if channels and channels[2] else rtp + 1
        connection.listen(self._track, rtp, rtcp)
        return rtp, rtcp

    async def _set_up_sound(self, connection: RtspConnection, sink: SoundSink, taken: set[int]) -> SoundTrack | None:
        """Ask for the sound as well, which may be refused: then the pictures are followed alone."""
        assert self._track
        found = self.sound_offer.track
        if found is None:
            tell_no_sound(sink, f"The camera offers {self.sound_offer.words or 'no sound'}.")
            return None
        self._sound_asked_for = True
        answer = await self._ask("SETUP", found.url, {"Transport": "RTP/AVP/TCP;unicast;interleaved=2-3"})
        channels = _INTERLEAVED.search(answer.header("transport"))
        rtp = int(channels[1]) if channels else 2
        rtcp = int(channels[2]) if channels and channels[2] else rtp + 1
        if answer.status != 200 or taken & {rtp, rtcp}:
            tell_no_sound(sink, "The camera did not let its sound be set up.")
            return None
        sink.on_sound_parameters(found.parameters)
        connection.listen_to_sound(SoundChannel(sink, found.parameters, (rtp, rtcp), self._track.arrived))
        return found

    async def _ask(self, method: str, url: str, headers: dict[str, str] | None = None) -> Message:
        """The camera's answer to a request, once it knows who asks. Raises StreamLost."""
        assert self._connection
        for _ in range(_MAX_CHALLENGES):
            sent = self._headers(method, url) | (headers or {})
            answer = await self._connection.ask(method, url, sent, self._policy.answer)
            if answer.status != 401:
                if self._credentials:
                    self._credentials.accepted = True
                return answer
            self._credentials = self._answer_to(answer)
        raise StreamLost(LossCause.REFUSED, "The camera refuses the user name or password.")

    def _headers(self, method: str, url: str) -> dict[str, str]:
        headers = {"Session": self._session_id} if self._session_id else {}
        if self._credentials:
            headers["Authorization"] = self._credentials.header(method, url)
        return headers

    def _answer_to(self, refusal: Message) -> Credentials:
        """Credentials for the challenge of a 401. Raises StreamLost (REFUSED) where trying again would not help."""
        offered = strongest(challenges(refusal.headers.get("www-authenticate", ())))
        if offered is None:
            raise StreamLost(LossCause.REFUSED, "The camera asks for a way to sign in that is not known here.")
        if not self._target.username:
            raise StreamLost(LossCause.REFUSED, "The camera asks for a user name and password, and none is set.")
        before = self._credentials
        # A nonce that was good and is good no more gets one new try even where the camera forgets to say stale.
        expired = before is not None and before.accepted and before.challenge.fields != offered.fields
        if before is not None and not offered.stale and not expired:
            raise StreamLost(LossCause.REFUSED, "The camera refuses the user name or password.")
        return Credentials(offered, self._target.username, self._target.password)

    # ---- while pictures come

    async def _follow(self, connection: RtspConnection) -> StreamLost:
        assert self._track
        watch = SilenceWatch(self._track, self._policy, self._give_up)
        try:
            while True:
                await asyncio.wait({connection.ended}, timeout=max(1.0, self._timeout_seconds / 2))
                if connection.ended.done():
                    return connection.ended.result()
                await self._keep_alive()
        finally:
            watch.stop()

    async def _keep_alive(self) -> None:
        """Tell the camera that somebody is still there. An answer that does not come is no loss while pictures do."""
        method = "GET_PARAMETER" if self._offers_get_parameter else "OPTIONS"
        try:
            answer = await self._ask(method, self._aggregate_url)
        except StreamLost as lost:
            if lost.cause is LossCause.SILENT and self._connection and not self._connection.ended.done():
                return
            raise
        if answer.status == 454:
            raise StreamLost(LossCause.CLOSED, "The camera has forgotten the session.")
        if method == "GET_PARAMETER" and answer.status >= 400:
            self._offers_get_parameter = False

    def _give_up(self, lost: StreamLost) -> None:
        """End a session whose connection still stands."""
        self._say_goodbye()
        if self._connection:
            self._connection.end(lost)

    def _leave(self) -> None:
        self._give_up(StreamLost(LossCause.STOPPED, "Stopped by order."))

    def _say_goodbye(self) -> None:
        """Cameras serve few sessions at once, and one that is not ended blocks its place for a minute."""
        connection = self._connection
        if connection and self._session_id and not connection.ended.done():
            connection.tell("TEARDOWN", self._aggregate_url, self._headers("TEARDOWN", self._aggregate_url))


def _base(described: Message) -> str:
    """The address that relative ones are relative to, where the camera names one that can be sent back to it."""
    base = described.header("content-base") or described.header("content-location")
    return base if _ADDRESS.fullmatch(base) else ""


def _check(answer: Message, method: str) -> None:
    """Raises StreamLost unless the answer is a success."""
    status, said = answer.status, f"{answer.status} {printable(answer.reason)}".strip()
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise StreamLost(LossCause.REFUSED, f"The camera sends us elsewhere ({said}); redirects are not followed.")
    if status == 404:
        raise StreamLost(LossCause.REFUSED, f"The camera has no such stream ({said}).")
    if status in (453, 503):
        raise StreamLost(LossCause.REFUSED, f"The camera has no room for another viewer ({said}).")
    cause = LossCause.REFUSED if status < 500 else LossCause.CLOSED
    raise StreamLost(cause, f"The camera refused what was asked: {said}.")
