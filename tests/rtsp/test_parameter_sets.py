"""Parameter sets of real encoders are read right, and nothing a camera sends raises anything but BadParameterSet."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.rtsp.events import Codec
from footage.segments.codecs import (
    BadParameterSet,
    decoder_configuration,
    parameters_from,
    parse_h264_sps,
    parse_h265_sps,
    set_id,
)
from rtsp.pictures import encoded, nal_type
from rtsp.rewriting import h264_pps, h264_sps, h264_without_vui

#: SPS of cameras and servers in the field, with what ffprobe says of each (a rate of 0.0: the SPS has none).
H264_FACTS = [
    ("6764000cac3b50b04b420000030002000003003d08", (352, 288, 15.0, "avc1.64000c")),
    ("6764001facd9405005bb016c80000003008000001e078c18cb", (1280, 720, 30.0, "avc1.64001f")),
    ("6742c028d900780227e584000003000400000300f03c60c920", (1920, 1080, 30.0, "avc1.42c028")),
    ("67420029e2901407b602dc04040690789115", (640, 480, 0.0, "avc1.420029")),
    ("674d00299a6603c0113f2e02d404040500000303e80000c350", (1920, 1080, 25.0, "avc1.4d0029")),
]


def sets_of(codec: Codec, **how) -> tuple[bytes, bytes, bytes]:
    found = {nal_type(codec, nal): nal for nal in encoded(codec, **how).parameter_sets()}
    return (b"", found[7], found[8]) if codec is Codec.H264 else (found[32], found[33], found[34])


@pytest.mark.parametrize("codec", list(Codec))
@pytest.mark.parametrize(("width", "height", "fps"), [(96, 64, 25), (100, 70, 12), (322, 182, 30), (1280, 720, 15)])
def test_size_and_rate_are_those_that_were_encoded(codec, width, height, fps):
    vps, sps, pps = sets_of(codec, width=width, height=height, fps=fps, frames=2)
    told = parameters_from(codec, vps, sps, pps)
    assert (told.width, told.height, told.fps) == (width, height, fps)
    assert told.rfc6381.startswith("avc1." if codec is Codec.H264 else "hvc1.1.6.L")


@pytest.mark.parametrize("codec", list(Codec))
def test_a_decoder_is_configured_by_the_box_alone(codec):
    """PyAV opens the pictures with nothing but the avcC or hvcC body as its extradata."""
    import av

    coded = encoded(codec, width=100, height=70, frames=4)
    box = decoder_configuration(parameters_from(codec, *sets_of(codec, width=100, height=70, frames=4)))
    decoder = av.CodecContext.create("h264" if codec is Codec.H264 else "hevc", "r")
    decoder.extradata = box
    frames = []
    for picture in coded.without_parameter_sets():
        frames += decoder.decode(av.Packet(b"".join(len(nal).to_bytes(4, "big") + nal for nal in picture)))
    frames += decoder.decode(None)
    assert [(frame.width, frame.height) for frame in frames] == [(100, 70)] * 4


def test_every_set_that_pictures_may_refer_to_is_in_the_decoder_s_box():
    """PyAV decodes slices under PPS 3, which was never met in band."""
    import av

    _, sps, pps = sets_of(Codec.H264, width=100, height=70, frames=2)
    told = parameters_from(Codec.H264, b"", sps, pps, [h264_pps(pps, 3), h264_sps(sps, 1), h264_pps(pps, 4, sps=1)])
    decoder = av.CodecContext.create("h264", "r")
    decoder.extradata = decoder_configuration(told)
    assert decoder.extradata[5:8] == bytes([0xE2, 0, len(sps)])
    assert [decoder.extradata.count(nal) for nal in (sps, pps, *told.more_sets)] == [1] * 5
    decoder.open()


def test_sets_of_h265_stand_in_one_array_a_kind():
    vps, sps, pps = sets_of(Codec.H265)
    other = pps[:2] + bytes([pps[2] ^ 0x80 | 0x40]) + pps[3:]  # an id that takes more bits
    box = decoder_configuration(parameters_from(Codec.H265, vps, sps, pps, [other]))
    assert box[22] == 3
    assert box.endswith(b"\xa2\x00\x02" + len(pps).to_bytes(2, "big") + pps + len(other).to_bytes(2, "big") + other)


@pytest.mark.parametrize(
    ("options", "reorders"),
    [
        ({"x264-params": "bframes=2:b-adapt=0:repeat-headers=1", "preset": "medium", "tune": "film"}, True),
        ({"x264-params": "bframes=0:repeat-headers=1", "preset": "medium", "tune": "film"}, False),
        ({"x264-params": "bframes=0:repeat-headers=1:nal-hrd=vbr:vbv-maxrate=900:vbv-bufsize=900"}, False),
        ({"profile": "baseline"}, False),
    ],
)
def test_whether_pictures_are_reordered_is_what_the_encoder_was_told(options, reorders):
    assert parameters_from(Codec.H264, *sets_of(Codec.H264, frames=8, **options)).reorders is reorders


@pytest.mark.parametrize(("frames", "reorders"), [(2, True), (0, False)])
def test_whether_h265_pictures_are_reordered_is_told_by_the_highest_layer(frames, reorders):
    how = {"x265-params": f"bframes={frames}:b-adapt=0:repeat-headers=1:log-level=none:pools=1", "preset": "medium"}
    how["tune"] = "grain"
    assert parameters_from(Codec.H265, *sets_of(Codec.H265, frames=8, **how)).reorders is reorders


@pytest.mark.parametrize(
    "vui", ["01", "1", "1" + "0" * 3, "1" + "1" * 90], ids=["none", "cut short", "cut", "nonsense"]
)
def test_a_vui_changes_neither_size_nor_what_a_decoder_is_set_up_for(vui):
    _, sps, pps = sets_of(Codec.H264, profile="baseline")
    whole = parameters_from(Codec.H264, b"", sps, pps)
    other = parameters_from(Codec.H264, b"", h264_without_vui(sps, vui), pps)
    assert other != whole
    assert (other.width, other.height, other.fps) == (whole.width, whole.height, 0.0)
    assert other.continues(whole)
    assert whole.continues(other)


def test_another_size_or_profile_is_no_continuation():
    small, large = ({"width": 96}, {"width": 128})
    main = {"x264-params": "bframes=2:repeat-headers=1", "preset": "medium", "tune": "film"}
    first = parameters_from(Codec.H264, *sets_of(Codec.H264, **small))
    for other in (sets_of(Codec.H264, **large), sets_of(Codec.H264, **small, **main)):
        assert not parameters_from(Codec.H264, *other).continues(first)
    assert not parameters_from(Codec.H265, *sets_of(Codec.H265, **small)).continues(first)


@pytest.mark.parametrize("number", [0, 1, 7, 31])
def test_the_id_of_a_set_is_read(number):
    _, sps, pps = sets_of(Codec.H264)
    assert set_id(Codec.H264, h264_sps(sps, number)) == (7, number)
    assert set_id(Codec.H264, h264_pps(pps, number)) == (8, number)


def test_an_interlaced_stream_has_the_height_of_its_frames():
    how = {"x264-params": "interlaced=1:repeat-headers=1", "preset": "medium", "tune": "film"}
    _, sps, pps = sets_of(Codec.H264, width=100, height=72, frames=2, **how)
    assert parameters_from(Codec.H264, b"", sps, pps).height == 72


@pytest.mark.parametrize(("text", "facts"), H264_FACTS)
def test_a_camera_s_own_sps(text, facts):
    assert tuple(parse_h264_sps(bytes.fromhex(text))) == facts


@pytest.mark.parametrize("codec", list(Codec))
def test_sets_that_are_cut_short_swapped_or_empty_are_refused(codec):
    vps, sps, pps = sets_of(codec)
    assert parameters_from(codec, vps, sps, pps)
    for bad in [(vps, sps[:6], pps), (vps, pps, sps), (vps, sps, b""), (vps, b"", pps), (vps, sps + bytes(5000), pps)]:
        with pytest.raises(BadParameterSet):
            parameters_from(codec, *bad)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(list(Codec)), st.binary(max_size=300), st.integers(0, 40))
def test_no_bytes_raise_anything_else(codec, noise, keep):
    """Random bytes, alone and behind the start of a real SPS."""
    sps = sets_of(codec)[1]
    parse = parse_h264_sps if codec is Codec.H264 else parse_h265_sps
    for hostile in (noise, sps[:1] + noise, sps[:keep] + noise):
        try:
            facts = parse(hostile)
        except BadParameterSet:
            continue
        assert 0 < facts.width <= 16_384
        assert 0 < facts.height <= 16_384
        assert 0 <= facts.fps <= 1000
