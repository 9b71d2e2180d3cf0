"""Which fragments show a span of time, across segments, gaps and changes of the camera's parameter sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from footage.contract import BadSpan, NoFootage
from footage.playback.index import FileIndex
from footage.segments.reader import Fragment
from footage.times import HZ, utc_text

#: What neighbouring fragments part by when the clock slews; more is a hole.
_SLEWED_90K = HZ // 200

#: No span longer than this is served or cut at once.
LONGEST_90K = 24 * 3600 * HZ


@dataclass(frozen=True, slots=True)
class Piece:
    """One fragment of one file."""

    file: FileIndex
    fragment: Fragment


@dataclass(frozen=True, slots=True)
class Stretch:
    """Fragments that one initialisation segment decodes, in order; there may be gaps between them. Never empty."""

    pieces: tuple[Piece, ...]

    @property
    def file(self) -> FileIndex:
        """Whose initialisation segment and codec hold for the whole."""
        return self.pieces[0].file

    @property
    def start_90k(self) -> int:
        return self.pieces[0].fragment.wall_90k

    @property
    def end_90k(self) -> int:
        return self.pieces[-1].fragment.end_wall_90k

    @property
    def frames(self) -> int:
        return sum(piece.fragment.samples for piece in self.pieces)

    @property
    def delay_90k(self) -> int:
        """How long each picture must be shown later for none to be shown before it is decoded; 0 without B pictures."""
        return max(0, -min(piece.fragment.least_shift_90k for piece in self.pieces))

    @property
    def sound(self) -> Stretch | None:
        """The pieces that have sound; None where none has."""
        pieces = tuple(piece for piece in self.pieces if piece.fragment.sound)
        return Stretch(pieces) if pieces else None


def parted(stretch: Stretch, most_bytes: int) -> list[Stretch]:
    """A stretch as several of at most so many bytes, each from a key frame that nothing is shown before, if it can be.

    A group of pictures that is larger by itself is one part.
    """
    parts: list[list[Piece]] = [[]]
    size, place = 0, 0  # of the part, and where in it the next could begin
    for piece in stretch.pieces:
        one = piece.fragment
        if one.key and not one.leads:
            place = len(parts[-1])
        parts[-1].append(piece)
        size += _most_bytes(piece)
        if size > most_bytes and place:
            parts[-1], rest = parts[-1][:place], parts[-1][place:]
            parts.append(rest)
            size, place = sum(map(_most_bytes, rest)), 0
    return [Stretch(tuple(part)) for part in parts]


def _most_bytes(piece: Piece) -> int:
    """What a fragment may take of a file: its bytes, the growth of its table, and its place in the index."""
    return piece.fragment.size + 4 * piece.fragment.samples + 12


def check_span(start_90k: int, end_90k: int, now_90k: int, *, longest_90k: int = LONGEST_90K) -> None:
    """Raises BadSpan for a span that ends before it starts, has not happened yet, or is too long."""
    if end_90k <= start_90k:
        raise BadSpan(f"The span ends ({utc_text(end_90k)}) before it starts ({utc_text(start_90k)}).")
    if start_90k < 0:
        raise BadSpan("The span starts before 1970.")
    if end_90k > now_90k:
        raise BadSpan(f"The span ends in the future ({utc_text(end_90k)}; it is now {utc_text(now_90k)}).")
    if end_90k - start_90k > longest_90k:
        hours = longest_90k / HZ / 3600
        raise BadSpan(f"The span is longer than {hours:g} hours; ask for it in parts.")


def stretches(
    files: Iterable[FileIndex], start_90k: int, end_90k: int, *, not_before_90k: int | None = None
) -> list[Stretch]:
    """The whole fragments that show `[start, end)`, in the order of recording.

    Cut where the initialisation segment changes, where the server's clock was set back (then two stretches show the
    same hour), and after a hole where pictures follow that need what is missing. Each stretch begins on a key frame,
    so it may begin a little before `start`, but never before `not_before`. Raises NoFootage where nothing of the span
    was recorded.
    """
    in_order = sorted(files, key=lambda file: file.sequence)
    pieces = _pieces(in_order, start_90k, end_90k, not_before_90k)
    found = [Stretch(tuple(group)) for group in _cut(pieces)]
    if not found:
        raise NoFootage(f"Nothing was recorded from {utc_text(start_90k)} to {utc_text(end_90k)}.")
    return found


def _pieces(files: Iterable[FileIndex], start: int, end: int, not_before: int | None) -> Iterator[Piece]:
    for file in files:
        chosen = _chosen(file.fragments, start, end, not_before)
        yield from (Piece(file, fragment) for fragment in chosen)


def _chosen(fragments: tuple[Fragment, ...], start: int, end: int, not_before: int | None) -> tuple[Fragment, ...]:
    """The fragments that show the span, from the key frame that the first of them needs."""
    inside = [at for at, one in enumerate(fragments) if one.end_wall_90k > start and one.wall_90k < end]
    if not inside:
        return ()
    first, last = inside[0], inside[-1]
    while first > 0 and not fragments[first].key:
        first -= 1
    if not_before is not None:
        while first <= last and fragments[first].wall_90k < not_before:
            first += 1
    while first <= last and not fragments[first].key:
        first += 1
    return fragments[first : last + 1]


def _cut(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    group: list[Piece] = []
    for piece in pieces:
        if group and not _continues(group[-1], piece):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _continues(last: Piece, piece: Piece) -> bool:
    """Inside a run the wall clock may slew a little under the media's; only another run can have gone back.

    Pictures that are shown before their key picture need what was sent before it. Where that is missing, a decoder
    would show what no camera sent, unless it begins anew.
    """
    if piece.fragment.leads and piece.fragment.wall_90k - last.fragment.end_wall_90k > _SLEWED_90K:
        return False
    if piece.file is last.file:
        return True
    went_back = piece.file.run != last.file.run and piece.fragment.wall_90k < last.fragment.end_wall_90k
    return piece.file.init == last.file.init and not went_back
