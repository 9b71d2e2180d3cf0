"""What holds for every template: short lines, its own room's templates and the house's, and no drawing by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import overt

ROOT = Path(overt.__file__).parent
TEMPLATES = sorted(ROOT.glob("*/templates/**/*.html"))
#: With the pages that travel in a sealed bag, which no template engine fills.
ALL = sorted(ROOT.rglob("*.html"))
HOUSE = "web"

each = pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))


def test_the_templates_are_found() -> None:
    assert len(TEMPLATES) > 80


@pytest.mark.parametrize("template", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_line_is_beyond_120_characters(template: Path) -> None:
    long = [number for number, line in enumerate(template.read_text().splitlines(), 1) if len(line) > 120]
    assert long == []


@each
def test_a_room_includes_and_extends_its_own_templates_and_those_of_the_house(template: Path) -> None:
    room = template.relative_to(ROOT).parts[0]
    used = re.findall(r"{% (?:include|extends) (\S+)", template.read_text())
    foreign = [name for name in used if not name.strip("\"'").startswith((f"{room}/", f"{HOUSE}/"))]
    assert foreign == [], "what two rooms show alike is a tag of the house"


@each
def test_markup_of_the_parts_is_not_written_out_by_hand(template: Path) -> None:
    """A table, a list of facts, breadcrumbs and a drawing have their one place."""
    text = template.read_text()
    by_hand = ("<svg", "govuk-summary-list", "govuk-breadcrumbs", "govuk-warning-text", 'class="govuk-table__cell')
    assert [markup for markup in by_hand if markup in text] == []
