"""A track is one payload type from one source: what else comes on its channel is no picture of it and no loss."""

from __future__ import annotations

import asyncio

import pytest

from footage.rtsp.events import Codec, Oddity
from rtsp.feeding import SOURCE, Clock, Fed, all_of, fed, film, framed, made_of, renumbered, stamp_of
from rtsp.packets import interleaved, packets, sender_report
from rtsp.pictures import encoded

both_codecs = pytest.mark.parametrize("codec", list(Codec))
STRANGER = 0x5BF73F70


def under(made: list[bytes], *, kind: int | None = None, source: int | None = None) -> list[bytes]:
    """The packets under another payload type or source."""
    out = []
    for packet in made:
        head = packet[:1] + bytes([packet[1] & 0x80 | (packet[1] & 0x7F if kind is None else kind)])
        out.append(head + packet[2:8] + (packet[8:12] if source is None else source.to_bytes(4, "big")) + packet[12:])
    return out


def other_film(codec: Codec) -> list[bytes]:
    """Another camera's pictures, as many packets as there may be."""
    coded = encoded(codec, width=176, height=144, frames=24, gop=4)
    made = [p[:4] + (stamp_of(p) + 500_000).to_bytes(4, "big") + p[8:] for p in made_of(coded)]
    return under(renumbered(made, 40_477), source=STRANGER)


def alternating(first: list[bytes], second: list[bytes]) -> list[bytes]:
    both = [packet for pair in zip(first, second, strict=False) for packet in pair]
    return both + first[len(second) :]


# ---- other payload types


@both_codecs
@pytest.mark.parametrize("apiece", [1, 3])
@pytest.mark.parametrize("told", [{"payload_type": 96}, {"payload_type": None}], ids=["told", "untold"])
def test_another_type_that_shares_the_numbers_is_no_loss(codec, apiece, told):
    coded = film(codec)
    metadata = under([made_of(coded)[0][:12] + b"<?xml version='1.0'?>"], kind=98)[0]
    made = [metadata]
    for packet in made_of(coded):
        made += [packet, *[metadata] * apiece] if packet[1] & 0x80 else [packet]
    heard = fed(coded, framed(renumbered(made)), **told)
    assert heard.heard.pictures() == all_of(coded)
    assert not heard.lost
    assert set(heard.heard.oddities) == {Oddity.OTHER_PAYLOAD_TYPE}


@both_codecs
@pytest.mark.parametrize("payload", [b"\x06\x05\x01", b"\x41\x9a", b"\x00", b""])
def test_another_type_under_the_number_of_the_packet_to_come_takes_nothing_from_it(codec, payload):
    coded = film(codec)
    made = []
    for number, packet in enumerate(made_of(coded)):
        alien = packet[:1] + b"\x32" + packet[2:12] + payload
        made += [alien, packet] if number % 3 == 0 else [packet]
    told = fed(coded, framed(made))
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost


@both_codecs
def test_where_no_type_was_told_the_one_that_key_pictures_come_under_is_taken(codec):
    coded = film(codec)
    alien = b"\x06\x05\x01\x02" if codec is Codec.H264 else b"\x4e\x01\x05\x01"
    own = made_of(coded)
    made = [one for packet in own for one in (packet[:1] + b"\x32" + packet[2:12] + alien, packet)]
    told = fed(coded, framed(made), payload_type=None)
    assert told.heard.pictures() == all_of(coded)


@both_codecs
@pytest.mark.parametrize("told", [96, None], ids=["told", "untold"])
def test_units_with_their_start_codes_in_front_are_read(codec, told):
    coded = film(codec)
    led = [[b"\x00\x00\x00\x01" + nal for nal in picture] for picture in coded.pictures]
    heard = fed(coded, framed(packets(codec, led, mtu=300)), payload_type=told)
    assert heard.heard.pictures() == all_of(coded)
    assert not heard.lost


def test_a_loss_beside_another_type_is_still_told():
    coded = film(Codec.H264)
    own = made_of(coded)
    made = []
    for packet in own:
        made += [packet, under([packet[:12] + b"<x/>"], kind=98)[0]] if packet[1] & 0x80 else [packet]
    made = renumbered(made)
    gone = [at for at, packet in enumerate(made) if stamp_of(packet) == 5 * 3600][2]
    told = fed(coded, framed(made[:gone] + made[gone + 1 :]))
    assert told.heard.pictures() == all_of(coded)[:5] + all_of(coded)[8:]
    assert told.lost == [1]


@both_codecs
def test_a_camera_that_sends_another_type_than_it_told_is_understood(codec, monkeypatch):
    clock, coded = Clock(monkeypatch), encoded(codec, width=160, height=120, frames=40, gop=8)

    def play(made: Fed) -> None:
        for packet in under(made_of(coded), kind=97):
            made.take(interleaved(0, packet))
            clock.wait(0.04 if packet[1] & 0x80 else 0)

    told = fed(coded, play, payload_type=96)
    assert told.heard.pictures() == all_of(coded)[16:]
    assert not told.lost
    assert told.heard.oddities[-1] is Oddity.TYPE_NOT_TOLD


def test_a_type_that_carries_no_video_is_not_taken_for_it(monkeypatch):
    clock, coded = Clock(monkeypatch), film(Codec.H264)

    def play(made: Fed) -> None:
        for number in range(60):
            made.take(framed(renumbered(under([made_of(coded)[0][:12] + b"<?xml"], kind=98), number)))
            clock.wait(0.1)
        made.take(framed(renumbered(made_of(coded), 60)))

    told = fed(coded, play, payload_type=96)
    assert told.heard.pictures() == all_of(coded)
    assert set(told.heard.oddities) == {Oddity.OTHER_PAYLOAD_TYPE}


def test_strangers_without_end_end_the_session(monkeypatch):
    """Two thousand a second are passed over for a minute, and no more than that."""
    Clock(monkeypatch)
    coded, stranger = film(Codec.H264), interleaved(0, b"\x80\x32" + bytes(10) + b"<?")

    async def run(count: int) -> Fed:
        made = Fed(Codec.H264, coded.parameter_sets(), payload_type=96)
        made.take(stranger * count)
        return made

    assert not asyncio.run(run(120_000)).why
    assert asyncio.run(run(120_001)).why.startswith(
        "The camera sends 120001 packets a second that are broken or not its"
    )


# ---- other sources


@both_codecs
@pytest.mark.parametrize("told", [{"ssrc": SOURCE}, {}], ids=["told", "untold"])
def test_a_stranger_among_the_packets_is_passed_over(codec, told):
    coded = film(codec, frames=24)
    own = made_of(coded)
    made = alternating(own, other_film(codec))
    heard = fed(coded, framed(made), **told)
    assert heard.heard.pictures() == all_of(coded)
    assert not heard.lost
    assert set(heard.heard.oddities) == {Oddity.OTHER_SOURCE}


@both_codecs
def test_the_source_that_was_told_wins_over_one_that_came_first(codec, monkeypatch):
    """Pictures of an older session alone, for more than a second, and among the true ones after that."""
    clock, coded = Clock(monkeypatch), film(codec, frames=24)

    def play(made: Fed) -> None:
        for packet in other_film(codec)[:40]:
            made.take(interleaved(0, packet))
            clock.wait(0.04)
        made.take(framed(alternating(made_of(coded), other_film(codec)[40:])))

    told = fed(coded, play, ssrc=SOURCE)
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost


@both_codecs
@pytest.mark.parametrize("frames", [8, 80])
def test_a_source_that_was_told_and_never_comes_costs_nothing(codec, frames, monkeypatch):
    clock, coded = Clock(monkeypatch), encoded(codec, width=160, height=120, frames=frames, gop=4)

    def play(made: Fed) -> None:
        for packet in made_of(coded):
            made.take(interleaved(0, packet))
            clock.wait(0.04 if packet[1] & 0x80 else 0)
        clock.wait(1.0)

    told = fed(coded, play, ssrc=0x01020304)
    assert told.heard.pictures() == all_of(coded)
    assert not told.heard.oddities
    steps = {
        later.monotonic - unit.monotonic for unit, later in zip(told.heard.units, told.heard.units[1:], strict=False)
    }
    assert steps == {40_000_000}


def test_of_two_sources_that_were_not_told_the_first_counts(monkeypatch):
    clock, coded = Clock(monkeypatch), film(Codec.H264, frames=24)

    def play(made: Fed) -> None:
        for packet in alternating(made_of(coded), other_film(Codec.H264)):
            made.take(interleaved(0, packet))
            clock.wait(0.005)
        clock.wait(1.0)

    assert fed(coded, play, ssrc=0x01020304).heard.pictures() == all_of(coded)


@both_codecs
def test_a_camera_that_goes_on_under_another_source_loses_nothing(codec, monkeypatch):
    """Its numbers and stamps begin anew, in the middle of a group; nothing is told before it is clear, and all after."""
    clock, coded = Clock(monkeypatch), encoded(codec, width=160, height=120, frames=80, gop=4)

    def play(made: Fed) -> None:
        for packet in made_of(coded):
            number = stamp_of(packet) // 3600
            if number >= 20:
                new = packet[:4] + (stamp_of(packet) + 77_000_000).to_bytes(4, "big") + packet[8:]
                packet = under(renumbered([new], int.from_bytes(packet[2:4], "big") + 9_999), source=STRANGER)[0]
            made.take(interleaved(0, packet))
            clock.wait(0.04 if packet[1] & 0x80 else 0)

    told = fed(coded, play)
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost
    assert [unit.media_90k for unit in told.heard.units] == [3600 * number for number in range(80)]
    assert Oddity.SOURCE_CHANGED in told.heard.oddities


def test_a_new_source_in_the_middle_of_a_group_costs_the_rest_of_it(monkeypatch):
    clock, coded = Clock(monkeypatch), encoded(Codec.H264, width=160, height=120, frames=80, gop=4)

    def play(made: Fed) -> None:
        for packet in made_of(coded):
            if stamp_of(packet) >= 22 * 3600:
                packet = under(renumbered([packet], int.from_bytes(packet[2:4], "big") + 9_999), source=STRANGER)[0]
            made.take(interleaved(0, packet))
            clock.wait(0.04 if packet[1] & 0x80 else 0)

    told = fed(coded, play)
    assert told.heard.pictures() == all_of(coded)[:22] + all_of(coded)[24:]
    assert told.lost == [0]


@both_codecs
@pytest.mark.parametrize("of", ["each group", "each packet"])
def test_a_source_that_changes_all_the_time_while_numbers_go_on_means_nothing(codec, of):
    coded = film(codec, frames=24)
    made = []
    for number, packet in enumerate(made_of(coded)):
        made += under([packet], source=number if of == "each packet" else stamp_of(packet) // 14_400)
    told = fed(coded, framed(made))
    assert told.heard.pictures() == all_of(coded)
    assert not told.lost


def test_numbers_that_begin_again_just_behind_the_last_ones_are_no_repetition():
    coded = film(Codec.H264, frames=24)
    made = made_of(coded)
    half = next(at for at, packet in enumerate(made) if stamp_of(packet) == 8 * 3600)
    assert half > 60
    made[half:] = renumbered(made[half:], half - 50)
    told = fed(coded, framed(made))
    every = all_of(coded)
    # The delimiter was taken for the repetition; what stands behind it is whole.
    assert told.heard.pictures() == [*every[:8], every[8][1:], *every[9:]]
    assert told.lost == [1]


# ---- reports


def test_a_stranger_s_report_does_not_tell_the_camera_s_clock():
    coded = film(Codec.H264, frames=24)
    made = alternating(made_of(coded), other_film(Codec.H264))
    own = sender_report(3_900_000_000.0, 0, source=SOURCE)
    stranger = sender_report(3_900_009_999.0, 0, source=STRANGER)
    data = framed(made[:50]) + interleaved(1, stranger) + interleaved(1, own + stranger) + framed(made[50:])
    told = fed(coded, data)
    assert len(told.heard.reports) == 1


def test_a_camera_that_misnames_itself_in_its_reports_is_believed():
    coded = film(Codec.H264)
    made = made_of(coded)
    report = sender_report(3_900_000_000.0, 0, source=0)
    told = fed(coded, framed(made[:9]) + interleaved(1, report) + framed(made[9:]))
    assert len(told.heard.reports) == 1
