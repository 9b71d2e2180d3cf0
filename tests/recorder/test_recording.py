"""One camera's recording, fed by hand so that clocks, losses and disks can do what they like."""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from footage.contract import CameraCondition, GapCause
from footage.recorder.file import SegmentFile
from footage.rtsp.events import AccessUnit, LossCause
from footage.segments.header import MOST_BEFORE
from footage.segments.reader import fragments, read_header, samples, scan
from footage.times import Camera90k, MonotonicNs, Utc90k, utc_text
from recorder.making import FRAME, SECOND, START, Bench, decoded, film


@pytest.mark.clause("BASS-9.1.b", part="Segments are hashed when written")
async def test_files_follow_each_other_to_the_tick_and_every_picture_is_in_them_as_sent(bench: Bench) -> None:
    bench.begin()
    bench.seconds(150)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    assert [row.sequence for row in rows] == [1, 2, 3]
    assert {row.run for row in rows} == {1}
    assert [row.start_90k for row in rows[1:]] == [row.end_90k for row in rows[:-1]]
    assert rows[0].start_90k == START
    assert rows[-1].end_90k == START + 150 * SECOND
    recorded = b""
    for row in rows:
        path = bench.store / row.path
        data = path.read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (row.size_bytes, row.sha256)
        assert decoded(path) == row.frames
        for fragment in fragments(path):
            assert fragment.duration_90k <= 2 * SECOND
            for place in samples(path, fragment):
                recorded += data[place.offset : place.offset + place.size_bytes]
    assert recorded == b"".join(bench.film.pictures) * 150


async def test_a_file_says_itself_which_camera_and_when(bench: Bench) -> None:
    bench.begin()
    bench.seconds(3)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    (row,) = await bench.rows()
    header = read_header(bench.store / row.path)
    assert (header.camera_id, header.name, header.start_90k) == (bench.camera.camera_id, "127", START)
    assert row.path == f"{bench.camera.camera_id}/2026/11/22/02/20261122T021400000Z.mp4"
    assert utc_text(row.end_90k) == "2026-11-22T02:14:03.000Z"


async def test_files_close_on_the_minute_moved_by_the_cameras_own_share_of_one(tmp_path: Path) -> None:
    bench = Bench.make(tmp_path / "store", camera_id=UUID(int=20 * SECOND))
    bench.begin()
    bench.seconds(90)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    assert [row.end_90k - START for row in await bench.rows()] == [20 * SECOND, 80 * SECOND, 90 * SECOND]
    await bench.close()


async def test_a_lost_camera_is_a_gap_with_its_cause_from_the_last_picture_to_the_next(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5)
    bench.pass_time(3 * SECOND)
    bench.lose()
    spans, gaps = await bench.timeline()
    assert [(span.start_90k, span.end_90k) for span in spans] == [(START, START + 5 * SECOND)]
    assert [(gap.start_90k, gap.end_90k, gap.cause) for gap in gaps] == [
        (START + 5 * SECOND, None, GapCause.CAMERA_LOST)
    ]
    assert bench.recorder.condition.health(bench.camera.camera_id).condition is CameraCondition.LOST
    bench.pass_time(10 * SECOND)
    bench.begin()
    bench.seconds(4)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    assert [(span.start_90k - START, span.run) for span in spans] == [(0, 1), (18 * SECOND, 2)]
    assert (gaps[0].start_90k - START, gaps[0].end_90k - START) == (5 * SECOND, 18 * SECOND)
    assert gaps[1].cause is GapCause.NODE_STOPPED
    assert gaps[1].end_90k is None


async def test_a_camera_that_refuses_after_it_was_lost_is_two_gaps(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5)
    bench.lose()
    bench.pass_time(2 * SECOND)
    bench.lose(LossCause.REFUSED)
    bench.pass_time(2 * SECOND)
    bench.lose(LossCause.REFUSED)
    _, gaps = await bench.timeline()
    assert [(gap.cause.value, gap.start_90k - START, gap.end_90k) for gap in gaps] == [
        ("camera-lost", 5 * SECOND, START + 7 * SECOND),
        ("camera-refused", 7 * SECOND, None),
    ]


async def test_new_parameter_sets_start_a_new_run_without_losing_a_picture(bench: Bench) -> None:
    bench.begin()
    bench.seconds(4)
    bench.film = film(320, 192)
    bench.recorder.on_parameters(bench.film.parameters)
    bench.seconds(4)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    assert [(row.run, row.width, row.frames) for row in rows] == [(1, 160, 100), (2, 320, 100)]
    assert rows[0].end_90k == rows[1].start_90k
    assert [decoded(bench.store / row.path) for row in rows] == [100, 100]
    assert (await bench.timeline())[1][0].cause is GapCause.NODE_STOPPED


async def test_the_same_parameter_sets_again_change_nothing(bench: Bench) -> None:
    bench.begin()
    bench.seconds(2)
    bench.recorder.on_parameters(bench.film.parameters)
    bench.seconds(2)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    assert len(await bench.rows()) == 1


@pytest.mark.parametrize(("step", "way"), [(3600, "forward"), (-3600, "back"), (1, "forward"), (-1, "back")])
async def test_a_clock_that_is_set_starts_a_new_run_and_loses_no_picture(bench: Bench, step: int, way: str) -> None:
    bench.begin()
    bench.seconds(10.2)
    bench.wall += step * SECOND
    bench.seconds(9.8)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    assert [row.run for row in rows] == [1, 2]
    assert sum(row.frames for row in rows) == 500
    assert rows[0].path != rows[1].path
    # The pictures between the step and the next key frame stay on the old clock.
    assert (rows[0].end_90k - START, rows[1].start_90k - START) == (11 * SECOND, (11 + step) * SECOND)
    _, gaps = await bench.timeline()
    steps = [gap for gap in gaps if gap.cause is GapCause.CLOCK_STEP]
    assert len(steps) == 1
    assert f"set {way} by {abs(step)}.000 s" in steps[0].detail
    lasts = max(step, 0) * SECOND
    assert (steps[0].start_90k, steps[0].end_90k) == (rows[1].start_90k - lasts, rows[1].start_90k)


async def test_an_hour_that_comes_twice_is_recorded_twice(bench: Bench) -> None:
    bench.begin()
    bench.seconds(60)
    bench.wall -= 60 * SECOND
    bench.seconds(60)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    assert sum(row.frames for row in rows) == 3000
    assert len({row.path for row in rows}) == len(rows)
    spans, _ = await bench.timeline()
    overlap = [span for span in spans if span.start_90k < START + 30 * SECOND < span.end_90k]
    assert sorted(span.run for span in overlap) == [1, 2]


async def test_slewing_follows_the_wall_clock_by_at_most_500_ppm_and_never_back(bench: Bench) -> None:
    bench.begin()
    for _ in range(120):  # the camera's clock is 200 ppm slow
        bench.seconds(1)
        bench.wall += 18
        bench.monotonic += 200_000
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    assert {row.run for row in rows} == {1}
    assert abs(rows[-1].end_90k - bench.wall) < 0.05 * SECOND
    end = START
    for row in rows:
        for fragment in fragments(bench.store / row.path):
            assert abs(fragment.wall_90k - end) <= 108_000 * 500 // 1_000_000 + 1
            end = fragment.end_wall_90k


async def test_late_pictures_do_not_move_the_clock(bench: Bench) -> None:
    bench.begin()
    bench.send(50, delay=SECOND // 5)
    bench.send(225)
    bench.send(100, delay=SECOND // 5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    assert len({row.run for row in rows}) == 1
    # The first two seconds came 200 ms late throughout; later ones draw the run to true time, late ones hardly away from it.
    assert 0 < rows[0].start_90k - START <= SECOND // 5
    assert abs(rows[-1].end_90k - (START + 15 * SECOND)) < SECOND // 8


async def test_lost_packets_leave_a_hole_in_the_timeline_and_not_a_new_file(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5.4)
    bench.recorder.on_packets_lost(7, Utc90k(bench.wall))
    bench.pass_time(15 * FRAME)  # 0.6 s to the next key frame
    bench.sent = 0
    bench.seconds(4)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    assert [row.frames for row in rows] == [135 + 100]
    assert decoded(bench.store / rows[0].path) == 235
    spans, gaps = await bench.timeline()
    assert [(span.start_90k - START, span.end_90k - START) for span in spans] == [
        (0, int(5.4 * SECOND)),
        (6 * SECOND, 10 * SECOND),
    ]
    assert (gaps[0].cause, gaps[0].end_90k - gaps[0].start_90k) == (GapCause.CAMERA_LOST, 15 * FRAME)
    assert bench.recorder.condition.health(bench.camera.camera_id).frames_lost == 7


async def test_a_disk_that_falls_behind_is_a_gap_and_recording_goes_on_when_it_has_caught_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = threading.Event()
    really = os.fdatasync

    def wait(descriptor: int) -> None:
        slow.wait(20)
        really(descriptor)

    bench = Bench.make(tmp_path / "store", buffer_bytes=sum(map(len, film().pictures)) * 3)
    monkeypatch.setattr(os, "fdatasync", wait)
    bench.begin()
    bench.seconds(8)
    assert bench.recorder.condition.health(bench.camera.camera_id).condition is CameraCondition.STOPPED
    slow.set()
    await bench.settle()
    bench.recorder._retry_at = 0.0  # two seconds of patience are not what is tested
    for _ in range(4):
        bench.seconds(1)
        await bench.settle()
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    behind = [gap for gap in gaps if gap.cause is GapCause.DISK_BEHIND]
    assert len(behind) == 1
    assert [span.run for span in spans] == [1, 2]
    assert (spans[0].end_90k, spans[1].start_90k) == (behind[0].start_90k, behind[0].end_90k)
    assert spans[1].end_90k == START + 12 * SECOND
    await bench.close()


async def test_a_file_name_that_is_taken_is_never_written_over(bench: Bench) -> None:
    taken = bench.store / f"{bench.camera.camera_id}/2026/11/22/02/20261122T021400000Z.mp4"
    taken.parent.mkdir(parents=True)
    taken.write_bytes(b"somebody else's")
    bench.begin()
    bench.seconds(2)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    (row,) = await bench.rows()
    assert row.path.endswith("T021400000Z-2.mp4")
    assert taken.read_bytes() == b"somebody else's"


async def test_a_segment_is_closed_on_request_at_the_next_key_frame(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5.4)
    closing = asyncio.create_task(bench.recorder.close_segment())
    await asyncio.sleep(0)
    bench.seconds(1)
    await asyncio.wait_for(closing, 5)
    assert [row.frames for row in bench.catalogue.all_segments()] == [150]
    bench.recorder.stop(GapCause.NODE_STOPPED)
    assert sum(row.frames for row in await bench.rows()) == 160
    assert len((await bench.timeline())[0]) == 1


async def test_pictures_shown_out_of_order_play_in_order(bench: Bench) -> None:
    order = [0, 3, 1, 2, 6, 4, 5]
    bench.begin()
    for group in range(4):
        for number, shown in enumerate(order):
            at = (group * 7 + shown) * FRAME
            data = bench.film.pictures[0 if number == 0 else 1]
            wall, monotonic = Utc90k(START + at), MonotonicNs(10**15 + at * 100_000 // 9)
            bench.recorder.on_access_unit(AccessUnit([data], len(data), at, number == 0, wall, monotonic))
    bench.recorder.stop(GapCause.NODE_STOPPED)
    (row,) = await bench.rows()
    path = bench.store / row.path
    places = [place for fragment in fragments(path) for place in samples(path, fragment)]
    assert [place.media_90k for place in places] == [number * FRAME for number in range(28)]
    shown = [(place.media_90k + place.shift_90k) // FRAME for place in places]
    assert shown == [group * 7 + number for group in range(4) for number in order]


async def test_a_camera_clock_is_measured_and_kept_as_a_series(bench: Bench) -> None:
    bench.begin()
    for _ in range(24):
        bench.seconds(10)
        ahead = 400 if bench.wall < START + 130 * SECOND else 900
        bench.recorder.on_sender_report(Camera90k(bench.wall + ahead * 90), Utc90k(bench.wall), bench.at)
    await bench.settle()
    series = bench.catalogue.clock_offsets(bench.camera.camera_id, 0, 1 << 52)
    assert [offset for _, offset in series] == [400.0, 900.0]
    assert bench.catalogue.clock_offset_at(bench.camera.camera_id, START + 60 * SECOND) == (START + 10 * SECOND, 400.0)


async def test_a_write_that_fails_keeps_what_was_whole(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.begin()
    bench.seconds(5)
    await bench.settle()
    really = SegmentFile.append

    def fail(self: SegmentFile, *args: Any) -> None:
        os.write(self._descriptor, b"half a fragment")
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(SegmentFile, "append", fail)
    bench.seconds(2)
    await bench.settle()
    monkeypatch.setattr(SegmentFile, "append", really)
    (row,) = await bench.rows()
    assert row.frames == 100
    assert scan(bench.store / row.path).fragments
    _, gaps = await bench.timeline()
    assert (gaps[0].cause, gaps[0].detail) == (GapCause.DISK_BEHIND, "writing failed: Input/output error")


async def test_pictures_missed_until_a_late_key_frame_are_a_hole_and_no_jump_of_the_clock(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5)
    bench.recorder.on_packets_lost(3, Utc90k(bench.wall))
    bench.pass_time(20 * SECOND)
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    assert [(span.start_90k - START, span.run) for span in spans] == [(0, 1), (25 * SECOND, 1)]
    assert [gap.cause for gap in gaps] == [GapCause.CAMERA_LOST, GapCause.NODE_STOPPED]


@pytest.mark.parametrize("leap", [3600 * SECOND, 9 * SECOND, -2 * SECOND, -3600 * SECOND])
async def test_a_media_clock_that_leaps_goes_on_in_one_file_at_the_true_time(bench: Bench, leap: int) -> None:
    bench.begin()
    bench.send(113)
    bench.at += leap
    bench.send(137)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, gaps = await bench.timeline()
    assert [(span.start_90k - START, span.end_90k - START) for span in spans] == [(0, 10 * SECOND)]
    assert [gap.cause for gap in gaps] == [GapCause.NODE_STOPPED]
    assert [row.frames for row in await bench.rows()] == [250]


async def test_stored_pictures_sent_at_once_stand_where_they_were_taken(bench: Bench) -> None:
    bench.begin()
    for _ in range(100):  # four seconds, all there at the same moment
        bench.send(1)
        bench.wall -= FRAME
        bench.monotonic -= FRAME * 100_000 // 9
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    spans, _ = await bench.timeline()
    assert [(span.start_90k - START, span.end_90k - START) for span in spans] == [(-4 * SECOND, 5 * SECOND)]


async def test_packets_lost_right_before_a_new_file_have_their_true_cause(bench: Bench) -> None:
    bench.begin()
    bench.seconds(59.4)
    bench.recorder.on_packets_lost(7, Utc90k(bench.wall))
    bench.pass_time(15 * FRAME)  # the next key frame is past the minute
    bench.sent = 0
    bench.seconds(4)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows, (_, gaps) = await bench.rows(), await bench.timeline()
    assert [row.frames for row in rows] == [1485, 100]
    assert [(gap.start_90k - START, gap.cause, gap.detail) for gap in gaps][:1] == [
        (rows[0].end_90k - START, GapCause.CAMERA_LOST, "packets were lost on the way")
    ]
    assert gaps[0].end_90k == rows[1].start_90k


async def test_packets_lost_while_the_picture_changes_its_size_leave_a_row(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5.4)
    bench.recorder.on_packets_lost(7, Utc90k(bench.wall))
    bench.pass_time(15 * FRAME)
    bench.film, bench.sent = film(192, 96), 0
    bench.connection.on_parameters(bench.film.parameters)
    bench.seconds(4)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows, (_, gaps) = await bench.rows(), await bench.timeline()
    assert [row.width for row in rows] == [160, 192]
    assert [(gap.start_90k, gap.end_90k, gap.cause) for gap in gaps[:1]] == [
        (rows[0].end_90k, rows[1].start_90k, GapCause.CAMERA_LOST)
    ]


async def test_a_media_clock_that_runs_away_is_brought_back_to_true_time(bench: Bench) -> None:
    bench.begin()
    for _ in range(120):  # a camera that plays eleven tenths of a second each second
        bench.seconds(1)
        bench.wall -= SECOND // 10
        bench.monotonic -= SECOND // 10 * 100_000 // 9
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows = await bench.rows()
    assert len({row.run for row in rows}) == 1
    assert abs(rows[-1].end_90k - bench.wall) < SECOND // 2
    assert sum(row.frames for row in rows) == 3000


async def test_a_camera_lost_while_the_clock_is_set_back_says_both(bench: Bench) -> None:
    bench.begin()
    bench.seconds(5)
    bench.lose()
    bench.pass_time(5 * SECOND)
    bench.wall -= 3600 * SECOND
    bench.begin()
    bench.seconds(5)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    _, gaps = await bench.timeline()
    step = next(gap for gap in gaps if gap.cause is GapCause.CLOCK_STEP)
    assert step.start_90k == step.end_90k == START + (10 - 3600) * SECOND


async def test_a_segment_asked_for_before_the_first_file_is_there_closes_too(bench: Bench) -> None:
    bench.begin()
    bench.send(5)
    closing = asyncio.create_task(bench.recorder.close_segment())
    await asyncio.sleep(0)
    bench.seconds(3)
    await asyncio.wait_for(closing, 5)
    assert len(bench.catalogue.all_segments()) == 1


async def test_an_outage_whose_cause_changes_without_end_fits_into_the_next_file(bench: Bench) -> None:
    bench.begin()
    bench.seconds(3)
    for number in range(300):
        bench.lose(LossCause.REFUSED if number % 2 else LossCause.SILENT)
        bench.pass_time(SECOND)
    bench.begin()
    bench.seconds(3)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    rows, (_, gaps) = await bench.rows(), await bench.timeline()
    assert len(gaps) == 301
    before = read_header(bench.store / rows[1].path).gaps_before
    assert len(before) == MOST_BEFORE
    assert (before[0].start_90k, before[-1].start_90k) == (gaps[0].start_90k, gaps[299].start_90k)
