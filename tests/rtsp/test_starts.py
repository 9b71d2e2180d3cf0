"""A recording begins wherever pictures can begin, and every set that they refer to is kept."""

from __future__ import annotations

import pytest

from footage.rtsp.events import Codec, Oddity
from rtsp.feeding import Clock, Fed, all_of, fed, film, framed, made_of, renumbered
from rtsp.packets import aggregate, fragments, interleaved, packets, rtp
from rtsp.pictures import Coded, encoded, nal_type
from rtsp.rewriting import h264_pps, h264_slice, h264_sps, h264_without_vui

both_codecs = pytest.mark.parametrize("codec", list(Codec))
CODE, LONG = b"\x00\x00\x01", b"\x00\x00\x00\x01"
EXACT_POINT = b"\x06\x06\x01\xc4\x80"  # recovery_frame_cnt 0, exact_match_flag
REFRESH_POINT = b"\x06\x06\x02\x11\x10\x80"  # recovery_frame_cnt 7


def sent(codec: Codec, payloads: list[list[bytes]]) -> list[bytes]:
    """Packets of pictures that are payloads already."""
    made = [
        rtp(payload, sequence=0, timestamp=3600 * number, marker=at == len(whole) - 1)
        for number, whole in enumerate(payloads)
        for at, payload in enumerate(whole)
    ]
    return renumbered(made)


def as_fragments(codec: Codec, joined: bytes, size: int) -> list[bytes]:
    """One series of fragments whatever is in the bytes; their header tells the first unit's type."""
    return fragments(codec, joined, size)


# ---- units joined by start codes

WAYS = {
    "one series": lambda codec, joined: as_fragments(codec, joined, 500),
    "one series, a start code split": lambda codec, joined: as_fragments(codec, joined, joined.index(CODE) - 1 + 2),
    "a few bytes a packet": lambda codec, joined: as_fragments(codec, joined, 3),
    "one unit": lambda codec, joined: [joined],
    "one unit in an aggregate": lambda codec, joined: aggregate(codec, [joined]),
}


@both_codecs
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(
    ("code", "before", "after"),
    [(LONG, b"", b""), (CODE, b"", b""), (LONG, b"", bytes(5)), (b"\x00" * 4 + CODE, b"", b""), (LONG, LONG, b"")],
    ids=["four bytes", "three bytes", "trailing zeros", "zeros between", "one in front too"],
)
def test_key_pictures_joined_by_start_codes_are_taken_apart(codec, way, code, before, after):
    coded = film(codec)
    head = (7, 8, 1, 5) if codec is Codec.H264 else (32, 33, 34, *range(22))
    units = [[nal for nal in picture if nal_type(codec, nal) in head] for picture in coded.pictures]
    pictures = [
        way(codec, before + code.join(picture) + after) if len(picture) > 1 else [*picture] for picture in units
    ]
    told = fed(coded, framed(sent(codec, pictures)), told=False)
    assert told.heard.pictures() == units
    assert [unit.key for unit in told.heard.units] == [number % 4 == 0 for number in range(12)]
    assert Oddity.JOINED_UNITS in told.heard.oddities


@both_codecs
def test_slices_joined_by_start_codes_are_taken_apart_long_after_the_first_pictures(codec):
    coded = film(codec)
    header = 1 if codec is Codec.H264 else 2
    pictures = []
    for picture in coded.pictures * 30:
        last = picture[-1]
        pictures.append([*picture, last[:header] + bytes([last[header] & 0x7F]) + last[header + 1 :]])
    payloads = [[*picture[:-2], LONG.join(picture[-2:])] for picture in pictures]
    told = fed(coded, framed(sent(codec, payloads)))
    assert told.heard.pictures() == pictures


@both_codecs
def test_an_sei_stays_byte_for_byte_whatever_stands_in_it(codec):
    coded = film(codec)
    sei = b"\x06\x05\x20" if codec is Codec.H264 else b"\x4e\x01\x05\x20"
    sei += bytes(range(16, 32)) + LONG + b"\x65\x11" + LONG + b"\x67" + b"\x55" * 5 + b"\x80"
    pictures = [[*picture[:-1], sei, picture[-1]] for picture in coded.pictures]
    whole = fed(coded, framed(packets(codec, pictures, mtu=300)))
    assert whole.heard.pictures() == pictures
    in_pieces = fed(coded, framed(packets(codec, pictures, mtu=20)))
    assert in_pieces.heard.pictures() == pictures
    assert not in_pieces.heard.oddities


@both_codecs
def test_sets_told_with_start_codes_in_front_are_read(codec):
    coded = film(codec)
    bare = Coded(codec, 160, 120, 25, coded.without_parameter_sets())
    told = fed(
        coded,
        lambda made: made.take(framed(made_of(bare))),
        told=False,
        parameter_sets=coded.parameter_sets(),
        code=LONG,
    )
    assert told.heard.pictures() == all_of(bare)


# ---- recovery points


def p_slices(count: int, first: int = 1) -> list[list[bytes]]:
    return [[h264_slice(1, 5, data=bytes([0x40 + number]) * 9)] for number in range(first, first + count)]


def points(groups: int, group: int, *, point: bytes, slice_type: int, sets: list[bytes]) -> list[list[bytes]]:
    """Groups that begin with a recovery point and a slice of this type."""
    made = []
    for number in range(groups):
        head = [point] if point else []
        made += [[*sets, *head, h264_slice(1, slice_type, data=bytes([0x80 + number]) * 9)], *p_slices(group - 1)]
    return made


def live(pictures: list[list[bytes]], clock: Clock, *, without: tuple[int, ...] = (), seconds: float = 0.04):
    """A camera that sends these pictures in time; some packets of it never come."""

    def play(made: Fed) -> None:
        for number, packet in enumerate(packets(Codec.H264, pictures)):
            if number not in without:
                made.take(interleaved(0, packet))
            clock.wait(seconds if packet[1] & 0x80 else 0)

    return play


@pytest.mark.parametrize("slice_type", [2, 7])
def test_an_exact_recovery_point_of_i_slices_is_a_place_to_begin(monkeypatch, slice_type):
    coded, clock = film(Codec.H264), Clock(monkeypatch)
    pictures = p_slices(5) + points(3, 4, point=EXACT_POINT, slice_type=slice_type, sets=coded.parameter_sets())
    told = fed(coded, live(pictures, clock), told=False)
    assert told.heard.pictures() == pictures[5:]
    assert [unit.key for unit in told.heard.units] == [number % 4 == 0 for number in range(12)]
    assert [unit.recovery for unit in told.heard.units] == [number % 4 == 0 for number in range(12)]
    assert [unit.recovery_frames for unit in told.heard.units] == [0] * 12
    assert told.heard.units[0].sets_in_band


def test_a_recovery_point_is_found_behind_other_messages_in_its_unit(monkeypatch):
    coded, clock = film(Codec.H264), Clock(monkeypatch)
    point = b"\x06\x05\x12" + bytes(range(1, 19)) + EXACT_POINT[1:]
    pictures = points(2, 4, point=point, slice_type=2, sets=coded.parameter_sets())
    assert fed(coded, live(pictures, clock), told=False).heard.pictures() == pictures


def test_after_a_loss_pictures_begin_again_at_the_next_recovery_point(monkeypatch):
    coded, clock = film(Codec.H264), Clock(monkeypatch)
    sets = coded.parameter_sets()
    first = [[*sets, h264_slice(5, 2)], *p_slices(3)]
    pictures = first + points(3, 4, point=EXACT_POINT, slice_type=2, sets=[])
    told = fed(coded, live(pictures, clock, without=(len(sets) + 2,)))
    assert told.heard.pictures() == pictures[:2] + pictures[4:]
    assert told.lost == [1]


def test_a_point_that_needs_time_is_taken_only_where_nothing_better_comes(monkeypatch):
    coded, clock = film(Codec.H264), Clock(monkeypatch)
    sets = coded.parameter_sets()
    gradual = points(10, 25, point=REFRESH_POINT, slice_type=5, sets=sets)
    told = fed(coded, live(gradual, clock), told=False)
    assert told.heard.pictures() == gradual[75:]
    assert (told.heard.units[0].recovery, told.heard.units[0].recovery_frames) == (True, 7)
    # Files must be able to end: some of the later points are places to begin too, and not each.
    assert [number for number, unit in enumerate(told.heard.units) if unit.key] == [0, 125]

    better = [*gradual[:25], [*sets, h264_slice(5, 7)], *p_slices(9), *gradual[:50]]
    told = fed(coded, live(better, Clock(monkeypatch)), told=False)
    assert told.heard.pictures() == better[25:]
    assert [number for number, unit in enumerate(told.heard.units) if unit.key] == [0]


def test_a_stream_of_bare_i_pictures_is_begun_in_the_end(monkeypatch):
    coded, clock = film(Codec.H264), Clock(monkeypatch)
    pictures = points(8, 25, point=b"", slice_type=7, sets=coded.parameter_sets())
    told = fed(coded, live(pictures, clock), told=False)
    assert told.heard.pictures() == pictures[75:]
    assert told.heard.units[0].recovery


def test_a_picture_that_is_intra_only_in_part_is_no_place_to_begin(monkeypatch):
    coded, clock = film(Codec.H264), Clock(monkeypatch)
    later = h264_slice(1, 5, first=40)
    group = [[*coded.parameter_sets(), EXACT_POINT, h264_slice(1, 7), later], *p_slices(9)]
    told = fed(coded, live(group * 3, clock), told=False)
    assert not told.heard.units


def test_a_stream_with_nothing_to_begin_with_is_not_begun(monkeypatch):
    coded, clock = film(Codec.H264), Clock(monkeypatch)
    assert not fed(coded, live(p_slices(100), clock, seconds=0.5)).heard.units


# ---- H.265: open groups


def h265_picture(kind: int, *, first: bool = True) -> bytes:
    return bytes([kind << 1, 1, 0x80 if first else 0x00]) + b"\x55" * 9


CRA, IDR, BLA, RASL, RADL, TRAIL = 21, 19, 17, 8, 6, 1


def h265_stream(kinds: list[int], sets: list[bytes]) -> list[list[bytes]]:
    keys = (CRA, IDR, BLA)
    return [[*(sets if kind in keys else []), h265_picture(kind) + bytes([n + 1])] for n, kind in enumerate(kinds)]


def test_leading_pictures_that_refer_to_what_was_not_seen_are_passed_over_at_a_start_only():
    coded = film(Codec.H265)
    kinds = [TRAIL, CRA, RASL, RADL, RASL, TRAIL, CRA, RASL, TRAIL, IDR, RADL, TRAIL]
    pictures = h265_stream(kinds, coded.parameter_sets())
    told = fed(coded, framed(packets(Codec.H265, pictures)), told=False)
    assert told.heard.pictures() == [pictures[n] for n in (1, 3, 5, 6, 7, 8, 9, 10, 11)]
    assert [unit.key for unit in told.heard.units] == [kinds[n] in (CRA, IDR) for n in (1, 3, 5, 6, 7, 8, 9, 10, 11)]
    assert [unit.recovery for unit in told.heard.units if unit.key] == [True, True, False]
    assert not told.lost


def test_after_a_loss_leading_pictures_are_passed_over_again():
    coded = film(Codec.H265)
    kinds = [IDR, TRAIL, TRAIL, TRAIL, CRA, RASL, TRAIL]
    made = packets(Codec.H265, pictures := h265_stream(kinds, coded.parameter_sets()))
    lost = next(at for at, packet in enumerate(made) if int.from_bytes(packet[4:8], "big") == 7200)
    told = fed(coded, framed(made[:lost] + made[lost + 1 :]))
    assert told.heard.pictures() == [pictures[n] for n in (0, 1, 4, 6)]
    assert told.lost == [1]


# ---- parameter sets


@pytest.mark.parametrize("where", ["told", "in band"])
def test_all_sets_are_kept(where):
    coded = film(Codec.H264)
    sps, pps = coded.parameter_sets()
    other = h264_pps(pps, 1)
    pictures = coded.without_parameter_sets()
    if where == "in band":
        pictures = [
            [sps, pps, other, *picture] if number % 4 == 0 else picture for number, picture in enumerate(pictures)
        ]
    made = framed(packets(Codec.H264, pictures))
    told = fed(coded, made, parameter_sets=[sps, pps, other] if where == "told" else [], told=False)
    [parameters] = told.heard.parameters
    assert (parameters.sps, parameters.pps, parameters.more_sets) == (sps, pps, (other,))
    assert [unit.sets_in_band for unit in told.heard.units if unit.key] == [where == "in band"] * 3


def test_sets_in_band_take_the_place_of_those_told_with_their_ids_and_no_others():
    coded = film(Codec.H264)
    sps, pps = coded.parameter_sets()
    wrong, other = h264_pps(pps, 0)[:-1] + b"\x99\x80", h264_pps(pps, 2)
    told = fed(coded, framed(made_of(coded)), parameter_sets=[sps, wrong, other], told=False)
    [parameters] = told.heard.parameters
    assert (parameters.pps, parameters.more_sets) == (pps, (other,))


def test_of_several_sizes_the_one_that_the_key_picture_refers_to_is_in_force():
    coded, large = film(Codec.H264), encoded(Codec.H264, width=320, height=240, frames=2)
    (sps, pps), (big, _) = coded.parameter_sets(), large.parameter_sets()
    pictures = [
        [h264_slice(5, 7, picture_set=number % 2), h264_slice(1, 5, first=9, picture_set=number % 2)]
        for number in range(4)
    ]
    sets = [sps, pps, h264_sps(big, 1), h264_pps(pps, 1, sps=1)]
    told = fed(coded, framed(packets(Codec.H264, pictures)), parameter_sets=sets, told=False)
    assert [parameters.width for parameters in told.heard.parameters] == [160, 320, 160, 320]


def test_sets_that_differ_in_their_vui_alone_take_turns_and_continue_each_other():
    coded = film(Codec.H264)
    sps, pps = coded.parameter_sets()
    turns = [sps, h264_without_vui(sps, "01")]
    pictures = [
        [turns[number // 4 % 2], pps, *picture] if number % 4 == 0 else picture
        for number, picture in enumerate(coded.without_parameter_sets())
    ]
    told = fed(coded, framed(packets(Codec.H264, pictures)), told=False)
    first, second, third = told.heard.parameters
    assert first == third != second
    assert second.continues(first)
    assert all(unit.sets_in_band for unit in told.heard.units if unit.key)


def test_a_set_that_cannot_be_read_is_passed_over_and_the_one_before_it_goes_on():
    coded = film(Codec.H264)
    pictures = [[b"\x67\x00\x00\x00\x00\x00", *picture] for picture in coded.pictures]
    told = fed(coded, framed(packets(Codec.H264, pictures)))
    assert told.heard.pictures() == pictures
    assert len(told.heard.parameters) == 1
    assert set(told.heard.oddities) == {Oddity.BAD_PARAMETERS}
