"""The players and tools that people have, each asked what it makes of an MP4. One that is not here says so by name."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

from playback.making import number_of

CHROMIUM = Path("/usr/bin/chromium")
NOT_HERE = 77  # what a helper ends with where its library is missing


@dataclass(frozen=True)
class Told:
    """Seconds, counts and moments; None where a player does not tell it."""

    length: float
    pictures: int | None = None
    begins: float | None = None
    made: datetime | None = None
    at: int | None = None  # number of the picture at the moment that was asked for


def _run(*command: str | Path) -> str:
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not here")
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True, timeout=120).stdout


def ffprobe(path: Path, at: float) -> Told:
    """The length, all pictures decoded, and the one that ffmpeg seeks to."""
    asked = "stream=codec_type,start_time,nb_read_frames:format=duration:format_tags=creation_time"
    told = json.loads(_run("ffprobe", "-v", "error", "-count_frames", "-show_entries", asked, "-of", "json", path))
    (video,) = [one for one in told["streams"] if one["codec_type"] == "video"]
    form = told["format"]
    made = datetime.fromisoformat(form["tags"]["creation_time"])
    seek = ["ffmpeg", "-v", "error", "-ss", str(at), "-i", str(path), "-frames:v", "1"]
    grey = subprocess.run(
        [*seek, "-f", "image2pipe", "-c:v", "pgm", "-pix_fmt", "gray", "-"], capture_output=True, check=True
    )
    shown = number_of(_pgm(grey.stdout))
    return Told(float(form["duration"]), int(video["nb_read_frames"]), float(video["start_time"]), made, shown)


def _pgm(data: bytes) -> np.ndarray:
    _, width, height, _, pixels = data.split(maxsplit=4)
    size = int(width) * int(height)
    return np.frombuffer(data[-size:] if len(pixels) >= size else pixels, np.uint8).reshape(int(height), int(width))


def gstreamer(path: Path, at: float) -> Told:
    """Its demuxer; where a seek lands is told as a picture's number by the time alone, for it decodes nothing."""
    looks = [[sys.executable, Path(__file__).with_name("gst_look.py"), path, *more] for more in ([], [str(at)])]
    answers = []
    for command in looks:
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=120)
        if done.returncode == NOT_HERE:
            pytest.skip("GStreamer with its MP4 demuxer is not here")
        assert done.returncode == 0, done.stderr
        answers.append(json.loads(done.stdout))
    told, sought = answers
    made = told["tags"].partition("datetime=(datetime)")[2].partition(",")[0]
    assert abs(sought["least"] - told["least"] - at) < 0.25, "GStreamer does not get to the moment"
    moment = datetime.fromisoformat(made) if made else None
    return Told(told["length"], told["pictures"], None, moment)


def mediainfo(path: Path, at: float) -> Told:
    told = json.loads(_run("mediainfo", "--Output=JSON", path))["media"]["track"]
    general, video = told[0], next(one for one in told if one["@type"] == "Video")
    made = datetime.strptime(general["Encoded_Date"].replace("UTC", "").strip() + "+0000", "%Y-%m-%d %H:%M:%S%z")
    count = int(video["FrameCount"]) if "FrameCount" in video else None
    return Told(float(general["Duration"]), count, None, made)


def exiftool(path: Path, at: float) -> Told:
    (told,) = json.loads(_run("exiftool", "-j", "-n", "-Duration", "-CreateDate", path))
    made = datetime.strptime(told["CreateDate"], "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)
    return Told(float(told["Duration"]), None, None, made)


def mpv(path: Path, at: float) -> Told:
    said = "--term-playing-msg=length=${=duration}"
    quiet = ["--no-config", "--vo=null", "--ao=null", "--untimed", "--frames=1", "--term-status-msg="]
    told = _run("mpv", *quiet, said, path)
    return Told(float(told.split("length=")[1].split()[0]))


def vlc(path: Path, at: float) -> Told:
    """libvlc with its plug-ins: without its MP4 demuxer there is nothing to ask."""
    command = [sys.executable, str(Path(__file__).with_name("vlc_look.py")), str(path), str(at)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode == NOT_HERE:
        pytest.skip("libvlc with its MP4 demuxer is not here")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["seekable"], "VLC cannot move through it"
    assert abs(told["at"] - at) < 2, "VLC does not get to the moment"
    return Told(told["length"])


PLAYERS = [ffprobe, gstreamer, vlc, mpv, mediainfo, exiftool]

_PAGE = """<!doctype html><video muted></video><canvas></canvas><script>
const video = document.querySelector("video"), canvas = document.querySelector("canvas");
const event = (on, name) => new Promise((done, fail) => {
  on.addEventListener(name, done, { once: true });
  video.addEventListener("error", () => fail(new Error(video.error.message)), { once: true });
  setTimeout(() => fail(new Error(`no ${name}`)), 20000);
});
async function plain(file) {
  video.src = URL.createObjectURL(await (await fetch(file)).blob());
  await event(video, "loadeddata");
  return video.duration;
}
async function bySource(file, type) {
  const source = new MediaSource();
  video.src = URL.createObjectURL(source);
  await event(source, "sourceopen");
  const buffer = source.addSourceBuffer(type);
  buffer.appendBuffer(await (await fetch(file)).arrayBuffer());
  await event(buffer, "updateend");
  const length = source.duration;
  source.endOfStream();
  return length;
}
async function shown(at) {
  const there = event(video, "seeked");
  // Now and then the picture before is still painted when the seek is told to be over.
  const painted = new Promise((done) => { video.requestVideoFrameCallback(done); setTimeout(done, 1000); });
  video.currentTime = at;
  await there;
  await painted;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  const row = pen.getImageData(0, video.videoHeight >> 2, video.videoWidth, 1).data;
  const block = Math.floor(video.videoWidth / 12);
  let number = 0;
  for (let bit = 0; bit < 12; bit++) if (row[4 * (bit * block + (block >> 1))] > 128) number |= 1 << bit;
  return number;
}
</script>"""


class Browser:
    """A Chromium with a page that plays files of a folder."""

    def __init__(self, page: Any, address: str) -> None:
        self._page, self._address = page, address

    def play(self, name: str, codec: str, moments: list[float], *, by_source: bool) -> tuple[float, list[int]]:
        """Its length, and the numbers of the pictures at some moments. Skips where it has no such decoder."""
        page = self._page
        page.goto(f"{self._address}/page.html")
        kind = f'video/mp4; codecs="{codec}"'
        if not page.evaluate("kind => MediaSource.isTypeSupported(kind)", kind):
            pytest.skip(f"this Chromium has no decoder for {codec}")
        length = page.evaluate(f"args => {'bySource' if by_source else 'plain'}(...args)", [name, kind])
        return length, [page.evaluate("at => shown(at)", at) for at in moments]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """A browser that can play what lies in a folder."""
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium here")
    from playwright.sync_api import sync_playwright

    (folder / "page.html").write_text(_PAGE)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as play:
            running = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--no-first-run"])
            yield Browser(running.new_page(), f"http://127.0.0.1:{server.server_address[1]}")
            running.close()
    finally:
        server.shutdown()
        server.server_close()
