"""Sequence numbers that do not count as they should: what comes over TCP is all there, and no loss is invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from footage.rtsp.events import Codec, Oddity
from footage.rtsp.rtp.numbering import Numbering
from rtsp.feeding import Fed, all_of, fed, film, framed, made_of, renumbered

both_codecs = pytest.mark.parametrize("codec", list(Codec))


def numbered(made: list[bytes], number_of: Callable[[int, int], int]) -> list[bytes]:
    """The packets with the number that each is given, by its place and by how many pictures came before."""
    out, pictures = [], 0
    for place, packet in enumerate(made):
        out.append(packet[:2] + (number_of(place, pictures) & 0xFFFF).to_bytes(2, "big") + packet[4:])
        pictures += packet[1] >> 7
    return out


def is_a_tail_of(pictures: list[list[bytes]], whole: list[list[bytes]], *, at_least: int) -> bool:
    return len(pictures) >= at_least and pictures == whole[len(whole) - len(pictures) :]


@both_codecs
@pytest.mark.parametrize("number", [0, 1, 0xFFFF])
def test_a_camera_whose_packets_all_bear_one_number_is_recorded(codec, number):
    coded = film(codec)
    heard = fed(coded, framed(numbered(made_of(coded), lambda place, pictures: number)))
    assert is_a_tail_of(heard.heard.pictures(), all_of(coded), at_least=8)
    assert Oddity.NUMBERS_STAND_STILL in heard.heard.oddities
    assert not heard.lost


@both_codecs
def test_a_camera_that_numbers_its_pictures_and_not_its_packets_is_recorded(codec):
    coded = film(codec, frames=24)
    heard = fed(coded, framed(numbered(made_of(coded), lambda place, pictures: 900 + pictures)))
    assert is_a_tail_of(heard.heard.pictures(), all_of(coded), at_least=16)
    assert Oddity.NUMBERS_STAND_STILL in heard.heard.oddities


@both_codecs
def test_a_camera_that_numbers_each_pictures_packets_from_0_on_is_recorded(codec):
    coded = film(codec, frames=24)
    made, seen = made_of(coded), 0
    for place, packet in enumerate(made):
        made[place] = packet[:2] + seen.to_bytes(2, "big") + packet[4:]
        seen = 0 if packet[1] & 0x80 else seen + 1
    heard = fed(coded, framed(made))
    assert is_a_tail_of(heard.heard.pictures(), all_of(coded), at_least=16)
    assert Oddity.NUMBERS_STAND_STILL in heard.heard.oddities


@both_codecs
@pytest.mark.parametrize("bits", [7, 8, 9, 12, 15])
def test_a_short_counter_that_begins_anew_is_no_loss(codec, bits):
    coded = film(codec)
    end = 1 << bits
    heard = fed(coded, framed(numbered(made_of(coded), lambda place, pictures: (end - 20 + place) % end)))
    assert heard.heard.pictures() == all_of(coded)
    assert not heard.lost
    assert not heard.heard.oddities


@both_codecs
def test_a_packet_that_is_missing_before_number_0_is_still_a_loss(codec):
    coded = film(codec)
    made = numbered(made_of(coded), lambda place, pictures: 65_516 + place)
    at = next(n for n, packet in enumerate(made) if packet[2:4] == b"\x00\x00")
    heard = fed(coded, framed(made[: at - 1] + made[at:]))
    assert heard.lost == [1]


def test_a_counter_that_leaves_0_out_is_known_the_second_time():
    numbering = Numbering()
    assert not numbering.begins_anew(0, 1)
    assert numbering.begins_anew(0, 1)
    assert not numbering.begins_anew(1, 2)


@both_codecs
def test_each_packet_sent_twice_is_a_repetition_and_counts(codec):
    coded = film(codec)
    twice = [packet for packet in renumbered(made_of(coded)) for _ in range(2)]
    heard = fed(coded, framed(twice))
    assert heard.heard.pictures() == all_of(coded)
    assert not heard.heard.oddities


def swapped(made: list[bytes], each: int) -> list[bytes]:
    out = list(made)
    for at in range(each, len(out) - 1, each):
        out[at], out[at + 1] = out[at + 1], out[at]
    return out


@both_codecs
@pytest.mark.parametrize("each", [5, 17])
@pytest.mark.parametrize("step", [1 << 16, 700])
def test_packets_that_a_camera_swaps_are_put_in_order_once_that_was_seen(codec, each, step):
    coded = film(codec, frames=24)
    made = swapped(renumbered(made_of(coded)), each)
    head = made_of(coded)[: each + 2]
    # What is known of a camera is known from one receive to the next.
    heard = fed(coded, lambda it: fed_in_parts(it, framed(made[: len(head)]), framed(made[len(head) :]), step))
    assert is_a_tail_of(heard.heard.pictures(), all_of(coded), at_least=20)
    assert heard.heard.oddities == [Oddity.SWAPPED]
    assert len(heard.lost) == 1


def fed_in_parts(it: Fed, first: bytes, then: bytes, step: int) -> None:
    it.take(first, step)
    it.take(then, step)


@both_codecs
def test_a_packet_that_is_missing_is_missing_where_packets_are_put_in_order_too(codec):
    coded = film(codec, frames=24)
    made = swapped(renumbered(made_of(coded)), 6)
    key = next(n for n, p in enumerate(made_of(coded)) if p[4:8] == made_of(coded)[-1][4:8])
    told = len(made_of(coded)) - 300  # far enough behind the first swap, and before the last picture
    assert 0 < told < key
    heard = fed(coded, lambda it: fed_in_parts(it, framed(made[:8]), framed(made[8:told] + made[told + 1 :]), 1 << 16))
    assert len(heard.lost) == 2
    whole = all_of(coded)
    assert all(picture in whole for picture in heard.heard.pictures())
