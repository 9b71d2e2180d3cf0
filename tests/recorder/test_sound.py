"""Sound on the disk: where it belongs on the pictures' clock, until its order ends, and never at the pictures' cost."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import pytest

from footage.catalogue import Catalogue
from footage.contract import CameraHealth, CameraSource, GapCause, SegmentClosed, SoundCondition
from footage.local import LocalNode
from footage.rtsp.events import SoundUnit
from footage.segments.aac import sound_parameters
from footage.segments.boxes import DamagedSegment
from footage.segments.reader import Fragment, fragments, read_header, read_init, scan
from footage.simcam.options import Options
from footage.simcam.pattern import write_pattern
from footage.times import Camera90k, MonotonicNs, Utc90k, utc_now
from recorder.making import FRAME, SECOND, START, Bench, decoded, new_camera
from recorder.node import Cameras, Recorder, footage_json, recording, until

SOUND = sound_parameters(bytes.fromhex("1408"))  # AAC-LC, 16 kHz, mono: 1024 samples last 5760 ticks
TICKS = 5760
HOUR = 3600 * SECOND
NODE = ("footage.node",)


class SoundBench:
    """Pictures and sound of one camera, side by side: a frame of sound for each 64 ms, `late` ticks after its time."""

    def __init__(self, bench: Bench, *, until: int = START + HOUR, late: int = 0) -> None:
        self.bench, self.late, self.number = bench, late, 0
        self.sent: list[bytes] = []
        bench.recorder.sound.on_sound_parameters(SOUND)
        bench.recorder.sound.permit(until, Utc90k(bench.wall), MonotonicNs(bench.monotonic))
        bench.begin()

    def play(self, seconds: float, *, sound: bool = True) -> None:
        for _ in range(round(seconds * 25)):
            self.bench.send(1)
            while self.number * TICKS + self.late < self.bench.at:
                if sound:
                    self.hear()
                self.number += 1

    def hear(self, media: int | None = None) -> None:
        bench = self.bench
        data = b"sound %06d" % self.number
        self.sent.append(data)
        wall = Utc90k(START + self.number * TICKS + self.late)
        unit = SoundUnit(data, self.number * 1024 if media is None else media, wall, MonotonicNs(bench.monotonic))
        bench.recorder.sound.on_sound(unit)

    async def heard(self) -> list[tuple[int, bytes]]:
        """What is on the disk: each frame with its place on the files' clock, as an independent reader finds it."""
        self.bench.recorder.stop(GapCause.NODE_STOPPED)
        found: list[tuple[int, bytes]] = []
        for row in await self.bench.rows():
            found += [(start + row.start_90k - START, data) for start, data in sound_of(self.bench.store, row)]
        return found


def sound_of(store: Path, row: SegmentClosed) -> list[tuple[int, bytes]]:
    """Frames with their times from the first picture on, read by PyAV."""
    data = (store / row.path).read_bytes()
    with av.open(io.BytesIO(data), format="mp4") as container:
        picture = next(packet.pts for packet in container.demux(video=0))
    with av.open(io.BytesIO(data), format="mp4") as container:
        return [(packet.pts - picture, bytes(packet)) for packet in container.demux(audio=0) if packet.size]


def parts(bench: Bench, row: SegmentClosed) -> list[Fragment]:
    return fragments(bench.store / row.path)


async def test_sound_is_a_second_track_of_the_same_fragments_and_every_frame_is_as_sent(bench: Bench) -> None:
    made = SoundBench(bench)
    made.play(10)
    found = await made.heard()
    assert [data for _, data in found] == made.sent
    assert [start for start, _ in found] == [number * TICKS for number in range(len(made.sent))]
    (row,) = await bench.rows()
    assert row.codec.split(",")[1:] == ["mp4a.40.2"]
    assert all(one.sound for one in parts(bench, row))
    assert decoded(bench.store / row.path) == row.frames == 250


@pytest.mark.parametrize("late_ms", [0, 120, 900])
async def test_the_cameras_reports_place_the_sound_however_late_it_comes(bench: Bench, late_ms: int) -> None:
    made = SoundBench(bench, late=late_ms * 90)
    bench.recorder.on_sender_report(Camera90k(7_000_000), Utc90k(START), 0)
    bench.recorder.sound.on_sound_report(Camera90k(7_000_000 + SECOND), 16_000)
    made.play(8)
    found = await made.heard()
    assert [start for start, _ in found] == [number * TICKS for number in range(len(found))]
    assert len(found) >= len(made.sent) - late_ms // 64 - 2


async def test_without_reports_it_is_placed_by_when_it_came(bench: Bench) -> None:
    made = SoundBench(bench)
    made.number = 100  # the sound's clock runs on from another beginning
    bench.pass_time(100 * TICKS)
    made.play(4)
    found = await made.heard()
    assert found[0][0] - 100 * TICKS < TICKS
    assert len(found) > 55


async def test_reports_that_cannot_be_true_are_not_believed(bench: Bench) -> None:
    made = SoundBench(bench)
    bench.recorder.on_sender_report(Camera90k(7_000_000), Utc90k(START), 0)
    bench.recorder.sound.on_sound_report(Camera90k(7_000_000 + HOUR), 0)
    made.play(4)
    assert [start for start, _ in await made.heard()][:3] == [0, TICKS, 2 * TICKS]


async def test_sound_that_comes_after_its_file_was_closed_stands_in_the_next_in_its_true_place(bench: Bench) -> None:
    made = SoundBench(bench, late=SECOND // 2)
    bench.recorder.on_sender_report(Camera90k(7_000_000), Utc90k(START), 0)
    bench.recorder.sound.on_sound_report(Camera90k(7_000_000), 0)
    made.play(65)
    found = await made.heard()
    assert [start for start, _ in found] == [number * TICKS for number in range(len(found))]
    first, second = await bench.rows()
    assert parts(bench, second)[0].lead_90k > 0
    assert (parts(bench, first)[0].lead_90k, second.start_90k) == (0, first.end_90k)
    assert [decoded(bench.store / row.path) for row in (first, second)] == [1500, 125]


async def test_missing_sound_is_a_hole_and_no_picture_waits(bench: Bench) -> None:
    made = SoundBench(bench)
    made.play(3)
    made.play(5, sound=False)
    made.play(3)
    found = await made.heard()
    assert [data for _, data in found] == made.sent
    steps = {after[0] - before[0] for before, after in pairwise(found)}
    assert len(steps) == 2
    assert 5 * SECOND - 2 * TICKS < max(steps) < 5 * SECOND + 2 * TICKS
    (row,) = await bench.rows()
    assert row.frames == 275


async def test_a_clock_of_the_sound_that_leaps_spoils_no_file(bench: Bench) -> None:
    made = SoundBench(bench)
    made.play(2)
    for media in (1 << 40, -(1 << 40), 5):
        made.hear(media)
        made.play(2)
    made.bench.recorder.stop(GapCause.NODE_STOPPED)
    (row,) = await bench.rows()
    assert row.frames == decoded(bench.store / row.path) == 200
    assert scan(bench.store / row.path).trouble == ""


async def test_a_flood_of_sound_is_bounded(bench: Bench) -> None:
    made = SoundBench(bench)
    for _ in range(100_000):
        made.hear(0)
    made.play(2)
    made.bench.recorder.stop(GapCause.NODE_STOPPED)
    (row,) = await bench.rows()
    assert row.frames == 50
    assert row.size_bytes < 100_000


@pytest.mark.clause("PROG-4.2.4", part="automatic end")
async def test_the_recorder_ends_the_sound_by_itself_at_the_orders_end(bench: Bench) -> None:
    made = SoundBench(bench, until=START + 3 * SECOND)
    made.play(8)
    found = await made.heard()
    assert 2.9 * SECOND < found[-1][0] + TICKS <= 3 * SECOND + TICKS
    (row,) = await bench.rows()
    assert row.frames == 200


@pytest.mark.clause("PROG-4.2.4", part="automatic end")
async def test_a_clock_that_is_set_back_does_not_lengthen_it(bench: Bench) -> None:
    made = SoundBench(bench, until=START + 3 * SECOND)
    made.play(2)
    bench.wall -= HOUR
    made.late -= HOUR  # the sound's packets are read by the same clock
    for _ in range(100):
        bench.send(1)
        made.hear()
        made.number += 1
    sound = bench.recorder.sound
    assert sound.permitted(Utc90k(bench.wall), MonotonicNs(bench.monotonic)) is False
    kept = [data for _, data in await made.heard()]
    assert b"sound %06d" % (made.number - 1) not in kept


@pytest.mark.clause("PROG-4.2.4", part="off … at the recorder")
async def test_without_an_order_no_sound_is_recorded_whatever_is_sent(bench: Bench) -> None:
    made = SoundBench(bench, until=0)
    made.play(3)
    assert await made.heard() == []
    (row,) = await bench.rows()
    assert row.frames == 75


async def test_a_file_whose_sound_does_not_add_up_is_damaged(bench: Bench) -> None:
    made = SoundBench(bench)
    made.play(3)
    await made.heard()
    (row,) = await bench.rows()
    path = bench.store / row.path
    data = path.read_bytes()
    at = data.index(b"trun", data.index(b"trun") + 4) + 16  # the size of the sound's first frame
    for wrong in (b"\0\0\0\0", b"\xff\xff\xff\xff"):
        path.write_bytes(data[: at + 4] + wrong + data[at + 8 :])
        with pytest.raises(DamagedSegment):
            fragments(path)
    path.write_bytes(data.replace(b"\0\0\0\x02\0\0\0\x14tfdt", b"\0\0\0\x03\0\0\0\x14tfdt", 1))
    with pytest.raises(DamagedSegment):
        fragments(path)


# ---- a node under orders


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds with a beep in each."""
    return write_pattern(tmp_path_factory.mktemp("tone") / "tone.mp4", seconds=12, tone_hz=880)


@pytest.fixture
def speaking(tone: Path) -> Iterator[Cameras]:
    made = Cameras(tone, 2, Options(report_every_s=0.5))
    yield made
    made.close()


@pytest.fixture
def node(store: Path, run: Path) -> Iterator[Recorder]:
    with recording(store, run=run, program=NODE) as process:
        until(lambda: (run / "node.sock").exists())
        yield process


def ordered(cameras: Cameras, seconds: float = 0.0) -> CameraSource:
    end = utc_now() + round(seconds * SECOND) if seconds else 0
    return CameraSource(new_camera(), "127", cameras.url("cam1"), sound_until_90k=end)


def health(local: LocalNode) -> CameraHealth:
    return local.health().cameras[0]


def rows_of(store: Path) -> list[SegmentClosed]:
    with Catalogue(store, readonly=True) as catalogue:
        return catalogue.all_segments()


@pytest.mark.clause("PROG-4.2.4", part="automatic end")
def test_a_node_records_sound_while_its_order_lasts_and_stops_without_being_told(
    speaking: Cameras, node: Recorder, store: Path, run: Path, tmp_path: Path
) -> None:
    local, camera = LocalNode(store, run), ordered(speaking, 5)
    local.set_cameras([camera])
    until(lambda: health(local).sound is SoundCondition.RECORDING)
    assert health(local).sound_detail == "AAC 16 kHz mono"
    until(lambda: health(local).sound is SoundCondition.OFF)
    until(lambda: any("mp4a" not in read_header(path).codec for path in store.rglob("*.mp4")))
    node.stop()
    sounding, silent = ([row for row in rows_of(store) if ("mp4a" in row.codec) is wanted] for wanted in (True, False))
    assert sounding
    assert silent
    assert max(row.run for row in sounding) < min(row.run for row in silent)
    heard = [start + row.start_90k for row in sounding for start, _ in sound_of(store, row)]
    assert camera.sound_until_90k - SECOND < max(heard) <= camera.sound_until_90k + TICKS
    assert all(b"soun" not in read_init(store / row.path) for row in silent)
    assert footage_json("check", "--store", store, "--level", "hash")["problems"] == []


def test_an_order_that_is_taken_back_is_obeyed_at_once(
    speaking: Cameras, node: Recorder, store: Path, run: Path
) -> None:
    local, camera = LocalNode(store, run), ordered(speaking, 600)
    local.set_cameras([camera])
    until(lambda: health(local).sound is SoundCondition.RECORDING)
    until(lambda: local.timeline(camera.camera_id, 0, utc_now()).spans)  # set up is not yet recorded
    before = utc_now()
    local.set_cameras([replace(camera, sound_until_90k=0)])
    assert health(local).sound is SoundCondition.OFF
    until(lambda: health(local).condition == "recording")
    node.stop()
    last = [row for row in rows_of(store) if "mp4a" in row.codec][-1]
    assert last.start_90k + max(start for start, _ in sound_of(store, last)) < before + SECOND // 2


def test_broken_and_silent_sound_leaves_the_pictures_whole(
    speaking: Cameras, node: Recorder, store: Path, run: Path
) -> None:
    local, camera = LocalNode(store, run), ordered(speaking, 600)
    local.set_cameras([camera])
    until(lambda: health(local).sound is SoundCondition.RECORDING)
    speaking.fault("cam1", "babble", packets=20)
    speaking.fault("cam1", "mute")
    until(lambda: health(local).sound is SoundCondition.SILENT)
    speaking.fault("cam1", "mute", seconds=0)
    until(lambda: health(local).sound is SoundCondition.RECORDING)
    node.stop()
    (row,) = rows_of(store)
    assert local.timeline(camera.camera_id, 0, row.end_90k).gaps == ()
    assert abs(row.frames * FRAME - (row.end_90k - row.start_90k)) <= FRAME
    assert decoded(store / row.path) == row.frames


def test_what_a_crash_leaves_is_adopted_with_its_sound_and_a_reindex_finds_the_same(
    speaking: Cameras, store: Path, run: Path
) -> None:
    crashed = Recorder(store, run=run, program=NODE)
    try:
        until(lambda: (run / "node.sock").exists())
        local, camera = LocalNode(store, run), ordered(speaking, 600)
        local.set_cameras([camera])
        until(lambda: health(local).sound is SoundCondition.RECORDING)
        until(lambda: any(scan(path).frames > 50 for path in store.rglob("*.mp4")))
    finally:
        crashed.kill()
    with recording(store, run=run, program=NODE):
        until(lambda: local.health().alive)  # by now it has adopted all that was unfinished
        until(lambda: rows_of(store))
    before = rows_of(store)
    assert before[0].codec.endswith(",mp4a.40.2")
    assert sound_of(store, before[0])
    assert footage_json("reindex", "--store", store)["segments"] == len(before)
    assert rows_of(store) == before
    with Catalogue(store, readonly=True) as catalogue:
        assert [one.sound_until_90k for one in catalogue.cameras()] == [camera.sound_until_90k]
