"""The page that holds the logbook against what an inspector kept: the same table of forgeries, on the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from inspection.test_pages import text_of
from logbook.forgeries import OLDER, SIZE, Forgery
from logbook.test_forged_database import FORGE, Sql
from overt.logbook import notes
from overt.logbook.actions import action
from overt.logbook.checkpoints import make_checkpoint
from overt.logbook.models import Entry
from overt.logbook.notes import TreeHead
from overt.logbook.recording import record
from world import World

ClientAs = Callable[[object], Client]
SEALED = "test.thing.sealed"
#: The head still fits: nothing that it covers was touched. What else is wrong is the whole check's to find.
FITS = {Forgery.UNSIGNED_END, Forgery.NAME_CHANGED, Forgery.OTHER_KEY, Forgery.NO_SIGNATURE, Forgery.OLDER_HEAD}


@pytest.fixture
def kept(world: World) -> TreeHead:
    """The head that an inspector took away at 40 entries."""
    action(SEALED, "Thing sealed")
    with transaction.atomic():
        for _ in range(OLDER - Entry.objects.count()):
            record(SEALED, by=world.asha, reason="because")
    make_checkpoint()
    with transaction.atomic():
        for _ in range(SIZE - OLDER):
            record(SEALED, by=world.asha, reason="because")
    return notes.unchecked_tree_head(make_checkpoint().note)


def test_a_head_as_it_is_printed_is_held_against_the_book(world: World, client_as: ClientAs, kept: TreeHead) -> None:
    cerys = client_as(world.cerys)
    for given in (kept.short, f" {kept.size} : {kept.root.hex()}\r\n"):
        page = cerys.post("/logbook/prove/", {"note": given})
        assert f"It holds Nothing of those {SIZE} entries was changed or removed." in text_of(page)
    other = TreeHead(kept.origin, OLDER, bytes(32)).short
    page = cerys.post("/logbook/prove/", {"note": other})
    assert "It does not hold" in text_of(page)
    beyond = TreeHead(kept.origin, SIZE + 500, bytes(32)).short
    assert "It does not hold" in text_of(cerys.post("/logbook/prove/", {"note": beyond}))
    for wrong in ("40:", "40:AAAA", "x" + kept.short, "040:" + "0" * 64):
        assert cerys.post("/logbook/prove/", {"note": wrong}).status_code == 422


@pytest.mark.parametrize("forgery", list(Forgery))
def test_no_forgery_is_said_to_hold(
    world: World, client_as: ClientAs, kept: TreeHead, intruder: Sql, forgery: Forgery
) -> None:
    FORGE[forgery](intruder)
    page = client_as(world.cerys).post("/logbook/prove/", {"note": kept.short})
    said = text_of(page)
    if forgery in FITS:
        assert "It holds" in said
    else:
        assert "It does not hold" in said
        assert "It holds" not in said
    if forgery in {Forgery.END_LEFT_OUT, Forgery.TAKEN_OUT, Forgery.LATE_CHANGED, Forgery.EARLY_CHANGED}:
        assert "Nothing more is signed until somebody has looked" in said
    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    assert client_as(world.cerys).get(entry.get_absolute_url()).status_code == 200
