"""Reading the logbook in the browser, and what reading it leaves behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import transaction
from django.test import Client

from overt.access.rules import Role
from overt.accounts.models import User
from overt.logbook.checkpoints import make_checkpoint, read_checkpoint
from overt.logbook.models import Entry, Personal
from overt.logbook.recording import record
from overt.logbook.services import erase
from overt.logbook.verify import verify
from world import World, give_role

SEALED = "test.thing.sealed"
ClientAs = Callable[[object], Client]


def act(world: World, who: User, camera: str | None = None, **more: object) -> Entry:
    with transaction.atomic():
        return record(SEALED, world.camera(camera) if camera else None, by=who, **more)  # type: ignore[arg-type]


def text_of(response: object) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())  # type: ignore[attr-defined]


def numbers(response: object) -> list[int]:
    """The entries a page lists, in its order."""
    found = re.findall(r'href="/logbook/entries/(\d+)/">\1<', response.content.decode())  # type: ignore[attr-defined]
    return [int(number) for number in found]


def actions() -> list[str]:
    return list(Entry.objects.values_list("action", flat=True))


def test_the_logbook_tells_who_did_what_to_what_when_and_why(world: World, client_as: ClientAs) -> None:
    act(world, world.asha, "127", reason="Theft at the bench")
    page = client_as(world.dev).get("/logbook/")
    assert page.status_code == 200
    assert "Asha Patel Thing sealed camera 127 High Street North Theft at the bench" in text_of(page)


def test_what_an_inspector_opens_is_itself_logged(world: World, client_as: ClientAs) -> None:
    entry = act(world, world.asha, "127")
    cerys = client_as(world.cerys)
    assert cerys.get("/logbook/").status_code == 200
    assert cerys.get(entry.get_absolute_url()).status_code == 200
    assert cerys.get("/logbook/print/").status_code == 200
    told = Entry.objects.filter(number__gt=entry.number).order_by("number")
    assert [one.action for one in told] == [
        "logbook.searched",
        "logbook.entry.opened",
        "logbook.searched",
        "logbook.printed",
    ]
    assert {one.personal.get(field="actor").value for one in told} == {str(world.cerys.pk)}


def test_a_search_is_one_entry_however_many_pages_are_read(world: World, client_as: ClientAs) -> None:
    for _ in range(230):
        act(world, world.asha, "127")
    dev = client_as(world.dev)
    page = dev.get("/logbook/?camera=127")
    assert numbers(page) == list(range(230, 130, -1))
    assert actions().count("logbook.searched") == 1
    href = unescape(re.search(r'href="(\?[^"]+)" rel="next"', page.content.decode())[1])  # type: ignore[index]
    older = dev.get("/logbook/" + href)
    assert numbers(older) == list(range(130, 30, -1))
    back = unescape(re.search(r'href="(\?[^"]+)" rel="prev"', older.content.decode())[1])  # type: ignore[index]
    assert numbers(dev.get("/logbook/" + back)) == numbers(page)
    assert actions().count("logbook.searched") == 1
    told = Entry.objects.get(action="logbook.searched")
    assert told.facts == {"camera": "127"}


def test_the_number_of_another_s_search_or_of_another_question_is_not_believed(
    world: World, client_as: ClientAs
) -> None:
    client_as(world.dev).get("/logbook/?camera=127")
    number = Entry.objects.get(action="logbook.searched").number
    client_as(world.cerys).get(f"/logbook/?camera=127&search={number}")
    client_as(world.dev).get(f"/logbook/?camera=128&search={number}")
    client_as(world.dev).get(f"/logbook/?camera=127&person=asha&search={number}")
    assert actions().count("logbook.searched") == 4


def test_whom_somebody_searched_for_is_no_fact_for_ever(world: World, client_as: ClientAs) -> None:
    client_as(world.dev).get("/logbook/?person=Asha")
    told = Entry.objects.get(action="logbook.searched")
    assert told.facts == {}
    assert told.personal.get(field="person").value == "Asha"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("camera=127", [4, 1]),
        ("camera=r2", [2]),
        ("camera=999", []),
        ("person=asha", [3, 1]),
        ("person=howell", [4, 2]),
        ("person=nobody", []),
        ("action=test.thing.sealed", [4, 3, 2, 1]),
        ("action=test.thing.sealed&person=bryn&camera=127", [4]),
        ("first=2020-01-01&last=2020-01-02", []),
        ("first=2020-01-01&person=asha", [3, 1]),
    ],
)
def test_entries_are_found(world: World, client_as: ClientAs, query: str, expected: list[int]) -> None:
    act(world, world.asha, "127")
    act(world, world.bryn, "R2")
    act(world, world.asha)
    act(world, world.bryn, "127")
    page = client_as(world.dev).get(f"/logbook/?{query}")
    assert page.status_code == 200
    assert numbers(page) == expected
    assert ("No entry fits" in text_of(page)) == (not expected)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("first=yesterday", "give a day"),
        ("first=2026-04-02&last=2026-04-01", "The last day comes before the first."),
        ("action=made.up", "Select a valid choice"),
        ("camera=" + "1" * 50, "at most 12"),
    ],
)
def test_a_filter_that_cannot_be_used_says_why_and_searches_nothing(
    world: World, client_as: ClientAs, query: str, said: str
) -> None:
    page = client_as(world.dev).get(f"/logbook/?{query}")
    assert page.status_code == 422
    assert said in text_of(page)
    assert "logbook.searched" not in actions()


def test_an_entry_says_how_it_is_proven_and_gives_the_proof(world: World, client_as: ClientAs) -> None:
    entry = act(world, world.asha, "127", facts={"outcome": "kept", "parts": [1, 2]})
    cerys = client_as(world.cerys)
    page = cerys.get(entry.get_absolute_url())
    assert "Proven This entry is, byte for byte, number 1 of the" in text_of(page)
    assert "Outcome kept Parts 1, 2" in text_of(page)
    proof = cerys.get(f"{entry.get_absolute_url()}proof/")
    assert proof["Content-Disposition"] == 'attachment; filename="entry-1.tlog-proof"'
    assert proof.content.startswith(b"c2sp.org/tlog-proof@v1\n")


def test_an_entry_changed_behind_our_back_is_not_called_proven(
    world: World, client_as: ClientAs, intruder: Callable[..., None]
) -> None:
    entry = act(world, world.asha, "127")
    make_checkpoint()
    intruder("UPDATE logbook_entry SET facts_text = '{\"x\":1}' WHERE number = 1")
    page = text_of(client_as(world.cerys).get(entry.get_absolute_url()))
    assert "Proven" not in page
    assert "This entry is not what was signed" in page


def test_erased_content_is_shown_as_erased(world: World, client_as: ClientAs) -> None:
    entry = act(world, world.asha, "127", reason="Mrs Jones", personal={"person": "Mrs Jones"})
    erase(entry.number, by=world.hari, reason="She asked for it")
    dev = client_as(world.dev)
    for page in (dev.get("/logbook/"), dev.get(entry.get_absolute_url()), dev.get("/logbook/print/")):
        assert "Jones" not in page.content.decode()
        assert "erased on" in text_of(page)


def test_the_data_protection_officer_erases_and_a_supervisor_does_not(world: World, client_as: ClientAs) -> None:
    entry = act(world, world.asha, "127", reason="Mrs Jones")
    address = f"{entry.get_absolute_url()}erase/"
    said = {"fields_to_erase": ["actor_name"], "reason": "She asked for it"}
    assert client_as(world.dev).post(address, said).status_code == 403
    hari = client_as(world.hari)
    assert "Erase personal content" in text_of(hari.get(entry.get_absolute_url()))
    assert hari.post(address, {"fields_to_erase": ["actor_name"], "reason": " "}).status_code == 422
    assert hari.post(address, {"reason": "She asked"}).status_code == 422
    assert Personal.objects.filter(entry=entry, value__isnull=False).count() == 3
    assert hari.post(address, said).status_code == 302
    left = Personal.objects.filter(entry=entry, value__isnull=False)
    assert [row.field for row in left] == ["reason"]
    assert verify().sound


def test_an_inspector_reads_everything_and_changes_nothing(world: World, client_as: ClientAs) -> None:
    entry = act(world, world.bryn, "202", reason="why")
    cerys = client_as(world.cerys)
    assert cerys.get("/logbook/").status_code == 200
    assert "why" in text_of(cerys.get(entry.get_absolute_url()))
    assert cerys.post(f"{entry.get_absolute_url()}erase/", {"reason": "x"}).status_code == 403
    assert cerys.post("/logbook/").status_code == 405
    assert cerys.delete(entry.get_absolute_url()).status_code == 405


@pytest.mark.parametrize("name", ["asha", "iris", "jo"])
def test_who_may_not_read_the_logbook_is_refused(world: World, client_as: ClientAs, name: str) -> None:
    entry = act(world, world.asha, "127")
    person = client_as(world.people[name])
    for address in (
        "/logbook/",
        entry.get_absolute_url(),
        "/logbook/print/",
        "/logbook/prove/",
        "/logbook/checkpoint/",
    ):
        assert person.get(address).status_code == 403
    assert client_as(None).get("/logbook/").status_code == 302


def test_a_reader_of_one_partner_reads_nothing_of_another_s_cameras(world: World, client_as: ClientAs) -> None:
    reader = User.objects.create(username="una", full_name="Una Reade")
    give_role(reader, Role.SUPERVISOR, partner=world.marketon)
    ours, theirs = act(world, world.asha, "127"), act(world, world.bryn, "202")
    nobody_s, own = act(world, world.bryn), act(world, reader)
    una = client_as(reader)
    una.get("/cameras/202/")  # another partner's
    una.get("/cameras/99/")  # nobody's
    listed = numbers(una.get("/logbook/"))
    assert {ours.number, own.number} <= set(listed)
    assert not {theirs.number, nobody_s.number} & set(listed)
    refused = Entry.objects.filter(action="access.refused").values_list("number", flat=True)
    assert not set(refused) & set(listed)
    for entry in (theirs, nobody_s):
        assert una.get(entry.get_absolute_url()).status_code == 404
        assert una.get(f"{entry.get_absolute_url()}proof/").status_code == 404
    assert una.get(ours.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("number", [0, 77, 10**18, 10**30])
def test_an_entry_that_is_not_there_is_not_found(world: World, client_as: ClientAs, number: int) -> None:
    assert client_as(world.dev).get(f"/logbook/entries/{number}/").status_code == 404
    assert client_as(world.dev).get(f"/logbook/?before={number}&search={number}").status_code == 200


def test_an_inspector_takes_a_checkpoint_away_and_holds_it_against_the_book_later(
    world: World, client_as: ClientAs
) -> None:
    act(world, world.asha, "127")
    cerys = client_as(world.cerys)
    note = cerys.get("/logbook/checkpoint/").content.decode()
    assert read_checkpoint(note).size == Entry.objects.count() - 1, "that it was taken is the next entry"
    act(world, world.asha, "127")
    pasted = note.replace("\n", "\r\n").rstrip()
    page = cerys.post("/logbook/prove/", {"note": pasted})
    assert page.status_code == 200
    assert "It holds Nothing of those 1 entries was changed or removed. 2 are new." in text_of(page)
    for wrong in ("", "not a note", note.replace("\n1\n", "\n2\n")):
        assert cerys.post("/logbook/prove/", {"note": wrong}).status_code == 422


def test_the_print_carries_the_signed_head_that_covers_it(world: World, client_as: ClientAs) -> None:
    act(world, world.asha, "127", reason="Theft at the bench")
    page = client_as(world.dev).get("/logbook/print/?camera=127")
    assert "Theft at the bench" in text_of(page)
    assert "not printed" not in text_of(page)
    note = unescape(re.findall(r"<pre>(.*?)</pre>", page.content.decode(), re.DOTALL)[0])
    assert read_checkpoint(note).size == Entry.objects.count()
    assert f"signed at {Entry.objects.count()} entries" in text_of(page)
    assert "not printed" not in text_of(client_as(world.dev).get("/logbook/print/"))  # its own entry is no older one


def test_the_list_says_which_role_went_to_whom(world: World, client_as: ClientAs) -> None:
    from overt.access.rules import Role
    from overt.access.services import grant_role

    grant_role(world.asha, Role.SUPERVISOR, by=world.elin, reason="Covers Dev in August")
    assert "grant supervisor, Asha Patel" in text_of(client_as(world.dev).get("/logbook/"))
