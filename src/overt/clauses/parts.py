"""How much of a clause's `system` sentence a mark says is proven: all of it, or the words it quotes as `part`.

A part is quoted, never told in other words, so that what is still without proof can be counted. It leaves out by "…":
"Only accounts with … a current AccessGrant may view".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Words that join two parts and are nobody's: proof on both sides of them is proof of the whole.
JOINING = {"and", "or"}


def is_quoted(part: str, system: str) -> bool:
    """Whether every piece of `part` stands in the sentence `system`, in its order and ending where words end."""
    return bool(_pieces(part)) and _covered(part, system) is not None


def unproven_words(system: str, parts: Iterable[str]) -> str:
    """The words of the sentence `system` that none of `parts` quotes, "…" between them; empty where all are.

    A part that is no quotation counts for nothing.
    """
    words = [found.span() for found in re.finditer(r"\w+(?:[-'’._]\w+)*", system)]
    proven: set[int] = set()
    for part in parts:
        for start, end in _covered(part, system) or []:
            proven |= {number for number, (first, last) in enumerate(words) if start <= first and last <= end}
    left = [number for number in range(len(words)) if number not in proven]
    runs = [run for run in (_without_joining(run, system, words) for run in _runs(left)) if run]
    return " … ".join(" ".join(system[words[run[0]][0] : words[run[-1]][1]].split()) for run in runs)


def _without_joining(run: list[int], system: str, words: list[tuple[int, int]]) -> list[int]:
    """The run of word numbers without the joining words at its ends."""
    while run and system[slice(*words[run[0]])] in JOINING:
        run = run[1:]
    while run and system[slice(*words[run[-1]])] in JOINING:
        run = run[:-1]
    return run


def _pieces(part: str) -> list[str]:
    return [piece for piece in (piece.strip() for piece in part.split("…")) if piece]


def _covered(part: str, system: str) -> list[tuple[int, int]] | None:
    """Where the pieces stand, each after the one before; None where one does not."""
    spans: list[tuple[int, int]] = []
    for piece in _pieces(part):
        pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, piece.split())) + r"(?!\w)"
        found = re.compile(pattern).search(system, spans[-1][1] if spans else 0)
        if found is None:
            return None
        spans.append(found.span())
    return spans


def _runs(numbers: list[int]) -> list[list[int]]:
    """Numbers that follow each other, together."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
