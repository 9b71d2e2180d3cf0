"""A still is the picture that was on the screen at that moment, or a clear word that there is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from footage.contract import BadSpan, DamagedFootage, NoFootage, Still
from footage.local import LocalNode
from footage.picture.stills import still
from footage.playback.archive import Archive
from footage.times import utc_now
from playback.making import BEGIN, HZ, STEP, Recorded, film, number_of


def shown(recorded: Recorded, at_90k: int, **options: int) -> Still:
    return still(Archive(recorded.store, recorded.catalogue), recorded.camera_id, at_90k, **options)


@pytest.mark.parametrize("number", [0, 1, 24, 25, 137, 249, 250, 499])
@pytest.mark.parametrize("late", [0, 1, STEP - 1])
def test_the_picture_is_the_one_shown_then(recorded: Recorded, number: int, late: int) -> None:
    recorded.record(BEGIN, 500)
    found = shown(recorded, BEGIN + number * STEP + late)
    assert number_of(found.jpeg) == number
    assert (found.at_90k, found.width, found.height) == (BEGIN + number * STEP, 320, 180)


def test_it_is_made_smaller_and_never_larger(recorded: Recorded) -> None:
    recorded.record(BEGIN, 50)
    assert (shown(recorded, BEGIN, max_width=160).width, shown(recorded, BEGIN, max_width=160).height) == (160, 90)
    assert shown(recorded, BEGIN, max_width=2000).width == 320


def test_in_a_gap_there_is_none(recorded: Recorded) -> None:
    recorded.record(BEGIN, 250)
    recorded.record(BEGIN + 15 * HZ, 250, run=2)
    for seconds in (-1, 12, 40):
        with pytest.raises(NoFootage):
            shown(recorded, BEGIN + seconds * HZ)
    assert number_of(shown(recorded, BEGIN + 15 * HZ).jpeg) == 0


def test_the_future_is_refused(recorded: Recorded) -> None:
    with pytest.raises(BadSpan):
        shown(recorded, utc_now() + 10 * HZ)


def test_a_group_over_several_fragments_is_decoded_from_its_key_frame(recorded: Recorded) -> None:
    recorded.record(BEGIN, 250, film=film(320, 180, 250, gop=125), per_fragment=50)
    assert number_of(shown(recorded, BEGIN + 230 * STEP).jpeg) == 230


def test_pictures_that_cannot_be_decoded_are_damage(recorded: Recorded) -> None:
    (row,) = recorded.record(BEGIN, 25)
    path = recorded.store / row.path
    data = bytearray(path.read_bytes())
    at = data.index(film().pictures[0][0][200:240])
    data[at - 200 : at + 400] = b"\xff" * 600
    path.write_bytes(data)
    with pytest.raises(DamagedFootage):
        shown(recorded, BEGIN + 10 * STEP)


def test_a_single_changed_bit_that_a_decoder_would_hide_stops_a_print(recorded: Recorded, own_folders: Path) -> None:
    (row,) = recorded.record(BEGIN, 250)
    node = LocalNode(recorded.store, own_folders)
    assert number_of(node.still(recorded.camera_id, BEGIN + 30 * STEP).jpeg) == 30
    path = recorded.store / row.path
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedFootage, match="SHA-256 is not the one"):
        node.still(recorded.camera_id, BEGIN + 30 * STEP)


def test_without_the_extra_the_rest_works_and_a_still_says_what_to_install(recorded: Recorded) -> None:
    """A fresh Python in which PyAV cannot be imported."""
    recorded.record(BEGIN, 250)
    script = f"""
import sys
sys.modules["av"] = None
from pathlib import Path
from uuid import UUID
from footage.contract import ClipRequest
from footage.gateway.app import create_app
from footage.local import LocalNode
from footage.picture import PictureMissing
store = Path({str(recorded.store)!r})
create_app(store, store, b"key")
node = LocalNode(store, store)
camera = UUID({str(recorded.camera_id)!r})
assert node.cut_clip(ClipRequest(camera, {BEGIN}, {BEGIN + 5 * HZ}), store).files[0].frames == 125
try:
    node.still(camera, {BEGIN})
except PictureMissing as error:
    print(error.code, error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("picture-missing Still pictures need PyAV"), done.stderr
