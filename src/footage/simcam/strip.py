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
from footage.simcam.caption import caption_row
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
    _shown: list[bytes] = field(default_factory=list)
    _lit: list[bool] = field(default_factory=list)

    def draw(self, slice_: Slice, text: str, code: Code) -> bytes:
        """The row's NAL unit for a picture; `slice_` is any slice of that picture, its header is taken over."""
        row = caption_row(self.width, text, code)
        blocks = [row[:, x : x + MB].tobytes() for x in range(0, self.width, MB)]
        lit = cells(code)
        out = BitWriter(slice_.nal_header)
        out.ue(0)
        out.u(*slice_.middle)
        out.ue(1)  # no deblocking: what is written is what is shown
        if slice_.intra:
            self._intra(out, row, blocks)
        else:
            self._inter(out, blocks, lit)
        self._shown, self._lit = blocks, lit
        return out.nal()

    def _intra(self, out: BitWriter, row: NDArray[np.uint8], blocks: list[bytes]) -> None:
        after_plain = True  # the macroblock to the left was uncompressed
        for number, block in enumerate(blocks):
            x = number * MB
            if number and bool((row[:, x : x + MB] == row[:, x - 1 : x]).all()):
                out.ue(_I_LEFT)
                out.ue(1)  # chroma goes on as on the left, too
                out.se(0)
                # No coefficients. How that is said depends on how many the left neighbour had: 16 count for I_PCM.
                out.u(*((0b000011, 6) if after_plain else (1, 1)))
                after_plain = False
            else:
                out.ue(_I_PCM)
                out.aligned(block + _CHROMA)
                after_plain = True

    def _inter(self, out: BitWriter, blocks: list[bytes], lit: list[bool]) -> None:
        skipped = 0
        first = (self.width - WIDTH) // MB
        left_x = 0  # the horizontal motion vector of the macroblock to the left, in quarter pixels
        for number, block in enumerate(blocks):
            if block == self._shown[number]:
                skipped += 1
                left_x = 0
                continue
            out.ue(skipped)
            skipped = 0
            if number < first:
                out.ue(5 + _I_PCM)
                out.aligned(block + _CHROMA)
                left_x = 0
            else:
                left_x = self._halves(out, (number - first) * 2, lit, left_x)
        if skipped:
            out.ue(skipped)

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
