"""What one packet gets wrong costs that packet, or its picture, and never the session."""

from __future__ import annotations

import struct

import pytest

from footage.rtsp.events import Codec, Oddity
from rtsp.feeding import SOURCE, all_of, fed, film, framed, made_of, renumbered, stamp_of
from rtsp.packets import aggregate, fragments, interleaved, rtp, sender_report
from rtsp.pictures import Coded

both_codecs = pytest.mark.parametrize("codec", list(Codec))


def before_pictures(made: list[bytes], odd: bytes) -> list[bytes]:
    """A packet with a number of its own, and the next picture's stamp, before the second picture and each third."""
    out, number = [], 0
    for at, packet in enumerate(made):
        if at and stamp_of(packet) != stamp_of(made[at - 1]):
            number += 1
            if number % 3 == 1:
                out.append(odd[:4] + packet[4:8] + odd[8:])
        out.append(packet)
    return renumbered(out)


def headed(payload: bytes, *, head: int = 0x80, kind: int = 96) -> bytes:
    return struct.pack("!BBHII", head, kind, 0, 0, SOURCE) + payload


IN_SEQUENCE = {
    "nothing but a header": (headed(b""), Oddity.EMPTY_UNIT),
    "nothing but padding": (headed(b"\x01", head=0xA0), Oddity.EMPTY_UNIT),
    "another version": (headed(bytes(range(200, 240)), head=0x40), Oddity.NOT_RTP),
    "version 3": (headed(bytes(range(200, 240)), head=0xC0), Oddity.NOT_RTP),
    "more sources than it has room for": (headed(bytes(8), head=0x8F), Oddity.NOT_RTP),
    "an extension beyond its end": (headed(b"\xab\xac\xff\xff" + bytes(9), head=0x90), Oddity.NOT_RTP),
    "padding beyond its end": (headed(bytes(5) + b"\xff", head=0xA0), Oddity.NOT_RTP),
    "noise": (b"\x12\x34\x56\x78" * 9, Oddity.NOT_RTP),
    "half a header": (headed(b"")[:9], Oddity.NOT_RTP),
}
UNKNOWN_H264 = {
    "type 0": b"\x60" + bytes(range(9)),
    "STAP-B": b"\x79\x00\x01\x00\x02\x41\x41",
    "MTAP": b"\x7a\x00\x01\x00\x02\x41\x41",
    "FU-B": b"\x7d\x85\x00\x01" + bytes(20),
    "type 30": b"\x7e" + bytes(9),
    "type 31": b"\x7f" + bytes(range(40, 80)),
    "one byte": b"\x7f",
    "type 31 in fragments": b"\x7c\xdf" + bytes(12),
    "private data in an aggregate": aggregate(Codec.H264, [b"\x7f\x01\x02", b"\x7e\x01\x02"])[0],
}
UNKNOWN_H265 = {
    "PACI": b"\x64\x01" + bytes(range(40, 80)),
    "type 63": b"\x7e\x01" + bytes(9),
    "type 60 in fragments": b"\x62\x01\xfc" + bytes(12),
    "no header": b"\x00\x00" + bytes(range(2, 9)),
    "one byte": b"\x7e",
}


@both_codecs
@pytest.mark.parametrize(("odd", "oddity"), IN_SEQUENCE.values(), ids=IN_SEQUENCE)
@pytest.mark.parametrize("step", [1 << 16, 100])
def test_an_odd_packet_between_pictures_costs_nothing(codec, odd, oddity, step):
    coded = film(codec)
    made = before_pictures(made_of(coded), odd)
    told = fed(coded, framed(made), step=step)
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost
    assert told.heard.oddities == [oddity] * 4


@pytest.mark.parametrize(
    ("codec", "payload"),
    [(Codec.H264, one) for one in UNKNOWN_H264.values()] + [(Codec.H265, one) for one in UNKNOWN_H265.values()],
    ids=[*UNKNOWN_H264, *UNKNOWN_H265],
)
def test_a_unit_of_no_known_type_is_counted_and_not_written(codec, payload):
    coded = film(codec)
    told = fed(coded, framed(before_pictures(made_of(coded), headed(payload))))
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost
    assert set(told.heard.oddities) == {Oddity.UNKNOWN_UNIT}


@both_codecs
def test_private_packets_under_a_stamp_of_their_own_do_not_tear_the_picture_around_them(codec):
    coded = film(codec)
    private = rtp(b"\x7f\x01\x02\x03", sequence=0, timestamp=7)
    made = [one for packet in made_of(coded) for one in (packet, private)]
    told = fed(coded, framed(renumbered(made)))
    assert told.heard.pictures() == all_of(coded)
    assert [unit.media_90k for unit in told.heard.units] == [3600 * number for number in range(12)]


# ---- a packet that the pictures needed


BREAKING = {
    "another version": lambda packet: b"\x40" + packet[1:],
    "cut short": lambda packet: packet[:7],
    "padding beyond its end": lambda packet: b"\xa0" + packet[1:-1] + b"\xff",
}


@both_codecs
@pytest.mark.parametrize("breaking", BREAKING.values(), ids=BREAKING)
@pytest.mark.parametrize("which", ["first", "middle", "last"])
def test_a_broken_packet_of_a_picture_costs_its_group_and_is_told(codec, breaking, which):
    coded = film(codec)
    made = made_of(coded, mtu=200)
    own = [at for at, packet in enumerate(made) if stamp_of(packet) == 5 * 3600]
    assert len(own) > 3
    at = {"first": own[1], "middle": own[len(own) // 2], "last": own[-1]}[which]
    made[at] = breaking(made[at])
    told = fed(coded, framed(made))
    pictures = all_of(coded)
    assert told.heard.pictures() == [*pictures[:5], *pictures[8:]]
    assert len(told.lost) == 1
    assert Oddity.NOT_RTP in told.heard.oddities


def test_a_single_packet_picture_whose_header_is_broken_is_told_as_lost():
    coded = film(Codec.H264)
    made = made_of(coded, mtu=60_000)
    at = next(at for at, packet in enumerate(made) if stamp_of(packet) == 5 * 3600 and packet[1] & 0x80)
    made[at] = b"\x40" + made[at][1:]
    told = fed(coded, framed(made))
    assert told.heard.pictures() == all_of(coded)[:5] + all_of(coded)[8:]
    assert told.lost == [1]


# ---- aggregates and fragments


def with_key_sets(coded: Coded, payload_of) -> list[bytes]:
    """The film with the units before each key picture's slices in one payload, made by `payload_of`."""
    made = []
    for number, picture in enumerate(coded.pictures):
        head, last = picture[:-1], picture[-1]
        whole = [payload_of(head)] if len(head) > 1 else list(head)
        whole += fragments(coded.codec, last, 300)
        made += [
            rtp(payload, sequence=0, timestamp=3600 * number, marker=at == len(whole) - 1)
            for at, payload in enumerate(whole)
        ]
    return renumbered(made)


@both_codecs
@pytest.mark.parametrize(
    ("before", "after", "oddity"),
    [
        (b"", bytes(6), Oddity.EMPTY_UNIT),
        (bytes(2), b"", Oddity.EMPTY_UNIT),
        (b"", b"\x00", Oddity.EMPTY_UNIT),
        (b"", b"\x00\x09\x4e\x55", Oddity.CUT_UNIT),
        (b"", b"\xff\xff\x4e\x01", Oddity.CUT_UNIT),
    ],
    ids=["empty at the end", "empty in front", "a byte too many", "a last one cut short", "a last one that lies"],
)
def test_of_an_aggregate_the_whole_units_are_taken(codec, before, after, oddity):
    coded = film(codec)
    head = 1 if codec is Codec.H264 else 2

    def payload_of(units: tuple[bytes, ...]) -> bytes:
        whole = aggregate(codec, units)[0]
        return whole[:head] + before + whole[head:] + after

    told = fed(coded, framed(with_key_sets(coded, payload_of)), told=False)
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost
    assert set(told.heard.oddities) == {oddity}


def test_a_slice_that_an_aggregate_cuts_short_costs_its_picture():
    coded = film(Codec.H264)
    made = made_of(coded)
    at = next(at for at, packet in enumerate(made) if stamp_of(packet) == 5 * 3600)
    cut = b"\x78\x01\x00" + b"\x41\x9a\x33"
    made.insert(at, rtp(cut, sequence=0, timestamp=5 * 3600))
    told = fed(coded, framed(renumbered(made)))
    assert told.heard.pictures() == all_of(coded)[:5] + all_of(coded)[8:]
    assert told.lost == [0]


def refragmented(coded: Coded, change) -> list[bytes]:
    """The film in fragments, each series changed before it is sent."""
    made = []
    for number, picture in enumerate(coded.pictures):
        whole = []
        for nal in picture:
            series = fragments(coded.codec, nal, 200) if len(nal) > 600 else [nal]
            whole += change(series) if len(series) > 3 else series
        made += [
            rtp(payload, sequence=0, timestamp=3600 * number, marker=at == len(whole) - 1)
            for at, payload in enumerate(whole)
        ]
    return renumbered(made)


def flags_at(payload: bytes, keep: int, add: int = 0) -> bytes:
    """A fragment with other flags; the flags stand in the second byte, in H.265 in the third."""
    at = 1 if payload[0] & 0x1F == 28 else 2
    return payload[:at] + bytes([payload[at] & keep | add]) + payload[at + 1 :]


def emptied(payload: bytes) -> bytes:
    return payload[:2] if payload[0] & 0x1F == 28 else payload[:3]


def without_data_first(series: list[bytes]) -> list[bytes]:
    return [emptied(series[0]), flags_at(series[0], 0x7F), *series[1:]]


SERIES = {
    "an empty first": (without_data_first, {Oddity.EMPTY_UNIT}),
    "an empty middle": (lambda s: [*s[:2], emptied(s[2]), *s[2:]], {Oddity.EMPTY_UNIT}),
    "an empty last": (lambda s: [*s[:-1], flags_at(s[-1], 0xBF), emptied(s[-1])], {Oddity.EMPTY_UNIT}),
    "an end twice": (lambda s: [*s, emptied(s[-1])], {Oddity.EMPTY_UNIT}),
    "nothing but its first byte": (lambda s: [s[0], s[1][:1], *s[1:]], {Oddity.EMPTY_UNIT}),
    "another type later": (lambda s: [s[0], *(flags_at(one, 0xE0, 0x0C) for one in s[1:])], set()),
    "no end": (lambda s: [*s[:-1], flags_at(s[-1], 0xBF)], {Oddity.CUT_UNIT}),
}


@both_codecs
@pytest.mark.parametrize(("change", "oddities"), SERIES.values(), ids=SERIES)
def test_series_of_fragments_that_are_odd_and_whole_cost_nothing(codec, change, oddities):
    coded = film(codec)
    told = fed(coded, framed(refragmented(coded, change)))
    assert told.heard.pictures()[:11] == all_of(coded)[:11]
    assert not told.lost
    assert set(told.heard.oddities) == oddities


@both_codecs
def test_a_series_whose_beginning_was_never_sent_costs_its_picture_though_no_packet_is_missing(codec):
    coded = film(codec)
    last = next(picture[-1] for picture in coded.pictures[4:] if len(picture[-1]) > 600)  # another slice would show it
    torn = fragments(codec, last, 200)
    told = fed(coded, framed(refragmented(coded, lambda series: series[1:] if series == torn else series)))
    heard, sent = told.heard.pictures(), all_of(coded)
    assert heard == [picture for picture in sent if picture in heard], "each is whole"
    assert 1 <= len(sent) - len(heard) <= 4, "its group"
    assert told.lost == [0]


@both_codecs
def test_a_camera_that_marks_no_beginnings_is_understood_after_a_few(codec):
    coded = film(codec)
    told = fed(coded, framed(refragmented(coded, lambda s: [flags_at(s[0], 0x7F), *s[1:]])))
    assert told.heard.pictures() == all_of(coded)[4:]
    assert not told.lost


@both_codecs
def test_one_packet_may_be_both_start_and_end(codec):
    coded = film(codec)
    whole = refragmented(coded, lambda s: s)
    both = []
    for packet in whole:
        payload = packet[12:]
        small = not (payload[0] & 0x1F == 28 if codec is Codec.H264 else payload[0] >> 1 == 49)
        both.append(packet[:12] + (fragments(codec, payload, 60_000)[0] if small and len(payload) > 4 else payload))
    told = fed(coded, framed(both))
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost


# ---- reports


@pytest.mark.parametrize(
    ("report", "good"),
    [
        (b"", 0),
        (b"\x80\xc8", 0),
        (b"\x80\xc8\x00\x07" + bytes(24), 0),
        (b"\x40\xc8\x00\x06" + bytes(24), 0),
        (sender_report(3_900_000_000.0, 0) + b"\x81\xca\xff\xff\x00", 1),
        (sender_report(3_900_000_000.0, 0) + b"\x81\xcb\x00\x01" + bytes(4), 1),
    ],
    ids=["empty", "two bytes", "too long", "version 1", "a good one before a lie", "a goodbye"],
)
def test_an_odd_report_is_passed_over_and_the_good_part_of_it_taken(report, good):
    coded = film(Codec.H264)
    made = made_of(coded)
    told = fed(coded, framed(made[:20]) + interleaved(1, report) + framed(made[20:]))
    assert told.heard.pictures() == all_of(coded)
    assert len(told.heard.reports) == good
    assert told.heard.oddities == ([] if report.endswith(b"\x01" + bytes(4)) else [Oddity.BAD_REPORT])


# ---- markers and stamps


@both_codecs
def test_pictures_under_one_stamp_without_a_marker_are_told_apart_by_their_first_slices(codec):
    coded = film(codec)
    made = [packet[:1] + b"\x60" + packet[2:4] + bytes(4) + packet[8:] for packet in made_of(coded)]
    told = fed(coded, framed(made))
    # The last is told where it is known to have one slice only: of several, the rest may be on the way.
    count = 11 if codec is Codec.H264 else 12
    assert told.heard.pictures() == all_of(coded)[:count]
    assert [unit.key for unit in told.heard.units] == [number % 4 == 0 for number in range(count)]


def test_a_clock_of_another_rate_is_scaled_without_adding_up_what_is_rounded():
    coded = film(Codec.H264)
    made = []
    for packet in made_of(coded):
        made.append(packet[:4] + (stamp_of(packet) // 3600 * 1001).to_bytes(4, "big") + packet[8:])
    told = fed(coded, framed(made), clock_rate=30_030)
    assert [unit.media_90k for unit in told.heard.units] == [3000 * number for number in range(12)]
