"""How a room lies: by noun, then by kind; what it is called is what it holds."""

from __future__ import annotations

import re
from pathlib import Path

import overt
from overt.rooms import ORDER

ROOT = Path(overt.__file__).parent
#: What a file of a noun is called inside the noun's folder, and not with the noun before it at the room's top.
KINDS = ("rules", "services", "queries", "forms", "views", "words", "api")


def test_no_file_carries_its_noun_and_its_kind_in_one_name() -> None:
    """A hold's rules are evidence/holds/rules.py: neither hold_rules.py nor rules of all nouns in one file."""
    mixed = re.compile(rf"\w+_({'|'.join(KINDS)})\.py")
    assert [str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if mixed.fullmatch(path.name)] == []


def test_a_room_of_several_nouns_has_its_templates_in_the_same_folders() -> None:
    found = []
    for room in ORDER:
        nouns = {path.parent.name for path in (ROOT / room).glob("*/views.py")}
        for template in (ROOT / room / "templates" / room).glob("*/*.html"):
            if template.parent.name not in nouns:
                found.append(str(template.relative_to(ROOT)))
    assert found == []


def test_the_nouns_of_evidence_are_where_they_are_looked_for() -> None:
    for noun in ("exhibits", "copies", "holds", "stills", "storage"):
        folder = ROOT / "evidence" / noun
        assert (folder / "queries.py").exists(), noun
        assert (folder / "views.py").exists(), noun
        assert any((ROOT / "evidence" / "templates" / "evidence" / noun).glob("*.html")), noun
