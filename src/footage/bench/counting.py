"""Counts what a recording holds, picture by picture, by its coded bytes: nothing is decoded, nothing is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from footage.contract import Gap
from footage.segments.reader import fragments, samples
from footage.simcam.film import Film
from footage.simcam.nal import is_parameter_set, split_prefixed

_SLEWED_90K = 9_000


@dataclass(slots=True)
class Count:
    """`lost`: missing between two that are there. `strange`: bytes that no picture of the film has.

    `untold`: lost at a moment of which no gap in the journal tells.
    """

    recorded: int = 0
    lost: int = 0
    repeated: int = 0
    strange: int = 0
    untold: int = 0

    def __iadd__(self, other: Count) -> Count:
        self.recorded += other.recorded
        self.lost += other.lost
        self.repeated += other.repeated
        self.strange += other.strange
        self.untold += other.untold
        return self


class Ledger:
    """Knows each picture of a film by the hash of its slices."""

    def __init__(self, film: Film) -> None:
        self._film = film
        self._places = {self._name(picture.nals): number for number, picture in enumerate(film.pictures)}
        if len(self._places) != len(film.pictures):
            raise ValueError("two pictures of the film are the same, so losses could not be told")

    def _name(self, nals: Sequence[bytes]) -> bytes:
        slices = [nal for nal in nals if not is_parameter_set(self._film.codec, nal)]
        if self._film.caption:  # its first slice tells the time and is never the same
            slices = slices[1:]
        return hashlib.blake2b(b"".join(slices), digest_size=12).digest()

    def count(self, segments: Sequence[Path], gaps: Sequence[Gap] = ()) -> Count:
        """One camera's segments, oldest first, and the gaps that its journal tells of."""
        found = Count()
        last: int | None = None
        last_end_90k = 0
        length = len(self._film.pictures)
        for data, start_90k, end_90k in _pictures(segments):
            found.recorded += 1
            place = self._places.get(self._name(split_prefixed(data, 4)))
            if place is None:
                found.strange += 1
                continue
            if last is not None:
                step = (place - last) % length
                found.repeated += step == 0
                found.lost += max(step - 1, 0)
                if step > 1 and not _told(gaps, last_end_90k, start_90k):
                    found.untold += step - 1
            last, last_end_90k = place, end_90k
        return found


def _told(gaps: Sequence[Gap], start_90k: int, end_90k: int) -> bool:
    """Whether a gap lies where pictures are missing, give or take what a clock is slewed by."""
    return any(
        gap.start_90k <= end_90k + _SLEWED_90K and (gap.end_90k is None or gap.end_90k >= start_90k - _SLEWED_90K)
        for gap in gaps
    )


def _pictures(segments: Sequence[Path]) -> Iterator[tuple[bytes, int, int]]:
    """Each picture's bytes, and when it begins and ends."""
    for path in segments:
        with path.open("rb") as file:
            for fragment in fragments(path):
                for place in samples(path, fragment):
                    file.seek(place.offset)
                    yield file.read(place.size_bytes), place.wall_90k, place.wall_90k + place.duration_90k


def segments_of(store: Path) -> dict[str, list[Path]]:
    """The segment files of each camera folder, oldest first."""
    found: dict[str, list[Path]] = {}
    for path in sorted(store.glob("*/*/*/*/*/*.mp4")):
        found.setdefault(path.relative_to(store).parts[0], []).append(path)
    return found
