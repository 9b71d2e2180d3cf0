"""A session description as cameras write it: what can be meant one way only is taken, and the rest is said in words."""

from __future__ import annotations

import base64

import pytest

from footage.rtsp.description.sdp import find_video
from footage.rtsp.errors import StreamLost
from footage.rtsp.events import Codec, LossCause, Oddity
from rtsp.listener import following, until
from rtsp.pictures import encoded
from rtsp.scripted import ScriptedCamera

SETS = [bytes.fromhex("6742c01e"), bytes.fromhex("68ce3c80")]
TOLD = ",".join(base64.b64encode(one).decode() for one in SETS)
SESSION = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=cam", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*"]
NAME, FORMAT, CONTROL = "a=rtpmap:96 H264/90000", f"a=fmtp:96 sprop-parameter-sets={TOLD}", "a=control:trackID=1"
VIDEO = ["m=video 0 RTP/AVP 96", NAME, FORMAT, CONTROL]
SOUND = ["m=audio 0 RTP/AVP 97", "a=rtpmap:97 PCMA/8000", "a=control:trackID=2"]


def plain(*lines: str, end: str = "\r\n") -> bytes:
    return (end.join(lines) + end).encode()


READ = {
    "as it should be": plain(*SESSION, *VIDEO),
    "no first lines": plain(*VIDEO),
    "an empty line first": b"\r\n" + plain(*SESSION, *VIDEO),
    "empty lines inside": plain(*SESSION, *VIDEO, end="\r\n\r\n"),
    "bare line feeds": plain(*SESSION, *VIDEO, end="\n"),
    "bare carriage returns": plain(*SESSION, *VIDEO, end="\r"),
    "no line end at the end": plain(*SESSION, *VIDEO).rstrip(),
    "a byte order mark": "\ufeff".encode() + plain(*SESSION, *VIDEO),
    "zeros behind it": plain(*SESSION, *VIDEO) + bytes(7),
    "blanks around the lines": plain(*(f"  {line}\t" for line in SESSION + VIDEO)),
    "capital letters": plain(*SESSION, "M=video 0 RTP/AVP 96", NAME.replace("H264", "h264"), FORMAT, CONTROL),
    "no o, s, c and t": plain("v=0", *VIDEO),
    "another order of lines": plain("s=cam", "v=0", "t=0 0", VIDEO[0], CONTROL, FORMAT, NAME),
    "attributes before the section": plain(*SESSION, NAME, FORMAT, VIDEO[0], CONTROL),
    "no line ends between attributes": plain(*SESSION, VIDEO[0], NAME + FORMAT + "a=recvonly", CONTROL),
    "the format in the section of the sound": plain(*SESSION, VIDEO[0], NAME, CONTROL, *SOUND, FORMAT),
    "sound first": plain(*SESSION, *SOUND, *VIDEO),
    "metadata first": plain(*SESSION, "m=application 0 RTP/AVP 107", "a=rtpmap:107 vnd.onvif.metadata/90000", *VIDEO),
    "a section of no known kind": plain(*SESSION, "m=application/TP-LINK 0 RTP/AVP smart/1/90000", *VIDEO),
    "two videos": plain(*SESSION, *VIDEO, "m=video 0 RTP/AVP 98", "a=rtpmap:98 H265/90000", "a=control:trackID=9"),
    "a video of another kind first": plain(*SESSION, "m=video 0 RTP/AVP 26", "a=control:trackID=8", *VIDEO),
    "another payload type first": plain(*SESSION, "m=video 0 RTP/AVP 98 96", "a=rtpmap:98 MetaData/90000", *VIDEO[1:]),
    "blanks and tabs in attributes": plain(*SESSION, VIDEO[0], "a=rtpmap: 96\tH264/90000 ", FORMAT, CONTROL),
    "start codes in the sets": plain(
        *SESSION, VIDEO[0], NAME, FORMAT.replace(TOLD, base64.b64encode(bytes(3) + b"\1" + SETS[0] + bytes(2) + b"\1" + SETS[1]).decode()), CONTROL
    ),
    "no padding": plain(*SESSION, VIDEO[0], NAME, FORMAT.replace("=,", ",").rstrip("="), CONTROL),
}  # fmt: skip


@pytest.mark.parametrize("body", READ.values(), ids=READ)
def test_what_can_be_meant_one_way_only_is_read(body):
    track = find_video(body)
    assert (track.codec, track.control, track.payload_type, track.clock_rate, track.odd) == (
        Codec.H264,
        "trackID=1",
        96,
        90_000,
        False,
    )
    assert list(track.parameter_sets) == SETS


@pytest.mark.parametrize(
    ("lines", "codec", "payload_type", "rate"),
    [
        ([VIDEO[0], FORMAT], Codec.H264, 96, 90_000),
        (["m=video 0 RTP/AVP 35", FORMAT.replace("96", "35")], Codec.H264, 35, 90_000),
        (["m=video 0 RTP/AVP 96", "a=fmtp:96 sprop-vps=QAEM;sprop-sps=QgEB;sprop-pps=RAHB"], Codec.H265, 96, 90_000),
        ([VIDEO[0], "a=rtpmap:97 H264/90000"], Codec.H264, None, 90_000),
        (["m=video 0 RTP/AVP", NAME], Codec.H264, 96, 90_000),
        ([VIDEO[0], "a=rtpmap:96 H264"], Codec.H264, 96, 90_000),
        ([VIDEO[0], "a=rtpmap:96 H264/0"], Codec.H264, 96, 90_000),
        ([VIDEO[0], "a=rtpmap:96 H264/25"], Codec.H264, 96, 90_000),
        ([VIDEO[0], "a=rtpmap:96 H264/99999999999"], Codec.H264, 96, 90_000),
        ([VIDEO[0], "a=rtpmap:96 H264/30000"], Codec.H264, 96, 30_000),
        ([VIDEO[0], "a=rtpmap:96 HEVC/1000"], Codec.H265, 96, 1_000),
    ],
)
def test_what_is_missing_or_absurd_is_guessed_and_noted(lines, codec, payload_type, rate):
    track = find_video(plain(*lines))
    assert (track.codec, track.payload_type, track.clock_rate) == (codec, payload_type, rate)
    assert track.odd is (rate == 90_000 and lines != ["m=video 0 RTP/AVP", NAME])


@pytest.mark.parametrize(
    ("body", "cause", "says"),
    [
        (b"", LossCause.PROTOCOL, "session description is none"),
        (b"<html>m=video</html>", LossCause.PROTOCOL, "session description is none"),
        (plain(*SESSION), LossCause.PROTOCOL, "session description is none"),
        (plain(*SESSION, *SOUND), LossCause.UNSUPPORTED, "it offers audio PCMA/8000. Set the camera"),
        (plain(VIDEO[0], "a=rtpmap:96 JPEG/90000"), LossCause.UNSUPPORTED, "no H.264 or H.265"),
        (plain(VIDEO[0], NAME, "a=fmtp:96 sprop-max-don-diff=3"), LossCause.UNSUPPORTED, "out of decoding order"),
    ],
)
def test_what_cannot_be_recorded_is_said_in_words(body, cause, says):
    with pytest.raises(StreamLost, match=says) as lost:
        find_video(body)
    assert lost.value.cause is cause


async def test_a_guess_is_told():
    coded = encoded(Codec.H264, width=64, height=48, frames=6, gop=3)
    camera = ScriptedCamera(coded)
    camera.sdp = camera._sdp().replace("a=rtpmap:96 H264/90000\r\n", "")
    async with camera, following(camera.url) as heard:
        await until(lambda: len(heard.units) >= 6)
    assert heard.oddities == [Oddity.BAD_DESCRIPTION]
