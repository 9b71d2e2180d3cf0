"""Every cause of a gap is known by name wherever people read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from footage.contract import GapCause
from overt.evidence.gap_words import WORDS, gap_words

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("cause", list(GapCause))
def test_a_cause_has_words_in_exhibits_on_the_timeline_and_in_the_manual(cause: GapCause) -> None:
    assert gap_words(cause.value) == WORDS[cause]
    timeline = (ROOT / "frontend" / "src" / "lib" / "causes.ts").read_text()
    assert re.search(rf'^  "?{cause.value}"?: "', timeline, re.MULTILINE)
    assert f"`{cause.value}`" in (ROOT / "docs" / "footage-cli.md").read_text()


def test_a_cause_of_a_later_release_is_read_by_its_name() -> None:
    assert gap_words("lens-covered") == "lens covered"
