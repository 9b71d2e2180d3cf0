"""A camera's pictures arrive byte for byte, in order, however it sends them."""

from __future__ import annotations

import asyncio

import pytest

from footage.rtsp.events import Codec, LossCause
from footage.times import HZ, utc_now
from rtsp.listener import following, until
from rtsp.packets import aggregate, fragments, interleaved, packets, payloads, rtp, sender_report
from rtsp.pictures import encoded
from rtsp.scripted import Answer, Connection, ScriptedCamera

both_codecs = pytest.mark.parametrize("codec", list(Codec))


def small(codec: Codec):
    return encoded(codec, width=64, height=48, frames=6, gop=3)


def sending(batches):
    """A play that writes each of these byte strings by itself."""

    async def play(connection: Connection) -> None:
        for batch in batches:
            await connection.write(batch)
            await asyncio.sleep(0)

    return play


async def heard_from(camera: ScriptedCamera, pictures: int):
    """What a listener was told once so many pictures came."""
    async with camera, following(camera.url) as heard:
        await until(lambda: len(heard.units) >= pictures)
    return heard


@both_codecs
async def test_every_nal_unit_arrives_byte_for_byte_and_in_order(codec):
    coded = encoded(codec, width=160, height=120, gop=8)
    camera = ScriptedCamera(coded)
    heard = await heard_from(camera, len(coded.pictures))
    assert heard.pictures() == [list(picture) for picture in coded.pictures]
    assert [unit.key for unit in heard.units] == [number % 8 == 0 for number in range(24)]
    assert [unit.media_90k for unit in heard.units] == [number * 3600 for number in range(24)]
    assert (heard.parameters[0].width, heard.parameters[0].height, heard.parameters[0].fps) == (160, 120, 25)
    assert heard.story[:2] == ["parameters", "key"]
    assert heard.story.count("parameters") == 1
    assert heard.losses == [(LossCause.STOPPED, "Stopped by order.")]
    assert camera.methods[-1] == "TEARDOWN"


@both_codecs
async def test_one_byte_a_write_changes_nothing(codec):
    coded = small(codec)
    stream = b"".join(interleaved(0, packet) for packet in packets(codec, coded.pictures, mtu=300))
    heard = await heard_from(ScriptedCamera(coded, play=sending(stream[at : at + 1] for at in range(len(stream)))), 6)
    assert heard.pictures() == [list(picture) for picture in coded.pictures]


@both_codecs
async def test_one_packet_a_write_changes_nothing(codec):
    coded = small(codec)
    apart = [interleaved(0, packet) for packet in packets(codec, coded.pictures, mtu=200)]
    heard = await heard_from(ScriptedCamera(coded, play=sending(apart)), 6)
    assert heard.pictures() == [list(picture) for picture in coded.pictures]


@both_codecs
async def test_aggregates_tiny_fragments_extensions_sources_and_padding_are_taken_apart(codec):
    coded, made = small(codec), []
    for number, (*sets, last) in enumerate(coded.pictures):
        whole = aggregate(codec, sets) + fragments(codec, last, 7) if sets else fragments(codec, last, 7)
        for index, payload in enumerate(whole):
            dressed = {
                "padding": index % 5,
                "sources": index % 16,
                "extension": bytes(4 * (index % 3)) if index % 2 else None,
            }
            end = index == len(whole) - 1
            made.append(rtp(payload, sequence=len(made), timestamp=number * 3600, marker=end, **dressed))
    heard = await heard_from(ScriptedCamera(coded, play=sending([b"".join(interleaved(0, p) for p in made)])), 6)
    assert heard.pictures() == [list(picture) for picture in coded.pictures]
    assert not heard.lost_packets


@both_codecs
async def test_a_camera_that_forgets_markers_loses_no_picture_but_the_open_one(codec):
    coded = small(codec)
    heard = await heard_from(ScriptedCamera(coded, markers=False), 5)
    assert heard.pictures() == [list(picture) for picture in coded.pictures[:5]]


@both_codecs
async def test_a_marker_on_every_packet_does_not_tear_parameter_sets_from_their_picture(codec):
    coded, made = small(codec), []
    for number, picture in enumerate(coded.pictures):
        made += [rtp(n, sequence=len(made) + i, timestamp=number * 3600, marker=True) for i, n in enumerate(picture)]
    heard = await heard_from(ScriptedCamera(coded, play=sending(interleaved(0, p) for p in made)), 6)
    assert heard.pictures() == [list(picture) for picture in coded.pictures]


@both_codecs
async def test_a_marker_behind_every_slice_tears_no_picture(codec):
    coded = small(codec)
    slices = [[*picture, later_slice(codec, picture[-1])] for picture in coded.pictures]
    made = []
    for number, picture in enumerate(slices):
        made += [rtp(n, sequence=len(made) + i, timestamp=number * 3600, marker=True) for i, n in enumerate(picture)]
    heard = await heard_from(ScriptedCamera(coded, play=sending(interleaved(0, p) for p in made)), 5)
    assert heard.pictures() == slices[:5]
    assert not heard.lost_packets


@both_codecs
async def test_markers_that_begin_to_stand_behind_every_slice_tear_one_picture_and_no_more(codec):
    """Told are the first slice of the torn picture, a loss, and everything from the next key frame on, whole."""
    coded = small(codec)
    pictures = [list(p) if n < 3 else [*p, later_slice(codec, p[-1])] for n, p in enumerate(coded.pictures * 2)]
    made = []
    for number, picture in enumerate(pictures):
        marks = [number >= 3 or nal is picture[-1] for nal in picture]
        made += [
            rtp(nal, sequence=len(made) + i, timestamp=number * 3600, marker=mark)
            for i, (nal, mark) in enumerate(zip(picture, marks, strict=True))
        ]
    heard = await heard_from(ScriptedCamera(coded, play=sending(interleaved(0, p) for p in made)), 9)
    assert heard.pictures() == [*pictures[:3], pictures[3][:-1], *pictures[6:11]]
    assert heard.lost_packets == [0]


@both_codecs
async def test_parameter_sets_may_come_in_band_only_or_in_the_description_only(codec):
    coded = small(codec)
    bare = coded.without_parameter_sets()
    in_band = await heard_from(ScriptedCamera(coded, sets_in_sdp=False), 6)
    stream = b"".join(interleaved(0, packet) for packet in packets(codec, bare))
    described = await heard_from(ScriptedCamera(coded, play=sending([stream])), 6)
    assert in_band.parameters == described.parameters
    assert described.pictures() == [list(picture) for picture in bare]


@both_codecs
async def test_pictures_without_any_parameter_sets_are_not_told(codec):
    coded = small(codec)
    bare = b"".join(interleaved(0, packet) for packet in packets(codec, coded.without_parameter_sets()))
    full = b"".join(
        interleaved(0, p)
        for p in packets(
            codec,
            coded.pictures,
            first_sequence=len(packets(codec, coded.without_parameter_sets())),
            first_timestamp=6 * 3600,
        )
    )
    heard = await heard_from(ScriptedCamera(coded, sets_in_sdp=False, play=sending([bare, full])), 6)
    assert heard.pictures() == [list(picture) for picture in coded.pictures]
    assert heard.units[0].media_90k == 6 * 3600


@both_codecs
async def test_changed_parameter_sets_are_told_again_before_their_key_frame(codec):
    first, second = small(codec), encoded(codec, width=96, height=64, frames=6, gop=3)
    made = packets(codec, first.pictures)
    made += packets(codec, second.pictures, first_sequence=len(made), first_timestamp=6 * 3600)
    heard = await heard_from(ScriptedCamera(first, play=sending(interleaved(0, p) for p in made)), 12)
    run = ["key", "picture", "picture"]
    assert heard.story[:-1] == ["parameters", *run, *run, "parameters", *run, *run]
    assert [(p.width, p.height) for p in heard.parameters] == [(64, 48), (96, 64)]


async def test_parameter_sets_that_arrive_in_fragments_count():
    coded = small(Codec.H264)
    whole = [piece for nal in coded.pictures[0] for piece in fragments(Codec.H264, nal, 3)]
    made = [rtp(payload, sequence=i, timestamp=0, marker=i == len(whole) - 1) for i, payload in enumerate(whole)]
    heard = await heard_from(ScriptedCamera(coded, sets_in_sdp=False, play=sending(interleaved(0, p) for p in made)), 1)
    assert heard.pictures() == [list(coded.pictures[0])]


@both_codecs
async def test_sequence_numbers_and_timestamps_run_over_their_ends(codec):
    coded = small(codec)
    made = packets(codec, coded.pictures, first_sequence=65_535, first_timestamp=2**32 - 3600)
    heard = await heard_from(ScriptedCamera(coded, play=sending(interleaved(0, p) for p in made)), 6)
    assert [unit.media_90k for unit in heard.units] == [number * 3600 for number in range(6)]
    assert not heard.lost_packets


@both_codecs
async def test_after_a_lost_packet_pictures_begin_again_with_the_next_key_frame(codec):
    coded = encoded(codec, width=160, height=120, gop=8)
    made = packets(codec, coded.pictures, mtu=300)
    missing = next(i for i, packet in enumerate(made) if int.from_bytes(packet[4:8], "big") == 2 * 3600)
    del made[missing + 1]
    heard = await heard_from(ScriptedCamera(coded, play=sending([b"".join(interleaved(0, p) for p in made)])), 18)
    assert heard.lost_packets == [1]
    kept = [*coded.pictures[:2], *coded.pictures[8:]]
    assert heard.pictures() == [list(picture) for picture in kept]
    assert heard.story[:5] == ["parameters", "key", "picture", "packets-lost", "key"]


@both_codecs
async def test_a_unit_that_the_camera_never_finishes_is_told_as_a_loss_of_no_packet(codec):
    coded = encoded(codec, width=160, height=120, gop=8)
    stream = [payloads(codec, picture, 300) for picture in coded.pictures]
    stream[2] = stream[2][:-1]
    made: list[bytes] = []
    for number, whole in enumerate(stream):
        made += [
            rtp(p, sequence=len(made) + i, timestamp=number * 3600, marker=i == len(whole) - 1)
            for i, p in enumerate(whole)
        ]
    heard = await heard_from(ScriptedCamera(coded, play=sending([b"".join(interleaved(0, p) for p in made)])), 18)
    assert heard.lost_packets == [0]
    assert heard.story[:5] == ["parameters", "key", "picture", "packets-lost", "key"]


@both_codecs
async def test_a_packet_that_comes_twice_or_late_is_passed_over(codec):
    coded = small(codec)
    made = packets(codec, coded.pictures, mtu=300)
    twice = [packet for packet in made for _ in range(2)]
    heard = await heard_from(ScriptedCamera(coded, play=sending([b"".join(interleaved(0, p) for p in twice)])), 6)
    assert heard.pictures() == [list(picture) for picture in coded.pictures]
    assert not heard.lost_packets


async def test_the_start_of_a_fragmented_picture_that_was_missed_is_no_picture():
    """A camera may let us in in the middle of a picture; nothing is told until the first whole key frame."""
    coded = encoded(Codec.H264, width=160, height=120, gop=8)
    made = packets(Codec.H264, coded.pictures, mtu=300)
    first = next(i for i, packet in enumerate(made) if packet[12] & 31 == 28)
    heard = await heard_from(
        ScriptedCamera(coded, play=sending([b"".join(interleaved(0, p) for p in made[first + 1 :])])), 16
    )
    assert heard.pictures() == [list(picture) for picture in coded.pictures[8:]]
    assert not heard.lost_packets


@both_codecs
async def test_a_key_frame_whose_first_slices_were_missed_is_no_start(codec):
    """Let in behind the first slice of the first key frame, with no gap in the sequence numbers to show it."""
    coded = small(codec)
    slices = [[*picture, later_slice(codec, picture[-1])] for picture in coded.pictures]
    made = packets(codec, slices)
    made = made[len(payloads(codec, slices[0])) - 1 :]
    heard = await heard_from(ScriptedCamera(coded, play=sending([b"".join(interleaved(0, p) for p in made)])), 3)
    assert heard.pictures() == slices[3:]


def later_slice(codec: Codec, nal: bytes) -> bytes:
    """A slice that says it is not its picture's first."""
    header = 1 if codec is Codec.H264 else 2
    return nal[:header] + bytes([nal[header] & 0x7F]) + nal[header + 1 :]


#: One B picture between each two others.
REORDERED = {
    "tune": "psnr",
    "x264-params": "keyint=30:min-keyint=30:scenecut=0:bframes=1:b-adapt=0:aud=1:repeat-headers=1:annexb=1",
}


async def test_pictures_sent_out_of_display_order_keep_their_own_times():
    coded, order = encoded(Codec.H264, frames=6, gop=30, **REORDERED), [0, 2, 1, 4, 3, 5]
    made: list[bytes] = []
    for place, number in enumerate(order):
        made += packets(
            Codec.H264, [coded.pictures[place]], first_sequence=len(made), first_timestamp=7200 + number * 3600
        )
    heard = await heard_from(ScriptedCamera(coded, play=sending([b"".join(interleaved(0, p) for p in made)])), 6)
    assert [unit.media_90k // 3600 for unit in heard.units] == order


@pytest.mark.parametrize("report_first", [True, False])
async def test_sender_reports_tell_the_camera_s_clock(report_first):
    """The camera is 2.5 s ahead, and its report names the moment of the fourth picture."""
    coded = small(Codec.H264)
    stream = b"".join(interleaved(6, p) for p in packets(Codec.H264, coded.pictures, first_timestamp=1000))

    async def play(connection: Connection) -> None:
        ntp = utc_now() / HZ + 2_208_988_800 + 2.5
        report = interleaved(7, sender_report(ntp, 1000 + 3 * 3600))
        await connection.write(report + stream if report_first else stream + report)

    heard = await heard_from(camera := ScriptedCamera(coded, channel=6, play=play), 6)
    [(camera_90k, wall, media)] = heard.reports
    assert camera.methods.count("SETUP") == 1
    assert media == 3 * 3600
    assert abs((camera_90k - wall) / HZ - 2.5) < 0.2


async def test_a_camera_that_counts_from_its_own_start_tells_no_time_of_day():
    coded = small(Codec.H264)

    async def play(connection: Connection) -> None:
        await connection.write(interleaved(1, sender_report(77.0, 0)))
        await connection.write(b"".join(interleaved(0, p) for p in packets(Codec.H264, coded.pictures)))

    assert not (await heard_from(ScriptedCamera(coded, play=play), 6)).reports


@pytest.mark.parametrize(
    ("content_base", "session_control", "track_control", "asked_track", "asked_play"),
    [
        (None, "*", "trackID=1", "{url}/trackID=1", "{url}/"),
        ("", "*", "trackID=1", "{url}/trackID=1", "{url}"),
        ("rtsp://10.0.0.9/live", "*", "trackID=1", "{here}/live/trackID=1", "{here}/live"),
        (None, "*", "rtsp://10.0.0.9/abs/track1", "{here}/abs/track1", "{url}/"),
        (None, "rtsp://10.0.0.9/agg/", "video", "{here}/agg/video", "{here}/agg/"),
        (
            "rtsp://10.0.0.9/r?channel=1&subtype=0/",
            "*",
            "trackID=0",
            "{here}/r?channel=1&subtype=0/trackID=0",
            "{here}/r?channel=1&subtype=0/",
        ),
        (None, "*", "", "{url}/", "{url}/"),
        ("not an address", "*", "t", "{url}/t", "{url}"),
        ("rtsp://{url}/", "*", "t", "{url}/t", "{url}/"),
        ("127.0.0.1/live/", "*", "t", "{here}/live/t", "{here}/live/"),
        ("/live/", "*", "t", "{here}/live/t", "{here}/live/"),
        ("rtsp://asha:pw@10.0.0.9:99/live/", "*", "t", "{here}/live/t", "{here}/live/"),
        (None, "*", "rtsps://10.0.0.9/live?a=b%20c", "{here}/live?a=b%20c", "{url}/"),
    ],
)
async def test_control_addresses_are_asked_for_as_the_camera_gives_them_but_here_and_nowhere_else(
    content_base, session_control, track_control, asked_track, asked_play
):
    coded = small(Codec.H264)
    camera = ScriptedCamera(
        coded, content_base=content_base, session_control=session_control, track_control=track_control
    )
    async with camera:
        if content_base:
            camera.content_base = content_base.format(url=camera.url)
        async with following(camera.url) as heard:
            await until(lambda: len(heard.units) >= 6)
    asked = {request.method: request.url for request in camera.requests}
    here = f"rtsp://127.0.0.1:{camera.port}"
    assert asked["SETUP"] == asked_track.format(url=camera.url, here=here)
    assert asked["PLAY"] == asked["TEARDOWN"] == asked_play.format(url=camera.url, here=here)


async def test_a_camera_that_plays_tracks_only_one_by_one_is_asked_so():
    camera = ScriptedCamera(small(Codec.H264))
    camera.before = lambda r: (
        Answer(459, "Aggregate Operation Not Allowed") if r.method == "PLAY" and r.url.endswith("/") else None
    )
    await heard_from(camera, 6)
    assert [r.url.removeprefix(camera.url) for r in camera.requests if r.method == "PLAY"] == ["/", "/trackID=1"]


async def test_packets_of_other_channels_and_questions_of_the_camera_are_passed_over():
    coded, answers = small(Codec.H264), []

    async def play(connection: Connection) -> None:
        await connection.write(interleaved(9, b"metadata") + b"\r\nSET_PARAMETER * RTSP/1.0\r\nCSeq: 77\r\n\r\n")
        await connection.write(b"".join(interleaved(0, p) for p in packets(Codec.H264, coded.pictures)))

    camera = ScriptedCamera(coded, play=play)
    camera._next_request = watched(camera._next_request, answers)
    heard = await heard_from(camera, 6)
    assert len(heard.units) == 6
    assert answers == ["RTSP/1.0 501 Not Implemented\r\nCSeq: 77\r\n\r\n"]


def watched(next_request, answers):
    """Takes our client's answers out of what it sends, where a real camera would read them."""

    async def read(reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if head.startswith("RTSP/"):
            answers.append(head)
            return await read(reader)
        rest = asyncio.StreamReader()
        rest.feed_data(head.encode())
        return await next_request(rest)

    return read


async def test_the_time_of_a_picture_is_that_of_its_last_packet():
    """Even where only the next picture's first packet, much later, shows that it was the last."""
    coded = small(Codec.H264)
    made = packets(Codec.H264, coded.pictures[:2], markers=False)
    second = next(i for i, packet in enumerate(made) if int.from_bytes(packet[4:8], "big") == 3600)

    async def play(connection: Connection) -> None:
        await connection.write(b"".join(interleaved(0, p) for p in made[:second]))
        await asyncio.sleep(0.3)
        await connection.write(b"".join(interleaved(0, p) for p in made[second:]))

    before = utc_now()
    heard = await heard_from(ScriptedCamera(coded, play=play), 1)
    assert utc_now() - before >= 0.3 * HZ
    assert heard.units[0].wall - before < 0.25 * HZ


def test_payloads_of_the_helper_are_what_the_standards_say():
    """The helper's own bytes for a known unit, so that a mistake shared with the reader would show."""
    assert fragments(Codec.H264, bytes.fromhex("65aabbcc"), 2) == [bytes.fromhex("7c85aabb"), bytes.fromhex("7c45cc")]
    assert fragments(Codec.H265, bytes.fromhex("2601aabbcc"), 2) == [
        bytes.fromhex("620193aabb"),
        bytes.fromhex("620153cc"),
    ]
    assert payloads(Codec.H264, [bytes.fromhex("6742"), bytes.fromhex("68ce")]) == [b"\x67\x42", b"\x68\xce"]
