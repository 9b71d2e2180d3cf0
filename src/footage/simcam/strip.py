"""The caption row as a slice of its own, written anew for each picture without decoding or encoding the rest of it.

A row of macroblocks on top of the film's pictures holds words and the code's cells. In a key frame its macroblocks
are uncompressed (I_PCM) or continue their left neighbour; in between, what did not change is skipped, a cell that
changed is copied by a motion vector from the two cells that never change, and only changed letters are sent as they
are. So a true clock costs some microseconds a picture, and no encoder (H.264 7.3.4, 7.3.5, 8.4.1.3).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from footage.simcam.bits import BitWriter
from footage.simcam.caption import ADVANCE, caption_row, letter, letter_left, text_room
from footage.simcam.code import CELL, CELLS, WIDTH, Code, cells
from footage.simcam.h264 import Slice

MB = 16
_CHROMA = bytes([128]) * 128
_I_PCM, _I_LEFT = 25, 2  # macroblock types of an I slice; a P slice has them five further on
_P_TWO_HALVES = 2  # P_L0_L0_8x16


@dataclass
class Strip:
    """Writes one camera's row, picture after picture. What was written last is what the next one refers to."""

    width: int
    _row: NDArray[np.uint8] = field(init=False)
    _text: str = ""
    _lit: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._room = text_room(self.width)

    def draw(self, slice_: Slice, text: str, code: Code) -> bytes:
        """The row's NAL unit for a picture; `slice_` is any slice of that picture, its header is taken over.

        The first call has to be for a key frame.
        """
        text = text[: self._room].ljust(self._room)
        lit = cells(code)
        out = BitWriter(slice_.nal_header)
        out.ue(0)
        out.u(*slice_.middle)
        out.ue(1)  # no deblocking: what is written is what is shown
        if slice_.intra:
            self._row = caption_row(self.width, text, code)
            self._intra(out, self._row)
        else:
            self._inter(out, self._letters(text), lit)
        self._text, self._lit = text, lit
        return out.nal()

    def _intra(self, out: BitWriter, row: NDArray[np.uint8]) -> None:
        after_plain = True  # the macroblock to the left was uncompressed
        for x in range(0, self.width, MB):
            if x and bool((row[:, x : x + MB] == row[:, x - 1 : x]).all()):
                out.ue(_I_LEFT)
                out.ue(1)  # chroma goes on as on the left, too
                out.se(0)
                # No coefficients. How that is said depends on how many the left neighbour had: 16 count for I_PCM.
                out.u(*((0b000011, 6) if after_plain else (1, 1)))
                after_plain = False
            else:
                out.ue(_I_PCM)
                out.aligned(row[:, x : x + MB].tobytes() + _CHROMA)
                after_plain = True

    def _letters(self, text: str) -> list[int]:
        """Put changed letters into the row; the macroblocks they touch, in order."""
        touched: set[int] = set()
        for place, (old, new) in enumerate(zip(self._text, text, strict=True)):
            if old != new:
                left = letter_left(place)
                self._row[:, left : left + ADVANCE] = letter(new)
                touched |= {left // MB, (left + ADVANCE - 1) // MB}
        return sorted(touched)

    def _inter(self, out: BitWriter, letters: list[int], lit: list[bool]) -> None:
        first = (self.width - WIDTH) // MB
        changed = [
            pair for pair in range(CELLS // 2) if lit[2 * pair : 2 * pair + 2] != self._lit[2 * pair : 2 * pair + 2]
        ]
        after = -1  # the last macroblock that was not skipped
        left_x = 0  # the horizontal motion vector of the macroblock to the left, in quarter pixels
        for number in letters:
            out.ue(number - after - 1)
            out.ue(5 + _I_PCM)
            out.aligned(self._row[:, number * MB : number * MB + MB].tobytes() + _CHROMA)
            after = number
        for pair in changed:
            number = first + pair
            out.ue(number - after - 1)
            left_x = self._halves(out, 2 * pair, lit, left_x if after == number - 1 else 0)
            after = number
        if after < self.width // MB - 1:
            out.ue(self.width // MB - 1 - after)

    def _halves(self, out: BitWriter, cell: int, lit: list[bool], left_x: int) -> int:
        """Two cells, each taken from the light or the dark one at the row's beginning."""
        out.ue(_P_TWO_HALVES)
        for place in (cell, cell + 1):
            vector = ((0 if lit[place] else 1) - place) * CELL * 4
            out.se(vector - left_x)
            out.se(0)
            left_x = vector
        out.ue(0)  # no residual
        return left_x


assert CELLS * CELL == WIDTH
assert WIDTH % MB == 0
