"""A small policy without errors, and a version drafted from it, for the tests of this room."""

from __future__ import annotations

from overt.policy.drafting.services import start_draft
from overt.policy.files import read_text, write_text
from overt.policy.models import PolicyVersion
from overt.policy.rules import policy_from
from world import World, small_document

ROUTE = "A form on the website, by letter or by telephone"


def mended(**settings: object) -> str:
    """A small policy without errors, as text; retention 28 days unless given."""
    document = small_document(**{"dp_complaint_route": ROUTE, "retention_days": 28, **settings})
    return write_text(policy_from({**document, "scheme": "market", "title": "Market CCTV"}))


def drafted(world: World, text: str = "") -> PolicyVersion:
    return start_draft(read_text(text or mended()), by=world.elin, reason="The yearly review")
