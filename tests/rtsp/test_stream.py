"""A camera's pictures arrive byte for byte, in order, however it sends them."""

from __future__ import annotations

import pytest

from footage.rtsp.events import Codec, LossCause
from rtsp.listener import following, until
from rtsp.pictures import encoded
from rtsp.scripted import ScriptedCamera


@pytest.mark.parametrize("codec", list(Codec))
async def test_every_nal_unit_arrives_byte_for_byte_and_in_order(codec):
    coded = encoded(codec, width=160, height=120, gop=8)
    async with ScriptedCamera(coded) as camera, following(camera.url) as heard:
        await until(lambda: len(heard.units) == len(coded.pictures))
    assert heard.pictures() == [list(picture) for picture in coded.pictures]
    assert [unit.key for unit in heard.units] == [number % 8 == 0 for number in range(24)]
    assert [unit.media_90k for unit in heard.units] == [number * 3600 for number in range(24)]
    assert (heard.parameters[0].width, heard.parameters[0].height, heard.parameters[0].fps) == (160, 120, 25)
    assert heard.story[:2] == ["parameters", "key"]
    assert heard.story.count("parameters") == 1
    assert heard.losses == [(LossCause.STOPPED, "Stopped by order.")]
    assert camera.methods[-1] == "TEARDOWN"
