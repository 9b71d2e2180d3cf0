"""What an engineer reads of an odd camera: ten of them first, then what fades, what is bounded, what is in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from footage.contract import CameraNote
from footage.rtsp.client import SessionPolicy, StreamTarget, probe
from footage.rtsp.events import AccessUnit, Codec, LossCause, Oddity, VideoParameters
from footage.rtsp.notes.notes import StreamNotes
from footage.rtsp.notes.tally import Often, span_words
from footage.rtsp.notes.words import ODDITY_WORDS, ORDER
from footage.times import Camera90k, MonotonicNs, Utc90k
from rtsp.packets import packets
from rtsp.pictures import encoded
from rtsp.scripted import Connection, ScriptedCamera

HZ = 90_000
START = 1_795_313_640 * HZ


@dataclass
class Street:
    """A camera that is played by hand, with time of its own; what each second brings is up to the test."""

    notes: StreamNotes = field(default_factory=StreamNotes)
    at: float = 0.0  # seconds
    sent: int = 0

    @property
    def wall(self) -> Utc90k:
        return Utc90k(START + round(self.at * HZ))

    def picture(self, *, key: bool = False, recovery: bool = False, frames: int = 0) -> None:
        monotonic = MonotonicNs(10**15 + round(self.at * 1e9))
        unit = AccessUnit([], 9_000, 0, key, self.wall, monotonic, recovery=recovery, recovery_frames=frames)
        self.notes.picture(unit)
        self.sent += 1

    def film(self, seconds: float, *, fps: float = 25.0, key_every: float = 1.0, **kind: object) -> None:
        """A plain stream for so long; a clock report each 5 s."""
        for number in range(round(seconds * fps)):
            key = number % max(1, round(key_every * fps)) == 0
            self.picture(key=key, recovery=bool(kind.get("recovery")) and key, frames=int(str(kind.get("frames", 0))))
            each: Callable[[Street], None] | None = kind.get("each")  # type: ignore[assignment]  # as the test gave it
            if each:
                each(self)
            if number % max(1, round(5 * fps)) == 0:
                self.report(float(str(kind.get("clock", 0.0))))
            self.at += 1 / fps

    def report(self, off: float) -> None:
        if off == off:  # a camera without reports is played with NaN
            self.notes.sender_report(Camera90k(self.wall + round(off * HZ)), self.wall)

    def odd(self, oddity: Oddity, times: int = 1) -> None:
        for _ in range(times):
            self.notes.oddity(oddity, self.wall)

    def told(self) -> list[CameraNote]:
        return list(self.notes.notes(self.wall))


def each_picture(fps: int, count: int, act: Callable[[Street], None]) -> Callable[[Street], None]:
    """Does something `count` times in each second of a stream."""
    return lambda street: act(street) if street.sent % (fps // count) == 0 else None


def one_in_five_seconds(street: Street) -> None:
    street.film(60, fps=0.2, key_every=5)


def keys_twelve_seconds_apart(street: Street) -> None:
    street.film(60, key_every=12)


def strangers(street: Street) -> None:
    street.film(60, fps=24, each=each_picture(24, 3, lambda s: s.odd(Oddity.OTHER_PAYLOAD_TYPE)))


def stamps_fast(street: Street) -> None:
    street.film(60, fps=21)
    street.notes.stamps_run(0.84)


def stamps_without_a_clock(street: Street) -> None:
    street.film(60)
    street.notes.stamps_run(0.0)


def stray_stamps(street: Street) -> None:
    street.film(60, each=lambda s: s.odd(Oddity.STRAY_STAMP) if s.sent % 50 == 0 else None)


def no_clock(street: Street) -> None:
    street.film(60, clock=float("nan"))


def clock_behind(street: Street) -> None:
    street.film(60, clock=-192.0)


def clock_an_hour_ahead(street: Street) -> None:
    street.film(60, clock=3603.0)


def only_recovery_points(street: Street) -> None:
    street.film(60, recovery=True)


def joined(street: Street) -> None:
    street.film(60, each=each_picture(25, 1, lambda s: s.odd(Oddity.JOINED_UNITS)))


def loses_packets(street: Street) -> None:
    street.film(60, each=lambda s: s.notes.packets_lost(1, s.wall) if s.sent % 35 == 0 else None)


def drops_each_five_seconds(street: Street) -> None:
    for _ in range(12):
        street.film(4.5)
        street.notes.lost(LossCause.CLOSED, street.wall)
        street.at += 0.5


def second_source(street: Street) -> None:
    street.film(60, fps=24, each=each_picture(24, 12, lambda s: s.odd(Oddity.OTHER_SOURCE)))


def basic(street: Street) -> None:
    street.odd(Oddity.OPEN_PASSWORD)
    street.film(300)


def slower_since_six_minutes(street: Street) -> None:
    street.film(120)
    street.film(360, fps=2)


def bad_reports(street: Street) -> None:
    street.film(60, each=lambda s: s.odd(Oddity.BAD_REPORT) if s.sent % 125 == 0 else None)


CAMERAS = [
    (one_in_five_seconds, "Sends one picture in 5 s; raise its frame rate if that is not meant."),
    (keys_twelve_seconds_apart, "Key frames 12 s apart: a loss costs up to 12 s; set the interval to 1 s."),
    (
        strangers,
        "Sends 3 packets a second that are no video (another kind on the same channel); passed over; switch its "
        "metadata off if nobody needs it.",
    ),
    (
        stamps_fast,
        "Its time stamps count 0.84 s for each second (they say 25 pictures a second, and 21 come), so that played by "
        "them it would run 19 % fast; pictures are "
        "placed by their arrival; set a frame rate that it can keep.",
    ),
    (
        stamps_without_a_clock,
        "Its time stamps follow no clock; pictures are placed by their arrival; set a frame rate that it can keep.",
    ),
    (
        stray_stamps,
        "One picture in 50 has a time stamp far from its neighbours'; placed between them; nothing is lost by it; update its firmware if that can be had.",
    ),
    (no_clock, "Its clock was not told (no RTCP sender reports); nobody can say how far it is off."),
    (clock_behind, "Its clock is 3 min 12 s behind; set its NTP server."),
    (clock_an_hour_ahead, "Its clock is 1 h ahead; set its time zone and its NTP server."),
    (
        only_recovery_points,
        "Begins recordings at recovery points: it sends no key frames (IDR); set its I-frame interval to 1 s and "
        "switch intra refresh off.",
    ),
    (joined, "Packs parameter sets and picture into one unit; taken apart; nothing is lost by it."),
    (
        loses_packets,
        "Loses about 0.38 % of its packets on the way (42 packets a minute), and with each the pictures up to its next "
        "key frame; look at its network or Wi-Fi, and lower its bit rate.",
    ),
    (
        drops_each_five_seconds,
        "Drops the connection every 4 s (reconnected 12 times in the last minute); look at how many viewers it serves, "
        "its power and its network.",
    ),
    (
        second_source,
        "Two streams come on one channel (another source, 12 packets a second); the second is passed over; restart the "
        "camera if it stays.",
    ),
    (basic, "The password goes unencrypted (Basic); set Digest sign-in or rtsps at the camera."),
    (
        slower_since_six_minutes,
        "Its picture rate changed from 25 to 2 a second (6 min ago); fix its frame rate if that is not meant.",
    ),
    (
        bad_reports,
        "Sends 12 clock reports a minute that cannot be read; passed over; update its firmware if that can be had.",
    ),
]


@pytest.mark.parametrize(("play", "words"), CAMERAS, ids=[play.__name__ for play, _ in CAMERAS])
def test_the_first_note_says_what_an_engineer_mends_first(play: Callable[[Street], None], words: str) -> None:
    street = Street()
    play(street)
    assert street.told()[0].text == words


def test_nothing_is_said_of_a_regular_camera() -> None:
    street = Street()
    street.film(300, key_every=2)
    assert street.told() == []


def test_two_key_frames_that_were_seen_or_no_claim() -> None:
    street = Street()
    street.film(4, key_every=60)
    assert [note.text for note in street.told()] == [
        "No second key frame within 4 s: a loss costs at least 4 s; set the interval to 1 s."
    ]


def test_an_interval_with_a_loss_in_it_is_no_interval() -> None:
    street = Street()
    street.film(2)
    street.notes.packets_lost(1, street.wall)
    street.at += 6
    street.film(2)
    assert [note.code for note in street.told()] == ["packets-lost"]


def test_a_camera_of_key_frames_only_has_none_far_apart() -> None:
    street = Street()
    street.film(60, fps=0.2, key_every=0)
    assert [note.code for note in street.told()] == ["few-pictures"]


@pytest.mark.parametrize("oddity", sorted({*Oddity, *ODDITY_WORDS}))
def test_every_oddity_has_words_and_a_place(oddity: str) -> None:
    assert oddity in ORDER
    for often in (Often(0, 60, 1, 3000), Often(180, 60, 500, 3600, 50.0)):
        text = ODDITY_WORDS[oddity](often)
        assert text.endswith(".")
        assert ". " not in text.replace("in. ", "")  # one sentence
        assert text[0].isupper() or text[0].isdigit()


def test_what_stopped_fades_from_a_rate_to_what_was_to_nothing() -> None:
    street = Street()
    street.film(60, fps=24, each=each_picture(24, 3, lambda s: s.odd(Oddity.UNKNOWN_UNIT)))
    assert street.told()[0].text.startswith("Sends 3 units a second that are no video")
    street.film(120)
    assert street.told()[0].text.startswith("Sent 180 units in the last 3 min that are no video")
    street.film(3600)
    assert street.told() == []


def test_one_odd_packet_is_told_as_one() -> None:
    street = Street()
    street.film(480, each=lambda s: s.odd(Oddity.NOT_RTP) if s.sent == 25 else None)
    assert street.told()[0].text.startswith("Sent 1 packet in the last 8 min that is no video")


def test_what_stands_as_long_as_the_connection_ends_with_it() -> None:
    street = Street()
    street.odd(Oddity.BAD_ANSWER)
    street.film(600)
    assert [note.code for note in street.told()] == ["bad-answer"]
    street.notes.lost(LossCause.CLOSED, street.wall)
    street.film(10)
    assert street.told() == []


def test_a_stream_that_was_stopped_by_order_is_forgotten() -> None:
    street = Street()
    street.film(60, key_every=12, clock=-30.0)
    street.odd(Oddity.NOT_RTP, 5)
    assert street.told()
    street.notes.lost(LossCause.STOPPED, street.wall)
    assert street.told() == []
    assert street.notes.oddities() == {"not-rtp": 5}


def test_stamps_that_run_right_again_are_told_no_more() -> None:
    street = Street()
    street.film(10)
    for rate, told in ((1.19, 1), (1.0, 0), (0.99, 1)):
        street.notes.stamps_run(rate)
        assert len(street.told()) == told
    street.notes.lost(LossCause.CLOSED, street.wall)
    assert street.told() == []


def test_notes_stand_as_they_would_be_mended() -> None:
    street = Street()
    for oddity in Oddity:
        street.odd(oddity, 5)
    street.film(60, key_every=12, clock=-30.0)
    street.notes.packets_lost(3, street.wall)
    codes = [note.code for note in street.told()]
    assert codes[0] == "packets-lost"
    assert codes == sorted(codes, key=ORDER.index)
    assert codes.index("key-frames-far-apart") < codes.index("clock-off") < codes.index("other-source")


def test_a_clock_that_is_set_back_begins_the_counting_anew() -> None:
    street = Street()
    street.odd(Oddity.NOT_RTP, 100)
    street.film(20)
    street.at -= 7200
    street.film(20)
    assert street.told() == []
    street.odd(Oddity.NOT_RTP)
    assert street.told()[0].text.startswith("Sent 1 packet in the last 20 s")


def test_a_clock_that_jumps_about_is_unsteady_and_one_that_was_set_is_not() -> None:
    street = Street()
    for off in (0.9, -0.9, 0.9, -0.9):
        street.report(off)
    assert [note.text for note in street.told()] == [
        "Its clock jumps about, by up to 1.8 s at once; set its NTP server."
    ]
    street = Street()
    for off in (-30.0, -30.0, 0.0, 0.0):
        street.report(off)
    assert street.told() == []


def test_a_picture_size_that_turns_is_told() -> None:
    def sized(width: int, height: int) -> VideoParameters:
        return VideoParameters(Codec.H264, b"", b"", b"", width, height, "avc1.64001f", 25.0)

    street = Street(StreamNotes(clock=lambda: street.wall))
    street.notes.parameters(sized(1280, 720))
    street.notes.parameters(sized(1280, 720))
    assert street.told() == []
    street.at += 60
    street.notes.parameters(sized(640, 360))
    street.at += 300
    assert street.told()[0].text == (
        "Its picture's size changed from 1280x720 to 640x360 (5 min ago); set one fixed size."
    )


def test_a_flood_of_oddities_costs_no_memory() -> None:
    street = Street()
    for _ in range(200):
        street.odd(Oddity.STRAY_STAMP, 100)
        street.odd(Oddity.BETWEEN_FRAMES, 100)
        street.at += 60
    assert len(street.notes._tally._minute._slices) + len(street.notes._tally._hour._slices) <= 12
    assert street.notes.oddities() == {"stray-stamp": 20_000, "between-frames": 20_000}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.44, "0.4 s"),
        (5, "5 s"),
        (12.4, "12 s"),
        (59.7, "1 min"),
        (192, "3 min 12 s"),
        (3600, "1 h"),
        (3900, "1 h 5 min"),
        (4 * 86_400, "4 days"),
        (56 * 365.25 * 86_400, "56 years"),
    ],
)
def test_lengths_of_time_in_words(seconds: float, words: str) -> None:
    assert span_words(seconds) == words


# ---- over a real socket


coded = encoded(Codec.H264, gop=2)


def sender(each: float, pictures: int, key_every: int = 2) -> Callable[[Connection], object]:
    """A key frame and its followers at this pace."""

    async def play(connection: Connection) -> None:
        sequence, began = 0, time.monotonic()
        for number in range(pictures):
            picture = coded.pictures[0 if number % key_every == 0 else 1]
            made = packets(
                Codec.H264, [picture], first_sequence=sequence, first_timestamp=round(number * each * HZ) & 0xFFFFFFFF
            )
            sequence += len(made)
            for packet in made:
                await connection.packet(packet)
            # To the moment, not for so long: late once must not be later with each picture.
            await asyncio.sleep(max(0.0, began + (number + 1) * each - time.monotonic()))

    return play


async def test_a_check_waits_for_a_second_picture_and_says_how_slow_the_camera_is() -> None:
    said: list[str] = []
    async with ScriptedCamera(coded, play=sender(3.2, 5)) as camera:
        seen = await probe(StreamTarget(camera.url), 1.0, SessionPolicy(silence=8.0), said.append)
    assert seen.ok
    assert [note.code for note in seen.notes] == ["few-pictures", "clock-not-told"]
    assert seen.notes[0].text == "Sends one picture in 3 s; raise its frame rate if that is not meant."
    assert any(words.startswith("waiting for a second picture, ") for words in said)


async def test_a_check_says_what_it_did_not_see() -> None:
    async with ScriptedCamera(coded, play=sender(0.04, 400, key_every=1000)) as camera:
        seen = await probe(StreamTarget(camera.url), 4.0)
    assert seen.ok
    assert [note.text for note in seen.notes] == [
        "No second key frame within 6 s: a loss costs at least 6 s; set the interval to 1 s.",
        "Its clock was not told within 6 s (no RTCP sender report with a time of day), so exhibits cannot state its "
        "error; set its time server, and switch RTCP on where it can be.",
    ]
