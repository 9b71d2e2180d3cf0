"""What people typed, or somebody wrote into the database, is shown as it is: on the pages, on paper, in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.db import transaction
from django.test import Client

from overt.cli import main
from overt.logbook.models import Entry
from overt.logbook.recording import record
from world import World

ClientAs = Callable[[object], Client]

SEALED = "test.thing.sealed"
HIDDEN = "Theft at \u202ehcneb eht\u202c \x1b[2J\u200b\u3164 by C:\\temp\nsecond line"
SHOWN = r"Theft at \u202ehcneb eht\u202c \x1b[2J\u200b\u3164 by C:\temp"
BAD = set("\u202e\u202c\x1b\u200b\u3164")


@pytest.mark.parametrize("address", ["/logbook/", "/logbook/print/", "/logbook/entries/{}/"])
def test_a_reason_that_hides_or_turns_letters_is_shown_letter_by_letter(
    world: World, client_as: ClientAs, address: str
) -> None:
    with transaction.atomic():
        made = record(SEALED, by=world.asha, reason=HIDDEN, facts={"note": "a\u202eb"}, personal={"remark": HIDDEN})
    page = unescape(client_as(world.dev).get(address.format(made.number)).content.decode())
    assert not BAD & set(page)
    assert SHOWN in page


def test_the_command_s_verdict_shows_what_stands_in_the_database_and_obeys_none_of_it(
    write: Callable[..., list[Entry]], intruder: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    write(3)
    intruder(
        "INSERT INTO logbook_personal (entry_id, field, salt, value) VALUES (2, %s, '00', 'x')",
        "\x1b[2JThe logbook is sound\n\u202e",
    )
    assert main(["logbook", "verify"]) == 1
    said = capsys.readouterr().out
    assert not BAD & set(said)
    [line] = [line for line in said.splitlines() if line.startswith("WRONG: ")]
    assert r"personal content '\x1b[2JThe logbook is sound\x0a\u202e'" in line
