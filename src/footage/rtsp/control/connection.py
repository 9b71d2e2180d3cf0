"""One camera's TCP connection: RTSP messages and interleaved packets out of one receive buffer.

Everything that arrives in a burst comes with one receive into this buffer, and packets are read where they lie.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from struct import Struct
from time import perf_counter
from typing import cast

from footage.rtsp.control.astray import Astray
from footage.rtsp.control.lull import lull_of
from footage.rtsp.control.messages import (
    MAX_HEAD_BYTES,
    Message,
    body_bytes,
    head_end,
    may_answer,
    may_begin_message,
    parse_head,
    refusal_bytes,
    request_bytes,
)
from footage.rtsp.control.share import BYTE_SECONDS, SETTLE_SECONDS, LoopShare
from footage.rtsp.errors import ProtocolError, StreamLost
from footage.rtsp.events import LossCause, Oddity
from footage.rtsp.rtp.sound import SoundChannel
from footage.rtsp.rtp.track import RtpTrack
from footage.rtsp.rtp.track_feed import TrackFeed

log = logging.getLogger("footage.rtsp")

#: Twice the longest interleaved packet, so that a burst and the packet cut by its end both fit.
_BUFFER_BYTES = 1 << 17
#: There is always this much room to receive into.
_ROOM_BYTES = 1 << 16
_FRAME = Struct("!HH")
_DOLLAR = 0x24
#: A frame that is longer than this is looked at before it is waited for: most cameras stay below what Ethernet carries.
_LONG_FRAME_BYTES = 4096
_LAST_WORD_SECONDS = 1.0
#: What to look at where a connection stands and a question gets no answer.
UNANSWERED = "; look whether the port is its RTSP port (usually 554), and restart it."
_MAX_GIVEN_UP = 16
#: As RtpTrack.packet.
TakePacket = Callable[[bytearray, memoryview, int, int], bool]
#: A camera that asks more often is let go: each answer is work, and none of it is pictures.
_MAX_ASKED_A_MINUTE = 60


class RtspConnection(asyncio.BufferedProtocol):
    """Carries requests and their answers, and hands packets to a track.

    `ended` is done with the StreamLost that ended the connection; nothing that a camera sends raises elsewhere.
    """

    def __init__(self, *, bytes_a_minute: int = 0, lull: float = 0.0) -> None:
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[StreamLost] = self._loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray(_BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._read = self._written = self._room_end = 0
        self._searched = 0  # no end of a message head lies before here
        self._needed = 0  # bytes of the message that is arriving, head and body, once its head has said so
        self._cseq = 0
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._asked = ""  # the method of the open question
        self._given_up: list[int] = []  # numbers of questions whose answers nobody waits for, and which may yet come
        self._answered, self._last = -1, Message(0, "", "", {})  # the last answer that bore its question's number
        self._shift = 0  # what the camera adds to the numbers of our questions
        self._asked_since, self._asked_of_us = 0.0, 0  # since when, and how many requests of the camera's were answered
        self.misnumbered = 0  # answers taken that did not bear the number of their question
        self._track: RtpTrack | None = None
        self._packet: TakePacket | None = None  # what takes the track's packets, the track or what puts them in order
        self._ordered: TrackFeed | None = None
        self._rtp_channel = self._rtcp_channel = -1
        self._sound: SoundChannel | None = None
        self._bytes_a_minute = bytes_a_minute
        self._lull = lull_of(self._loop, lull)
        self._share = LoopShare(self._loop.time())
        self._worked, self._received = 0.0, 0  # seconds and bytes since the share was settled
        self._astray = Astray()

    # ---- what the session asks for

    def listen(self, track: RtpTrack, rtp_channel: int, rtcp_channel: int) -> None:
        """Hand the packets of these two channels to a track; those of all others are passed over."""
        self._track, self._rtp_channel, self._rtcp_channel = track, rtp_channel, rtcp_channel
        self._packet = track.packet
        self._astray.listen(rtp_channel, rtcp_channel)

    def listen_to_sound(self, sound: SoundChannel) -> None:
        """Hand what comes on channels that are not the pictures' to the sound."""
        self._sound = sound

    async def ask(self, method: str, url: str, headers: Mapping[str, str], seconds: float) -> Message:
        """Send a request and wait for its answer. Raises StreamLost where none comes in time or the camera leaves.

        One question is open at a time. One that nobody waits for any more may still be answered, see _question_of.
        """
        if self.ended.done():
            raise self.ended.result()
        self._cseq += 1
        cseq, answer = self._cseq, self._loop.create_future()
        self._waiting[cseq], self._asked = answer, method
        self._send(request_bytes(method, url, cseq, headers))
        try:
            async with asyncio.timeout(seconds):
                return await cast("asyncio.Future[Message]", answer)
        except TimeoutError:
            log.info("no answer to %s", method)
            self._given_up = [*self._given_up, cseq][-_MAX_GIVEN_UP:]
            lost = StreamLost(LossCause.SILENT, f"The camera did not answer {method} within {seconds:g} s{UNANSWERED}")
            raise lost from None
        finally:
            del self._waiting[cseq]

    def tell(self, method: str, url: str, headers: Mapping[str, str]) -> None:
        """Send a request whose answer nobody waits for."""
        self._cseq += 1
        self._given_up = [*self._given_up, self._cseq][-_MAX_GIVEN_UP:]
        self._send(request_bytes(method, url, self._cseq, headers))

    def end(self, lost: StreamLost) -> None:
        """Read nothing more, and close once what was sent has gone out, or a second later."""
        if not self.ended.done():
            self.ended.set_result(lost)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(lost)
        if self._transport and not self._transport.is_closing():
            self._transport.close()
            self._loop.call_later(_LAST_WORD_SECONDS, self._transport.abort)

    def places(self) -> tuple[str, str]:
        """The numeric addresses of this end and of the camera's; empty once the connection is gone."""
        if self._transport is None:
            return "", ""
        ours, theirs = self._transport.get_extra_info("sockname"), self._transport.get_extra_info("peername")
        return (str(ours[0]), str(theirs[0])) if ours and theirs else ("", "")

    def certificate(self) -> bytes:
        """The camera's certificate (DER); empty on a connection without TLS."""
        tls = self._transport.get_extra_info("ssl_object") if self._transport else None
        return (tls.getpeercert(binary_form=True) or b"") if tls else b""

    def _send(self, data: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(data)

    # ---- asyncio.BufferedProtocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        why = f"The connection broke: {error}." if error else "The camera closed the connection."
        self.end(StreamLost(LossCause.CLOSED, why))
        self._share.close()
        # The transport may be kept alive by a timer for a second; the buffer need not be.
        self._view, self._buffer, self._track, self._sound = memoryview(b""), bytearray(), None, None
        self._packet = None
        if self._ordered:
            self._ordered.close()

    def get_buffer(self, sizehint: int) -> memoryview:
        if len(self._buffer) - self._written < _ROOM_BYTES:
            self._make_room()
        # The last byte is for the sign that nothing follows.
        self._room_end = min(self._written + self._share.most_bytes, len(self._buffer) - 1)
        return self._view[self._written : self._room_end]

    def buffer_updated(self, nbytes: int) -> None:
        self._written += nbytes
        if self.ended.done():
            self._read = self._written = self._searched = 0
            return
        began = perf_counter()
        try:
            self._read_burst()
        except StreamLost as lost:
            self.end(lost)
        except Exception:
            # Ours or the sink's, never the camera's. It costs this camera its session and no other anything.
            log.exception("a stream's listener failed")
            self.end(StreamLost(LossCause.FAULT, "The recorder failed on this stream; its log has the details."))
        self._received += nbytes
        self._worked += perf_counter() - began + nbytes * BYTE_SECONDS
        if self._worked > SETTLE_SECONDS:
            self._settle_share()
        if self._lull and not self._lull.due:
            self._lull.after_this_turn()

    def _settle_share(self) -> None:
        """Read nothing for a while where this camera has had more than its share of the loop."""
        worked, received = self._worked, self._received
        self._worked, self._received = 0.0, 0
        transport = self._transport
        if self.ended.done() or transport is None or transport.is_closing():
            return
        try:
            rest = self._share.settle(self._loop.time(), worked, received, self._bytes_a_minute)
        except StreamLost as lost:
            self.end(lost)
            return
        if rest:
            transport.pause_reading()
            self._loop.call_later(rest, self._read_on)

    def _read_on(self) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.resume_reading()

    # ---- framing

    def _read_burst(self) -> None:
        buffer, view, track = self._buffer, self._view, self._track
        at, written = self._read, self._written
        frame, video, packet = _FRAME.unpack_from, -1, None
        if track:
            track.start_burst(written == self._room_end)  # all the room was filled: more may be waiting
            if track.numbering.is_disordered and self._ordered is None:
                self._put_in_order(track)
            video, packet = _DOLLAR << 8 | self._rtp_channel, self._packet
            if self._astray.searching:
                self._read = at = self._search(at, written)
                if self._astray.searching:
                    return
        # So that the end of what was received looks like the start of a frame, and needs no look of its own.
        buffer[written] = _DOLLAR
        while written - at >= 4:
            head, length = frame(buffer, at)
            end = at + 4 + length
            if head == video and end <= written and buffer[end] == _DOLLAR and packet:
                if not packet(buffer, view, at + 4, end) and track:
                    end = max(0, self._astray.frame_inside(buffer, at, end, written, track.source)) or end
                at = end
                continue
            end = self._frame(at, head, end, written) if head >> 8 == _DOLLAR else self._message(at, written)
            if end == at:
                break
            at = end
            if self._astray.searching or self.ended.done():
                break
        if at == written:
            at = self._written = self._searched = 0
        self._read = at

    def _put_in_order(self, track: RtpTrack) -> None:
        """From now on packets wait for those that this camera sends behind them."""
        track.note(Oddity.SWAPPED)
        self._ordered = TrackFeed(track, self.end, continues=True)
        self._packet = self._ordered.packet

    def _frame(self, at: int, head: int, end: int, written: int) -> int:
        """Take a frame that is not plainly one of the pictures'; gives where it ends, or `at` while some is missing."""
        track, channel = self._track, head & 0xFF
        if track and self._is_doubtful(at, channel, end, written):
            cut = self._astray.frame_inside(self._buffer, at, min(end, written), written, track.source)
            if cut < 0:
                return at
            if cut:
                # Its length says that it holds the one behind it: the camera cut it short, or lied.
                track.note(Oddity.BETWEEN_FRAMES)
                return cut
        if end > written:
            return at
        if channel == self._rtp_channel and self._packet:
            self._packet(self._buffer, self._view, at + 4, end)
        elif channel == self._rtcp_channel and track:
            track.control(bytes(self._view[at + 4 : end]))
        elif self._sound:
            self._sound.packet(channel, self._buffer, self._view, at + 4, end)
        return end

    def _is_doubtful(self, at: int, channel: int, end: int, written: int) -> bool:
        """Whether a frame may be none, or not as long as it says: waiting for the rest of it would swallow others."""
        known = channel in (self._rtp_channel, self._rtcp_channel)
        if end <= written:
            return self._buffer[end] != _DOLLAR or (end == written and not known)
        return not known or end - at > _LONG_FRAME_BYTES or self._buffer[at + 4] >> 6 != 2

    def _message(self, at: int, written: int) -> int:
        """Read the message that begins at `at`; gives where it ends, or `at` while some of it is missing."""
        if written - at < self._needed:
            return at
        buffer = self._buffer
        if buffer[at] in b"\r\n":
            return at + 1  # an empty line between messages is allowed (RFC 2326, 4.1)
        if not may_begin_message(bytes(self._view[at : min(at + 40, written)])):
            if self._track is None:
                raise ProtocolError(_no_rtsp(bytes(self._view[at : min(at + 5, written)])))
            return self._search(at, written)
        head = head_end(buffer, max(at, self._searched - 3), written)
        if head is None:
            self._searched = written
            if written - at > MAX_HEAD_BYTES:
                raise ProtocolError(f"The camera's answer has more than {MAX_HEAD_BYTES} bytes of headers.")
            return at
        try:
            ends, body = head
            message = parse_head(bytes(self._view[at:ends]))
            end = body + body_bytes(message)
        except ProtocolError:
            if self._track is None:
                raise
            self._searched = 0
            return self._search(at + 1, written)  # noise that began as a message does
        self._searched, self._needed = ends, end - at
        if end > written:
            return at
        self._searched = self._needed = 0
        self._deliver(message, bytes(self._view[body:end]))
        return end

    def _search(self, at: int, written: int) -> int:
        """Pass over bytes that belong to nothing; gives where the next frame or message begins, or may begin."""
        assert self._track
        harmless = not self._astray.searching and not any(self._view[at : min(at + 16, written)])
        end = self._astray.search(self._buffer, at, written, self._track.source)
        if not self._astray.searching:
            self._track.note(Oddity.BETWEEN_FRAMES, slight=harmless)
        return end

    def _deliver(self, message: Message, body: bytes) -> None:
        if message.method:
            self._refuse(message)
        elif message.status >= 200:  # one below says only that the answer is still to come
            answer = self._question_of(message, body)
            if answer and not answer.done():
                self._last = Message(message.status, message.reason, "", message.headers, body)
                answer.set_result(self._last)

    def _question_of(self, message: Message, body: bytes) -> asyncio.Future[Message] | None:
        """The open question that this answers; None for a late answer to one that was given up.

        Cameras leave the number out, always say 0, or say one too few. With one question open that is its answer all
        the same, unless it bears the number of one given up; or it bears no number that helps, one was given up, and
        its look is not that of an answer to this question: then it is taken for the oldest that was given up.
        """
        told = message.cseq
        named = [] if told is None else [told, told - self._shift]
        known = next((cseq for cseq in named if cseq in self._waiting), None)
        if told is not None and known is not None:
            self._answered = told
            return self._waiting[known]
        for cseq, answer in self._waiting.items():
            if told is not None and told == self._answered and _same(message, body, self._last):
                return None  # said twice
            if told is not None and told in self._given_up:
                self._given_up.remove(told)
                return None
            if self._given_up and not may_answer(self._asked, message, body):
                del self._given_up[0]
                return None
            self._shift, self._answered = 0 if told is None else told - cseq, -1
            self.misnumbered += 1
            return answer
        return None

    def _refuse(self, request: Message) -> None:
        """Answer a request of the camera's, but not without end. Raises ProtocolError."""
        now = self._loop.time()
        if now - self._asked_since >= 60:
            self._asked_since, self._asked_of_us = now, 0
        self._asked_of_us += 1
        if self._asked_of_us > _MAX_ASKED_A_MINUTE:
            raise ProtocolError(f"The camera asks for more than {_MAX_ASKED_A_MINUTE} things a minute of the recorder.")
        self._send(refusal_bytes(request))

    def _make_room(self) -> None:
        """Move what is unread to the front; of a larger buffer, bounded as bodies are, where a long body is coming."""
        unread = self._buffer[self._read : self._written]
        if self._needed + _ROOM_BYTES > len(self._buffer):
            self._buffer = bytearray(self._needed + 2 * _ROOM_BYTES)
            self._view = memoryview(self._buffer)
        self._buffer[: len(unread)] = unread
        self._searched = max(0, self._searched - self._read)
        self._read, self._written = 0, len(unread)


def _same(message: Message, body: bytes, other: Message) -> bool:
    return message.status == other.status and message.headers == other.headers and body == other.body


def _no_rtsp(start: bytes) -> str:
    if start == b"HTTP/":
        return "A web server answers at this port; give the port of the camera's RTSP, usually 554."
    return "The camera sent something that is neither RTSP nor a packet."
