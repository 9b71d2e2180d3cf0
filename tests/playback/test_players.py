"""What leaves the room opens where it is opened: players and tools agree with the manifest on each kind of clip."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from footage.contract import ClipFile, ClipRequest
from footage.playback.archive import Archive
from footage.playback.clips import cut_clip
from footage.rtsp.events import Codec
from footage.times import utc_datetime
from playback.making import BEGIN, FPS, HZ, STEP, Recorded, film, film_h265, film_reordered
from playback.players import PLAYERS, Browser, Told, chromium

#: The clip begins so long after the recording: three and a quarter seconds, in the middle of a group.
START, END = BEGIN + 13 * HZ // 4, BEGIN + 8 * HZ


@dataclass(frozen=True)
class Exported:
    """A file of a clip, and the number of the picture that its first moment shows (None where there is a hole)."""

    file: ClipFile
    first: int
    whole: bool = True

    @property
    def length(self) -> float:
        return (self.file.end_90k - self.file.start_90k) / HZ

    def number_at(self, seconds: float) -> int:
        return self.first + int(seconds * FPS + 0.001)


KINDS = {
    "h264": {"film": film},
    "h264-sound": {"film": film, "sound": True},
    "h264-b": {"film": film_reordered},
    "h264-b-sound": {"film": film_reordered, "sound": True},
    "h264-open-groups": {"film": lambda: film_reordered(open_groups=True)},
    "h265": {"film": film_h265},
    "h265-sound": {"film": film_h265, "sound": True},
    "h265-b-sound": {"film": lambda: film_reordered(Codec.H265), "sound": True},
    "h265-open-groups": {"film": lambda: film_reordered(Codec.H265, open_groups=True)},
    "long-group": {"film": lambda: film(320, 180, 225, gop=225), "per_fragment": 30},
}


def record(recorded: Recorded, kind: str) -> None:
    options = dict(KINDS.get(kind, {"film": film}))
    source = options.pop("film")()
    if kind == "gap":
        recorded.record(BEGIN, 125, film=source)
        recorded.record(BEGIN + 7 * HZ, 50, film=source, first=175, run=2)
    elif kind == "resolutions":
        recorded.record(BEGIN, 125, film=source)
        recorded.record(BEGIN + 5 * HZ, 100, film=film(640, 360, 250), run=2)
    else:
        recorded.record(BEGIN, 225, film=source, **options)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Exported]]:
    """Each kind's files, cut from a store of its own, in one folder."""
    made, folder = {}, tmp_path_factory.mktemp("clips")
    for kind in [*KINDS, "gap", "resolutions"]:
        recorded = Recorded(tmp_path_factory.mktemp("store"))
        record(recorded, kind)
        (folder / kind).mkdir()
        request = ClipRequest(recorded.camera_id, START, END)
        receipt = cut_clip(Archive(recorded.store, recorded.catalogue), request, folder / kind)
        first = [round((file.start_90k - BEGIN) / STEP) for file in receipt.files]
        if kind == "resolutions":
            first[1] = 0
        made[kind] = [Exported(file, at, kind != "gap") for file, at in zip(receipt.files, first, strict=True)]
        recorded.catalogue.close()
    return made


EVERY = [*KINDS, "gap", "resolutions"]


def check(told: Told, one: Exported, at: float, kind: str = "") -> None:
    """What a player says against the manifest. With sound that begins before the pictures, lengths may count both."""
    leads = kind.endswith("open-groups")  # its two first pictures need what was sent before: a decoder passes over them
    slack = 0.25 if one.file.sound else 0.15 if leads else 0.05
    assert told.length == pytest.approx(one.length, abs=slack)
    if told.pictures is not None:
        assert told.pictures == one.file.frames or (leads and told.pictures == one.file.frames - 2)
    if told.begins is not None:
        assert 0 <= told.begins < slack
    if told.made is not None:
        assert told.made == utc_datetime(one.file.start_90k).replace(microsecond=0)
    if told.at is not None and one.whole and not leads:
        assert told.at in (one.number_at(at - (told.begins or 0)), one.number_at(at - (told.begins or 0)) + 1)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: player.__name__)
def test_a_player_agrees_with_the_manifest(exported: dict[str, list[Exported]], kind: str, player) -> None:
    for one in exported[kind]:
        check(player(one.file.path, 1.5), one, 1.5, kind)


@pytest.fixture(scope="module")
def browser(exported: dict[str, list[Exported]]) -> Iterator[Browser]:
    with chromium(exported["h264"][0].file.path.parents[1]) as running:
        yield running


@pytest.mark.browser
@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("by_source", [False, True], ids=["plain", "mse"])
def test_chromium_agrees_with_the_manifest(
    exported: dict[str, list[Exported]], browser: Browser, kind: str, *, by_source: bool
) -> None:
    for one in exported[kind]:
        lead = lead_of(one.file)
        moments = [lead + 0.02, lead + 1.02, one.length + lead - 0.02]
        name = f"{kind}/{one.file.path.name}"
        length, numbers = browser.play(name, one.file.codec, moments, by_source=by_source)
        assert length == pytest.approx(one.length + lead, abs=0.08)
        if one.whole:
            skipped = 2 if kind.endswith("open-groups") else 0
            assert numbers == [one.number_at(at - lead) + (0 if place else skipped) for place, at in enumerate(moments)]
        else:  # behind the hole the numbers go on as time does
            assert (numbers[0], numbers[2]) == (one.first, one.number_at(moments[2]))


def lead_of(file: ClipFile) -> float:
    """How long before its first picture a file's clock starts: at sound that begins earlier. `cstb` says when."""
    data = file.path.read_bytes()[:8192]
    (count,) = struct.unpack_from(">Q", data, data.index(b"cstb") + 12)
    return (utc_datetime(file.start_90k) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() - count / 1e7


def test_a_long_clip_says_its_length_in_64_bits(recorded: Recorded, tmp_path: Path) -> None:
    """Longer than 13 hours, the counts are too many for 32 bits."""
    recorded.record(BEGIN, 25)
    recorded.record(BEGIN + 14 * 3600 * HZ, 25, run=2)
    request = ClipRequest(recorded.camera_id, BEGIN, BEGIN + (14 * 3600 + 1) * HZ)
    (file,) = cut_clip(Archive(recorded.store, recorded.catalogue), request, tmp_path).files
    told = PLAYERS[0](file.path, 0)
    assert (told.length, told.pictures) == (14 * 3600 + 1, 50)
    assert told.made == datetime(2026, 11, 1, 9, 0, 30, tzinfo=UTC)
