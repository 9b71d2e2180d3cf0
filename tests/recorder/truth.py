"""Whether what a store tells is true: every picture in a span, every missing one in a row, no holes, no overlaps.

Reads the files with a reader of its own, which shares nothing with the product's, and asks the product only for what
it tells others (`footage spans`). The pictures identify themselves: a film shows each picture once in a round, so a
picture's bytes say where in the round it stands, and at a steady rate also when it was sent, up to whole rounds.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from footage.commands.record import camera_id
from recorder.node import spans

SECOND = 90_000
#: What a clock is slewed by within a file, and what a told time is rounded by.
SLACK = SECOND // 1000
#: By how much the arrival of a picture may differ from when it was sent, on a machine that is busy.
LATE = SECOND // 2
_NTP_OFFSET = 2_208_988_800
#: Units that are no part of the picture itself: parameter sets, delimiters and messages beside it (H.264).
_BESIDE = {6, 7, 8, 9}


class Shown(NamedTuple):
    """One recorded picture: its name, when it begins and ends (UTC), and in which file it stands."""

    name: bytes
    start_90k: int
    end_90k: int
    file: Path


@dataclass(frozen=True)
class Round:
    """A film that is shown again and again: each picture's name and its place, and how long the round lasts."""

    places: Mapping[bytes, int]
    duration_90k: int

    @property
    def step_90k(self) -> int:
        return self.duration_90k // len(self.places)

    @classmethod
    def of(cls, pictures: Sequence[bytes], step_90k: int = 3600) -> Round:
        """From the pictures as they are sent, each NAL unit behind its length. Raises ValueError for two alike."""
        places = {name_of(picture): number for number, picture in enumerate(pictures)}
        if len(places) != len(pictures):
            raise ValueError("two pictures of the film are the same, so losses could not be told")
        return cls(places, step_90k * len(pictures))

    @classmethod
    def of_film(cls, path: Path) -> Round:
        """From the MP4 that a simulated camera shows (see making.write_film)."""
        from footage.simcam.film import read_film

        film = read_film(path)
        return cls.of([b"".join(map(_prefixed, picture.nals)) for picture in film.pictures])


def name_of(picture: bytes) -> bytes:
    """A picture's name, from its slices alone. Raises ValueError where its units do not fill it exactly."""
    slices = [nal for nal in nals(picture) if nal[0] & 31 not in _BESIDE]
    if not slices:
        raise ValueError("a picture without a slice")
    return blake2b(b"".join(slices), digest_size=12).digest()


def nals(picture: bytes) -> list[bytes]:
    """The units of a picture, each behind its four-byte length. Raises ValueError where they do not fill it exactly."""
    found, at = [], 0
    while at < len(picture):
        size = int.from_bytes(picture[at : at + 4], "big")
        if not size or at + 4 + size > len(picture):
            raise ValueError(f"a unit of {size} bytes in a picture of {len(picture)}")
        found.append(picture[at + 4 : at + 4 + size])
        at += 4 + size
    return found


def pictures_of(file: Path) -> list[Shown]:
    """Every picture of the first track. Raises ValueError for anything in the file that is not as it should be."""
    return list(_pictures(file))


def pictures_so_far(file: Path) -> list[Shown]:
    """The pictures of a file that is being written, up to the last whole fragment."""
    found: list[Shown] = []
    with suppress(ValueError, struct.error):
        for picture in _pictures(file):
            found.append(picture)  # what came before the end that is not whole
    return found


def _pictures(file: Path) -> Iterator[Shown]:
    data = file.read_bytes()
    wall = None
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"prft":
            wall = _wall(data[start:end])
        elif kind == b"moof":
            rows, base = _rows(data, start, end), start - 8
        elif kind == b"mdat":
            if wall is None:
                raise ValueError(f"{file.name}: media without a time")
            yield from _shown(file, data, rows, base, wall, end)
            wall = None


def _shown(
    file: Path, data: bytes, rows: list[tuple[int, int, int]], base: int, wall: int, end: int
) -> Iterator[Shown]:
    for offset, duration, size in rows:
        if base + offset + size > end:
            raise ValueError(f"{file.name}: a picture reaches past its fragment")
        yield Shown(name_of(data[base + offset : base + offset + size]), wall, wall + duration, file)
        wall += duration


def _rows(data: bytes, start: int, end: int) -> list[tuple[int, int, int]]:
    """(offset from moof, duration, size) of each picture: the first track fragment of a moof."""
    for kind, traf, traf_end in _boxes(data, start, end):
        if kind != b"traf":
            continue
        for inner, at, _ in _boxes(data, traf, traf_end):
            if inner == b"trun":
                flags, count, offset = struct.unpack_from(">IIi", data, at)
                width = 16 if flags & 0x800 else 12
                return list(_samples(data, at + 12, count, width, offset))
    raise ValueError("a moof without pictures")


def _samples(data: bytes, at: int, count: int, width: int, offset: int) -> Iterator[tuple[int, int, int]]:
    for number in range(count):
        duration, size = struct.unpack_from(">II", data, at + number * width)
        yield offset, duration, size
        offset += size


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first byte after the head, end. Raises ValueError where boxes do not fill the stretch exactly."""
    while start < end:
        size, kind = struct.unpack_from(">I4s", data, start) if start + 8 <= end else (0, b"")
        if size < 8 or start + size > end:
            raise ValueError(f"no box at byte {start}")
        yield kind, start + 8, start + size
        start += size


def _wall(body: bytes) -> int:
    """A prft's NTP time as a 90 kHz count."""
    seconds, fraction = struct.unpack_from(">II", body, 8)
    return ((seconds - _NTP_OFFSET) % (1 << 32)) * SECOND + (fraction * SECOND >> 32)


def audit(store: Path, name: str, round_: Round, *, steady: bool = True, folder: str = "") -> list[str]:
    """What is untrue of one camera's recording, in words; nothing where all is true.

    `steady`: while it is connected the camera shows its film without a stop, so that when a picture was sent is known
    too. `folder` is the camera's, where it is not one of `footage record`.
    """
    told = spans(store, name)
    shown: list[Shown] = []
    wrong: list[str] = []
    for file in sorted((store / (folder or str(camera_id(name)))).glob("*/*/*/*/*.mp4")):
        try:
            shown += pictures_of(file)
        except (ValueError, OSError) as error:
            wrong.append(f"{file.name} cannot be read: {error}")
    shown.sort(key=lambda one: one.start_90k)
    wrong += _unknown(shown, round_)
    wrong += _outside(shown, told["spans"])
    wrong += _hollow(shown, told["spans"])
    wrong += _overlapping(told["spans"])
    wrong += _untold(shown, told, round_)
    for span in told["spans"] if steady else ():
        within = [one for one in shown if span["start_90k"] <= one.start_90k < span["end_90k"]]
        wrong += _at_other_times(within, round_)
    return wrong


def _unknown(shown: Sequence[Shown], round_: Round) -> list[str]:
    return [f"{_at(one)} is no picture of the film" for one in shown if one.name not in round_.places]


def _outside(shown: Sequence[Shown], told: Sequence[Any]) -> list[str]:
    """Pictures on the disk that no span tells of."""
    return [
        f"{_at(one)} is in no span"
        for one in shown
        if not any(s["start_90k"] - SLACK <= one.start_90k and one.end_90k <= s["end_90k"] + SLACK for s in told)
    ]


def _hollow(shown: Sequence[Shown], told: Sequence[Any]) -> list[str]:
    """Stretches of a span without a picture."""
    wrong = []
    for span in told:
        at = span["start_90k"]
        for one in shown:
            if one.end_90k <= span["start_90k"] or one.start_90k >= span["end_90k"]:
                continue
            if one.start_90k > at + SLACK:
                wrong.append(f"recorded is told from {at}, and no picture is there until {one.start_90k}")
            at = max(at, one.end_90k)
        if at < span["end_90k"] - SLACK:
            wrong.append(f"recorded is told until {span['end_90k']}, and the last picture ends at {at}")
    return wrong


def _overlapping(told: Sequence[Any]) -> list[str]:
    ordered = sorted(told, key=lambda span: (span["start_90k"], span["end_90k"]))
    return [
        f"a span begins at {after['start_90k']}, before the one that ends at {before['end_90k']} is over"
        for before, after in pairwise(ordered)
        if after["start_90k"] < before["end_90k"]
    ]


def _untold(shown: Sequence[Shown], told: Mapping[str, Any], round_: Round) -> list[str]:
    """Pictures that are missing between two that are there, and time between them, without a gap that covers it.

    A camera that is asked again at once may show the picture again that it showed last.
    """
    wrong = []
    begins = {span["start_90k"] for span in told["spans"]}
    for before, after in pairwise(shown):
        places = round_.places.get(before.name), round_.places.get(after.name)
        if None in places:
            continue
        missing = (places[1] - places[0]) % len(round_.places) - 1
        between = after.start_90k - before.end_90k
        if missing < 0 and between < round_.duration_90k // 2 and not _is_one_of(begins, after.start_90k):
            wrong.append(f"{_at(after)} is the picture before it again")
        elif (missing > 0 or between > SLACK) and not covered(told["gaps"], before.end_90k, after.start_90k):
            wrong.append(
                f"{max(missing, 0)} pictures are missing between {before.end_90k} and {after.start_90k}, in no gap"
            )
        elif missing > 0 and between < round_.step_90k // 2:
            wrong.append(f"{missing} pictures are missing at {after.start_90k}, where the times leave no room for them")
    return wrong


def _is_one_of(moments: Collection[int], at_90k: int) -> bool:
    return any(abs(moment - at_90k) <= SLACK for moment in moments)


def covered(gaps: Sequence[Any], start_90k: int, end_90k: int) -> bool:
    """Whether gaps cover a stretch without a break, but for what a clock is slewed by."""
    at = start_90k
    for gap in sorted(gaps, key=lambda one: one["start_90k"]):
        if gap["start_90k"] > at + SLACK:
            break
        at = max(at, gap["end_90k"] if gap["end_90k"] is not None else end_90k)
    touched = any(gap["start_90k"] <= end_90k + SLACK and (gap["end_90k"] or end_90k) >= start_90k for gap in gaps)
    return touched and at >= end_90k - SLACK


def _at_other_times(shown: Sequence[Shown], round_: Round) -> list[str]:
    """Pictures of one connection whose time is not the one at which the camera has sent them, by that of the first."""
    known = [(one, round_.places[one.name]) for one in shown if one.name in round_.places]
    if not known:
        return []
    first, place = known[0]
    begin = first.start_90k - place * round_.step_90k
    wrong = []
    for one, place in known:
        off = (one.start_90k - begin - place * round_.step_90k + round_.duration_90k // 2) % round_.duration_90k
        off -= round_.duration_90k // 2
        if abs(off) > LATE:
            wrong.append(f"{_at(one)} was sent {-off / SECOND:+.2f} s from there")
    return wrong


def _at(one: Shown) -> str:
    return f"the picture at {one.start_90k} ({one.file.name})"


def _prefixed(nal: bytes) -> bytes:
    return len(nal).to_bytes(4, "big") + nal
