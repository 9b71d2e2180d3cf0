"""Somebody with the database's owner's rights changes the logbook: the check says which entry is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from overt.logbook import merkle
from overt.logbook.append import bytes_of
from overt.logbook.checkpoints import make_checkpoint
from overt.logbook.errors import LogbookDamaged
from overt.logbook.models import Checkpoint, Entry, Head, Tile
from overt.logbook.notes import TreeHead, sign
from overt.logbook.services import erase
from overt.logbook.verify import verify

Write = Callable[..., list[Entry]]
Sql = Callable[..., None]


@pytest.fixture
def logbook(write: Write) -> list[Entry]:
    """300 entries: one whole tile and a part, with checkpoints at 200 and at 300."""
    made = write(200)
    make_checkpoint()
    made += write(100)
    make_checkpoint()
    assert verify().sound
    return made


def found() -> set[tuple[str, int | None]]:
    return {(finding.code, finding.entry) for finding in verify().findings}


@pytest.mark.clause("BASS-10.0", part="a hash chained to the previous one")
@pytest.mark.clause("PROG-4.2.29", part="verifiable")
@pytest.mark.parametrize(
    ("number", "change"),
    [
        (1, "facts_text = '{\"place\":7777}'"),
        (130, "facts_text = '{\"place\":7777}'"),
        (300, "facts_text = '{\"place\":7777}'"),
        (256, "facts_text = '{ }'"),
        (257, "action = 'test.thing.other'"),
        (130, "subject_id = 'someone'"),
        (130, "camera = 'other'"),
        (130, "recorded_at = '2020-01-01 00:00:00+00:00'"),
    ],
)
def test_an_edited_entry_is_named(logbook: list[Entry], intruder: Sql, number: int, change: str) -> None:
    intruder(f"UPDATE logbook_entry SET {change} WHERE number = %s", number)
    assert ("entry-changed", number) in found()
    assert {entry for code, entry in found() if code == "entry-changed"} == {number}


def test_an_edited_hash_is_named(logbook: list[Entry], intruder: Sql) -> None:
    intruder("UPDATE logbook_entry SET leaf_hash = %s WHERE number = 40", "00" * 32)
    [finding] = verify().findings
    assert (finding.code, finding.entry) == ("entry-changed", 40)
    assert "its hash was changed" in finding.words


def rewrite(intruder: Sql, number: int, facts: str) -> None:
    """Change an entry and make its own hash fit: what a careful intruder does."""
    entry = Entry.objects.get(number=number)
    entry.facts_text = facts
    leaf = merkle.leaf_hash(bytes_of(entry)).hex()
    intruder("UPDATE logbook_entry SET facts_text = %s, leaf_hash = %s WHERE number = %s", facts, leaf, number)


def test_an_entry_rewritten_with_its_hash_is_named_by_the_tree(logbook: list[Entry], intruder: Sql) -> None:
    rewrite(intruder, 130, '{"place":1}')
    assert ("entry-changed", 130) in found()
    assert {entry for code, entry in found() if code == "entry-changed"} == {130}


def test_an_entry_rewritten_after_the_last_whole_tile_is_narrowed_down(logbook: list[Entry], intruder: Sql) -> None:
    rewrite(intruder, 290, '{"place":1}')
    [finding] = [finding for finding in verify().findings if finding.code == "entry-changed"]
    assert finding.entry is not None
    assert finding.last is not None
    assert finding.entry <= 290 <= finding.last
    assert finding.last - finding.entry < 32


def test_a_whole_tree_rewritten_after_a_changed_entry_contradicts_the_checkpoint(
    logbook: list[Entry], intruder: Sql
) -> None:
    rewrite(intruder, 230, '{"place":1}')
    leaves = [bytes.fromhex(text) for text in Entry.objects.values_list("leaf_hash", flat=True)]
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier, completed = merkle.grow(frontier, size, leaf)
        for level, index, root in completed:
            if level == 8:
                hashes = b"".join(leaves[index * 256 : (index + 1) * 256])
                intruder("UPDATE logbook_tile SET hashes = %s, root = %s", hashes, root)
    intruder("UPDATE logbook_head SET frontier = %s", "".join(part.hex() for part in frontier))
    [finding] = verify().findings
    assert (finding.code, finding.entry, finding.last) == ("checkpoint-contradicted", 201, 300)


@pytest.mark.parametrize("number", [1, 57, 256, 299])
def test_a_removed_entry_is_named(logbook: list[Entry], intruder: Sql, number: int) -> None:
    intruder("DELETE FROM logbook_personal WHERE entry_id = %s", number)
    intruder("DELETE FROM logbook_entry WHERE number = %s", number)
    assert ("entry-missing", number) in found()


def test_several_removed_entries_are_one_range(logbook: list[Entry], intruder: Sql) -> None:
    intruder("DELETE FROM logbook_personal WHERE entry_id BETWEEN 10 AND 19")
    intruder("DELETE FROM logbook_entry WHERE number BETWEEN 10 AND 19")
    [finding] = verify().findings
    assert (finding.code, finding.entry, finding.last) == ("entry-missing", 10, 19)


def test_a_truncated_logbook_is_found(logbook: list[Entry], intruder: Sql) -> None:
    intruder("DELETE FROM logbook_personal WHERE entry_id > 280")
    intruder("DELETE FROM logbook_entry WHERE number > 280")
    missing = next(finding for finding in verify().findings if finding.code == "entry-missing")
    assert (missing.entry, missing.last) == (281, 300)


def test_a_truncation_that_takes_the_head_back_is_told_by_the_checkpoint(
    write: Write, intruder: Sql, logbook: list[Entry]
) -> None:
    frontier: list[bytes] = []
    for size, text in enumerate(Entry.objects.filter(number__lte=280).values_list("leaf_hash", flat=True)):
        frontier, _ = merkle.grow(frontier, size, bytes.fromhex(text))
    intruder("DELETE FROM logbook_personal WHERE entry_id > 280")
    intruder("DELETE FROM logbook_entry WHERE number > 280")
    intruder("UPDATE logbook_head SET size = 280, frontier = %s", "".join(part.hex() for part in frontier))
    assert found() == {("checkpoint-beyond", 281)}
    with pytest.raises(LogbookDamaged):
        make_checkpoint()
    write(30)  # 310 entries again, but not those that were signed at 300
    assert found() == {("checkpoint-contradicted", 201)}


def test_an_inserted_entry_is_named(logbook: list[Entry], intruder: Sql) -> None:
    columns = "recorded_at, action, subject_kind, subject_id, camera, facts_text, commitments_text, leaf_hash"
    for number in (0, 301):
        intruder(
            f"INSERT INTO logbook_entry (number, {columns}) SELECT %s, {columns} FROM logbook_entry WHERE number = 5",
            number,
        )
    assert found() == {("entry-added", 0), ("entry-added", 301)}


def test_an_entry_exchanged_with_its_neighbour_is_named(logbook: list[Entry], intruder: Sql) -> None:
    first, second = Entry.objects.get(number=20), Entry.objects.get(number=21)
    for number, other in ((20, second), (21, first)):
        intruder(
            "UPDATE logbook_entry SET facts_text = %s, commitments_text = %s, leaf_hash = %s WHERE number = %s",
            other.facts_text,
            other.commitments_text,
            other.leaf_hash,
            number,
        )
    assert {("entry-changed", 20), ("entry-changed", 21)} <= found()


def test_texts_moved_between_columns_are_found_though_the_bytes_are_the_same(
    logbook: list[Entry], intruder: Sql
) -> None:
    entry = Entry.objects.get(number=9)
    moved = f'{entry.commitments_text},"facts":{entry.facts_text},"number":9,"subject":{{"id":"","kind":""}}}}'
    assert moved.encode() in bytes_of(entry)
    intruder("UPDATE logbook_entry SET commitments_text = %s WHERE number = 9", moved)
    assert ("entry-changed", 9) in found()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE logbook_personal SET value = 'Bryn Howell' WHERE entry_id = 12 AND field = 'actor_name'", "content-changed"),
        ("UPDATE logbook_personal SET salt = 'zz' WHERE entry_id = 12 AND field = 'reason'", "content-changed"),
        ("UPDATE logbook_personal SET value = NULL WHERE entry_id = 12 AND field = 'reason'", "content-changed"),
        ("UPDATE logbook_personal SET value = NULL, salt = NULL WHERE entry_id = 12", "content-removed"),
        ("UPDATE logbook_personal SET value = NULL, salt = NULL, erased_by = 5 WHERE entry_id = 12", "content-removed"),
        ("DELETE FROM logbook_personal WHERE entry_id = 12 AND field = 'reason'", "content-removed"),
        ("INSERT INTO logbook_personal (entry_id, field, salt, value) VALUES (12, 'more', '00', 'x')", "content-added"),
    ],
)  # fmt: skip
def test_personal_content_changed_behind_our_back_is_named(
    logbook: list[Entry], intruder: Sql, change: str, code: str
) -> None:
    intruder(change)
    assert found() == {(code, 12)}


def test_content_emptied_under_cover_of_another_erasure_is_named(logbook: list[Entry], intruder: Sql, hari) -> None:  # type: ignore[no-untyped-def]
    told = erase(30, by=hari, reason="asked to")
    assert verify().sound
    intruder(
        "UPDATE logbook_personal SET value = NULL, salt = NULL, erased_by = %s WHERE entry_id = 31 AND field = 'reason'",
        told.number,
    )
    assert found() == {("content-removed", 31)}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE logbook_tile SET root = %s",
        "DELETE FROM logbook_tile WHERE root <> %s",
    ],
)
def test_a_damaged_tree_is_told_apart_from_a_changed_entry(logbook: list[Entry], intruder: Sql, change: str) -> None:
    intruder(change, bytes(32))
    assert found() == {("tree-changed", None)}


def test_a_hash_changed_in_the_tree_alone_is_no_fault_of_the_entry(logbook: list[Entry], intruder: Sql) -> None:
    hashes = bytes(Tile.objects.get().hashes)
    intruder("UPDATE logbook_tile SET hashes = %s", hashes[:64] + bytes(32) + hashes[96:])
    [finding] = verify().findings
    assert finding.code == "tree-changed"
    assert "entry 3, which is sound" in finding.words


def test_a_changed_head_is_found(logbook: list[Entry], intruder: Sql) -> None:
    intruder("UPDATE logbook_head SET frontier = %s", "00" * 32)
    assert found() == {("head-changed", None)}


def test_a_checkpoint_signed_with_another_key_is_found(logbook: list[Entry], intruder: Sql) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    origin = Head.objects.get().origin
    made = Checkpoint.objects.get(size=200)
    text = TreeHead(origin, 200, bytes.fromhex(made.root)).text
    intruder(
        "UPDATE logbook_checkpoint SET note = %s WHERE size = 200", sign(text, origin, Ed25519PrivateKey.generate())
    )
    assert found() == {("checkpoint-forged", None)}


def test_a_checkpoint_with_another_root_is_found(logbook: list[Entry], intruder: Sql) -> None:
    intruder("UPDATE logbook_checkpoint SET root = %s WHERE size = 200", "11" * 32)
    assert found() == {("checkpoint-forged", None)}


def test_the_check_reports_what_it_looked_at(logbook: list[Entry]) -> None:
    report = verify()
    assert (report.entries, report.opened, report.erased, report.checkpoints) == (300, 900, 0, 2)
    assert report.root.hex() == Checkpoint.objects.get(size=300).root
    assert connection.vendor in {"sqlite", "postgresql"}


def test_an_empty_logbook_is_sound(db: None) -> None:
    report = verify()
    assert report.sound
    assert report.root == merkle.EMPTY_ROOT


def test_a_tree_rewritten_under_the_newest_checkpoint_is_not_given_that_checkpoint(
    logbook: list[Entry], intruder: Sql
) -> None:
    """Nothing was added since it was signed: it is the newest still, and it does not cover what stands there now."""
    assert make_checkpoint().size == 300
    rewrite(intruder, 290, '{"place":1}')
    leaves = [bytes.fromhex(text) for text in Entry.objects.values_list("leaf_hash", flat=True)]
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier, _ = merkle.grow(frontier, size, leaf)
    intruder("UPDATE logbook_head SET frontier = %s", "".join(part.hex() for part in frontier))
    with pytest.raises(LogbookDamaged):
        make_checkpoint()
