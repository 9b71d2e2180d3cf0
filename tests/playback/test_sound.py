"""Sound played back, cut out and left out: both tracks keep step, and what is not wanted is not there."""

from __future__ import annotations

import io
from pathlib import Path

import av
import pytest

from footage.contract import ClipRequest
from footage.playback.archive import Archive
from footage.playback.clips import cut_clip
from footage.playback.spans import Stretch
from footage.playback.tracks import Tracks
from footage.playback.virtual import VirtualFile
from playback.making import (
    BEGIN,
    FPS,
    HZ,
    SOUND_LEAD,
    SOUND_STEP,
    STEP,
    Recorded,
    film,
    film_reordered,
    played,
    sounds,
)


def heard(mp4: bytes) -> list[tuple[int, bytes]]:
    """Frames of sound with their times, as an independent reader finds them."""
    with av.open(io.BytesIO(mp4), format="mp4") as container:
        return [(round(p.pts * p.time_base * HZ), bytes(p)) for p in container.demux(audio=0) if p.size]


def streams(mp4: bytes) -> list[str]:
    with av.open(io.BytesIO(mp4), format="mp4") as container:
        return [stream.type for stream in container.streams]


def stretch(recorded: Recorded, start: int, end: int) -> Stretch:
    archive = Archive(recorded.store, recorded.catalogue)
    (found,) = archive.stretches(recorded.camera_id, start, end)
    return found


def whole(virtual: VirtualFile) -> bytes:
    data = b"".join(virtual.read(0, virtual.size_bytes))
    in_pieces = (virtual.read(at, min(at + 1000, virtual.size_bytes)) for at in range(0, virtual.size_bytes, 1000))
    assert data == b"".join(block for piece in in_pieces for block in piece)
    return data


def cut(recorded: Recorded, start: int, end: int, into: Path) -> list[bytes]:
    archive = Archive(recorded.store, recorded.catalogue)
    receipt = cut_clip(archive, ClipRequest(recorded.camera_id, start, end), into)
    return [file.path.read_bytes() for file in receipt.files]


@pytest.mark.parametrize("source", [film, film_reordered], ids=["in order", "B pictures"])
def test_a_clip_keeps_both_tracks_in_step_across_files(recorded: Recorded, tmp_path: Path, source) -> None:
    """libavformat is the judge: it shows pictures late where one is shown before it is decoded."""
    seconds = len(source().pictures) // FPS
    recorded.record(BEGIN, seconds * FPS, film=source(), sound=True)
    (clip,) = cut(recorded, BEGIN + 3 * HZ, BEGIN + (seconds - 2) * HZ, tmp_path)
    pictures, sound = played(clip), heard(clip)
    # Every file of this recording begins with the tone's first frame, so many ticks before its first picture.
    zero = pictures.times_90k[0] - pictures.numbers[0] * STEP - SOUND_LEAD
    frames = sounds().frames[:160]
    places = {data: number * SOUND_STEP for number, data in enumerate(frames) if frames.count(data) == 1}
    astray = [(at - zero - places[data]) % (10 * HZ) for at, data in sound if data in places]
    assert (set(astray), len(astray) > (40 if seconds > 20 else 30)) == ({0}, True)
    assert pictures.times_90k[0] >= 0
    assert sound[0][0] >= 0
    assert len(pictures.coded) == len(pictures.numbers) >= (seconds - 8) * FPS
    assert abs(len(sound) - len(pictures.coded) * STEP / SOUND_STEP) < 5


def test_a_clip_that_begins_with_sound_says_the_time_of_its_pictures(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250, sound=True)
    archive = Archive(recorded.store, recorded.catalogue)
    receipt = cut_clip(archive, ClipRequest(recorded.camera_id, BEGIN, BEGIN + 5 * HZ), tmp_path)
    (file,) = receipt.files
    assert (file.start_90k, file.codec.split(",")[1]) == (BEGIN, "mp4a.40.2")
    data = file.path.read_bytes()
    assert played(data).times_90k[0] == SOUND_LEAD
    assert heard(data)[0][0] == 0


def test_the_pictures_alone_are_as_they_were_and_no_player_finds_the_sound(recorded: Recorded) -> None:
    recorded.record(BEGIN, 250, sound=True)
    found = stretch(recorded, BEGIN, BEGIN + 5 * HZ)
    both, quiet = (VirtualFile(found, BEGIN - HZ, tracks=tracks) for tracks in (Tracks.ALL, Tracks.PICTURES))
    assert (quiet.size_bytes, quiet.etag == both.etag) == (both.size_bytes, False)
    assert streams(whole(both)) == ["video", "audio"]
    assert streams(whole(quiet)) == ["video"]
    assert played(whole(quiet)) == played(whole(both))


def test_the_sound_alone_is_every_frame_in_its_place_and_no_picture(recorded: Recorded) -> None:
    recorded.record(BEGIN, 250, sound=True)
    found = stretch(recorded, BEGIN + 2 * HZ, BEGIN + 8 * HZ)
    alone = whole(VirtualFile(found, BEGIN - 100 * HZ, tracks=Tracks.SOUND))
    assert streams(alone) == ["audio"]
    assert heard(alone) == heard(whole(VirtualFile(found, BEGIN - 100 * HZ)))
    assert len(alone) < 60_000
    with av.open(io.BytesIO(alone), format="mp4", options={"err_detect": "explode"}) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) > 5.5 * 16_000


def test_a_recording_without_sound_has_none_to_give(recorded: Recorded) -> None:
    recorded.record(BEGIN, 250)
    found = stretch(recorded, BEGIN, BEGIN + 5 * HZ)
    assert found.sound is None
    both, quiet = (whole(VirtualFile(found, BEGIN, tracks=tracks)) for tracks in (Tracks.ALL, Tracks.PICTURES))
    assert both == quiet


def test_where_sound_begins_the_clip_has_another_file(recorded: Recorded, tmp_path: Path) -> None:
    recorded.record(BEGIN, 250)
    recorded.record(BEGIN + 10 * HZ, 250, run=2, sound=True)
    silent, sounding = cut(recorded, BEGIN, BEGIN + 20 * HZ, tmp_path)
    assert (streams(silent), streams(sounding)) == (["video"], ["video", "audio"])


@pytest.mark.parametrize("at", [BEGIN + HZ, BEGIN + 9 * HZ])
def test_a_still_of_a_recording_with_sound_is_the_picture(recorded: Recorded, at: int) -> None:
    from footage.picture.stills import still
    from playback.making import number_of

    recorded.record(BEGIN, 250, sound=True)
    found = still(Archive(recorded.store, recorded.catalogue), recorded.camera_id, at, verify=True)
    assert number_of(found.jpeg) == (at - BEGIN) // STEP
