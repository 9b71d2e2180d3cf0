"""Oddities right beside a picture's own packets: what is whole stays whole, and a loss costs no more than it must."""

from __future__ import annotations

import pytest

from footage.rtsp.events import Codec, Oddity
from rtsp.feeding import all_of, fed, film, framed, made_of, renumbered, stamp_of
from rtsp.packets import interleaved, packets, rtp
from rtsp.pictures import encoded

both_codecs = pytest.mark.parametrize("codec", list(Codec))


@both_codecs
@pytest.mark.parametrize("step", [1 << 16, 100])
def test_a_stray_dollar_between_frames_swallows_nothing(codec, step):
    coded, data = film(codec), b""
    for number, packet in enumerate(made_of(coded)):
        data += interleaved(0, packet) + (b"$" if number % 7 == 3 else b"")
    told = fed(coded, data, step=step)
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost
    assert set(told.heard.oddities) == {Oddity.BETWEEN_FRAMES}


@pytest.mark.parametrize(
    ("codec", "start"), [(Codec.H264, b"\x7c\x9f"), (Codec.H265, b"\x62\x01\xbc")], ids=["type 31", "type 60"]
)
def test_a_unit_of_no_known_type_that_never_ends_tears_no_picture(codec, start):
    coded = film(codec)
    made, out = made_of(coded), []
    for at, packet in enumerate(made):
        if at and stamp_of(packet) != stamp_of(made[at - 1]):
            out.append(packet[:1] + bytes([96]) + packet[2:12] + start + bytes(range(40)))
        out.append(packet)
    told = fed(coded, framed(renumbered(out)))
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost
    assert Oddity.UNKNOWN_UNIT in told.heard.oddities


@both_codecs
@pytest.mark.parametrize("lost", ["the last of a group", "the first of a key picture"])
def test_a_loss_between_two_groups_costs_the_next_only_where_it_may_be_part_of_it(codec, lost):
    """A key picture that begins with its delimiter right behind the hole is whole; one whose beginning is gone is not."""
    coded = film(codec)
    made = packets(codec, coded.pictures, mtu=300)
    key_stamp = stamp_of(made[0]) + 4 * 3600
    first = next(at for at, packet in enumerate(made) if stamp_of(packet) == key_stamp)
    gone = [first - 1] if lost == "the last of a group" else [first, first + 1]  # delimiter and first set
    told = fed(coded, framed(packet for at, packet in enumerate(made) if at not in gone))
    pictures = all_of(coded)
    assert told.lost == [len(gone)]
    assert told.heard.pictures() == pictures[:3] + pictures[4:] if len(gone) == 1 else pictures[:4] + pictures[8:]


@both_codecs
def test_numbers_that_jump_at_a_key_picture_cost_nothing(codec):
    coded = film(codec)
    made = made_of(coded)
    first = next(at for at, packet in enumerate(made) if stamp_of(packet) == stamp_of(made[0]) + 4 * 3600)
    told = fed(coded, framed(renumbered(made[:first]) + renumbered(made[first:], first + 1000)))
    assert told.heard.pictures() == all_of(coded)


@both_codecs
def test_slices_of_one_picture_may_each_have_a_stamp(codec):
    """A tick apart; the picture ends at its marker."""
    options = {"x264-params": "keyint=4:min-keyint=4:scenecut=0:bframes=0:aud=0:repeat-headers=1:annexb=1:slices=4"}
    if codec is Codec.H265:
        options = {"x265-params": "keyint=4:min-keyint=4:scenecut=0:bframes=0:repeat-headers=1:log-level=none:slices=4"}
    coded = encoded(codec, width=320, height=256, frames=8, gop=4, **options)
    is_slice = (lambda nal: nal[0] & 31 in (1, 5)) if codec is Codec.H264 else (lambda nal: nal[0] >> 1 & 63 < 32)
    made = []
    for number, picture in enumerate(coded.pictures):
        tick = -1
        for at, nal in enumerate(picture):
            tick += is_slice(nal)
            stamp = number * 3600 + max(tick, 0)
            made.append(rtp(nal, sequence=0, timestamp=stamp, marker=at == len(picture) - 1))
    assert sum(map(is_slice, coded.pictures[0])) > 1
    told = fed(coded, framed(renumbered(made)))
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost


@both_codecs
def test_a_marker_on_every_packet_ends_no_picture_in_the_middle_of_a_unit(codec):
    """The film in H.264 has several slices a picture, whose last one's end no marker shows any more."""
    coded = film(codec)
    made = [packet[:1] + bytes([packet[1] | 0x80]) + packet[2:] for packet in made_of(coded)]
    told = fed(coded, framed(made))
    assert told.heard.pictures() == (all_of(coded)[:-1] if codec is Codec.H264 else all_of(coded))
    assert not told.lost


@both_codecs
def test_the_last_picture_of_a_camera_without_markers_is_told_where_nothing_of_it_can_be_missing(codec):
    coded = film(codec, frames=24)
    told = fed(coded, framed([packet[:1] + bytes([packet[1] & 0x7F]) + packet[2:] for packet in made_of(coded)]))
    assert told.heard.pictures() == (all_of(coded)[:-1] if codec is Codec.H264 else all_of(coded))
