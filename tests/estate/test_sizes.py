"""Sizes as people read them."""

from __future__ import annotations

import pytest

from overt.shared.sizes import size_words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (1_340_000, "1.3 MB"),
        (68_120_000_000, "68.1 GB"), (252_900_000_000, "253 GB"), (999_960_000_000, "1.0 TB"), (99_960_000, "100 MB"),
    ],
)  # fmt: skip
def test_three_figures_of_the_right_unit(count: int, words: str) -> None:
    assert size_words(count) == words
