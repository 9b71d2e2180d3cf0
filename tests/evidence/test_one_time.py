"""One rule of rounding: a moment has one time, wherever a bag or a page writes it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footage.playback.clip_head import seconds_1904
from footage.playback.clips import name_of
from footage.times import utc_90k, utc_datetime, utc_text
from overt.evidence.bag import facts, verify
from overt.evidence.bag.pages import readme_page
from playback.making import BEGIN, HZ

UTC_ZONE = ZoneInfo("Etc/UTC")
#: The last half of a millisecond of a second, of a minute and of an hour; and moments just before a half.
AWKWARD = [BEGIN + one * HZ - back for one in (1, 30, 30 + 59 * 60) for back in (1, 44, 45, 46, 89, 90)]


def digits(text: str) -> str:
    return re.sub(r"\D", "", text.split("+")[0])


@given(st.one_of(st.integers(0, 1 << 48), st.sampled_from(AWKWARD)))
def test_every_place_that_writes_a_moment_writes_the_same(count: int) -> None:
    text = utc_text(count)
    assert verify.utc_text(count) == text
    assert digits(facts.local_json(count, count, UTC_ZONE)["start_local"]) == digits(text)
    assert digits(name_of(SimpleNamespace(start_90k=count)).removesuffix(".mp4")) == digits(text)
    assert seconds_1904(count) - 2_082_844_800 == int(datetime.fromisoformat(text).timestamp())
    assert utc_90k(utc_datetime(count)) == count


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here")
def test_so_does_the_player_in_the_bag() -> None:
    page = readme_page({"time_zone": "Etc/UTC", "clips": []}, {}).decode()
    function = re.search(r"^function localTime\(.*?^}", page, re.DOTALL | re.MULTILINE)
    assert function
    program = f"const FACTS = {{time_zone: 'Etc/UTC'}}; {function[0]}; console.log(JSON.stringify({AWKWARD}.map((n) => localTime(n).time)))"
    done = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True)
    assert [digits(one.split()[0]) for one in json.loads(done.stdout)] == [digits(utc_text(n))[8:] for n in AWKWARD]
