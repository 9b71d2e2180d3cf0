"""A logbook that the database's owner forged: what the check in the house says, alone and with a head from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.utils import timezone

from logbook.forgeries import OLDER, SIZE, WITH_THE_KEY, Forgery, one_by_one_and_in_pairs, uncovered
from overt.cli import main
from overt.logbook import merkle, notes, triggers
from overt.logbook.append import bytes_of
from overt.logbook.checkpoints import head, make_checkpoint
from overt.logbook.findings import Report
from overt.logbook.keys import signing_key
from overt.logbook.models import Checkpoint, Entry, Head
from overt.logbook.notes import TreeHead
from overt.logbook.standing import entry_standing, kept_standing
from overt.logbook.verify import verify

Write = Callable[..., list[Entry]]
Sql = Callable[..., None]
COLUMNS = "recorded_at, action, subject_kind, subject_id, camera, facts_text, commitments_text"


@pytest.fixture
def signed(write: Write) -> TreeHead:
    """40 entries, signed at 20 and at 40; the head that somebody else holds."""
    write(OLDER)
    make_checkpoint()
    write(SIZE - OLDER)
    return notes.unchecked_tree_head(make_checkpoint().note)


def rebuild(sql: Sql) -> None:
    """What a careful forger does after each change: every hash, and the head of the tree, made to fit."""
    frontier: list[bytes] = []
    entries = list(Entry.objects.order_by("number"))
    for size, entry in enumerate(entries):
        leaf = merkle.leaf_hash(bytes_of(entry))
        sql("UPDATE logbook_entry SET leaf_hash = %s WHERE number = %s", leaf.hex(), entry.number)
        frontier, _ = merkle.grow(frontier, size, leaf)
    told = "".join(part.hex() for part in frontier)
    sql("UPDATE logbook_head SET size = %s, frontier = %s", len(entries), told)


def sign(sql: Sql) -> None:
    """What whoever has the server's key can do: one checkpoint over everything as it now is."""
    rebuild(sql)
    sql("DELETE FROM logbook_checkpoint")
    found = Head.objects.get()
    root = merkle.fold([bytes.fromhex(found.frontier[at : at + 64]) for at in range(0, len(found.frontier), 64)])
    put_checkpoint(
        sql, found.size, root, notes.sign(TreeHead(found.origin, found.size, root).text, found.origin, signing_key())
    )


def put_checkpoint(sql: Sql, size: int, root: bytes, note: str) -> None:
    sql("DELETE FROM logbook_checkpoint WHERE size = %s", size)
    sql(
        "INSERT INTO logbook_checkpoint (size, root, note, made_at) VALUES (%s, %s, %s, %s)",
        size,
        root.hex(),
        note,
        str(timezone.now()),
    )


def change(sql: Sql, number: int) -> None:
    sql("UPDATE logbook_entry SET facts_text = '{\"place\":777}' WHERE number = %s", number)
    rebuild(sql)


def written_anew(sql: Sql) -> None:
    change(sql, 7)
    sign(sql)


def leave_out_end(sql: Sql) -> None:
    last = Head.objects.get().size
    sql("DELETE FROM logbook_personal WHERE entry_id > %s", last - 3)
    sql("DELETE FROM logbook_entry WHERE number > %s", last - 3)
    rebuild(sql)


def cut_and_signed(sql: Sql) -> None:
    leave_out_end(sql)
    sign(sql)


def unsigned_end(sql: Sql) -> None:
    last = Head.objects.get().size
    sql(
        f"INSERT INTO logbook_entry (number, {COLUMNS}, leaf_hash)"
        " SELECT %s, recorded_at, action, subject_kind, subject_id, camera, facts_text, '{}', leaf_hash"
        " FROM logbook_entry WHERE number = 3",
        last + 1,
    )
    rebuild(sql)


def taken_out(sql: Sql) -> None:
    sql("DELETE FROM logbook_personal WHERE entry_id = 30")
    for number in range(30, Head.objects.get().size):
        sql("DELETE FROM logbook_entry WHERE number = %s", number)
        sql("DELETE FROM logbook_personal WHERE entry_id = %s", number)
        sql(
            f"INSERT INTO logbook_entry (number, {COLUMNS}, leaf_hash)"
            f" SELECT %s, {COLUMNS}, leaf_hash FROM logbook_entry WHERE number = %s",
            number,
            number + 1,
        )
        sql("UPDATE logbook_personal SET entry_id = %s WHERE entry_id = %s", number, number + 1)
    sql("DELETE FROM logbook_entry WHERE number = %s", Head.objects.get().size)
    rebuild(sql)


def newest() -> Checkpoint:
    found = Checkpoint.objects.order_by("-size").first()
    assert found is not None
    return found


def other_key(sql: Sql) -> None:
    made, origin = newest(), Head.objects.get().origin
    text = TreeHead(origin, made.size, bytes.fromhex(made.root)).text
    put_checkpoint(sql, made.size, bytes.fromhex(made.root), notes.sign(text, origin, Ed25519PrivateKey.generate()))


def no_signature(sql: Sql) -> None:
    made = newest()
    text = TreeHead(Head.objects.get().origin, made.size, bytes.fromhex(made.root)).text
    put_checkpoint(sql, made.size, bytes.fromhex(made.root), f"{text}\n\u2014 nobody AAAA\n")


def older_head(sql: Sql) -> None:
    if Checkpoint.objects.filter(size=OLDER).exists():
        sql("DELETE FROM logbook_checkpoint WHERE size > %s", OLDER)


FORGE: dict[Forgery, Callable[[Sql], None]] = {
    Forgery.WRITTEN_ANEW: written_anew,
    Forgery.CUT_AND_SIGNED: cut_and_signed,
    Forgery.UNSIGNED_END: unsigned_end,
    Forgery.OLDER_HEAD: older_head,
    Forgery.LATE_CHANGED: lambda sql: change(sql, 33),
    Forgery.EARLY_CHANGED: lambda sql: change(sql, 4),
    Forgery.TAKEN_OUT: taken_out,
    Forgery.END_LEFT_OUT: leave_out_end,
    Forgery.OTHER_KEY: other_key,
    Forgery.NO_SIGNATURE: no_signature,
    Forgery.NAME_CHANGED: lambda sql: sql(
        "UPDATE logbook_personal SET value = 'Bryn Howell' WHERE field = 'actor_name' AND entry_id = 12"
    ),
}
#: What this check cannot hold against anything: it names the entries that nobody signed, and goes no further. Whoever
#: owns the database can take a checkpoint out of it; a head that somebody else holds is out of reach.
ONLY_SAID = {Forgery.UNSIGNED_END, Forgery.OLDER_HEAD}
#: ... and these go unseen behind an older head, for they lie after it.
BEHIND_IT = ONLY_SAID | {Forgery.LATE_CHANGED, Forgery.TAKEN_OUT, Forgery.END_LEFT_OUT}


#: A checkpoint that was spoilt and then taken out is not there any more.
SPOILT = {Forgery.OTHER_KEY, Forgery.NO_SIGNATURE}


def only_said(done: tuple[Forgery, ...]) -> bool:
    return harmless(done) or (Forgery.OLDER_HEAD in done and set(done) <= BEHIND_IT)


def harmless(done: tuple[Forgery, ...]) -> bool:
    """Whether every entry that was signed is as it was: the head that somebody else holds still fits."""
    return set(done) <= ONLY_SAID or (done[-1] == Forgery.OLDER_HEAD and set(done) <= ONLY_SAID | SPOILT)


def forged(done: tuple[Forgery, ...], heads: list[TreeHead]) -> tuple[Report, Report]:
    """The check's report, without and with the heads, after these forgeries; then all is as before."""
    with transaction.atomic():
        connection.check_constraints()  # PostgreSQL changes no table whose rows still wait to be checked
        triggers.remove(connection)
        with connection.cursor() as cursor:
            for one in done:
                FORGE[one](lambda statement, *values: cursor.execute(statement, values))
        connection.check_constraints()
        triggers.install(connection)
        reports = verify(), verify(heads=heads)
        transaction.set_rollback(True)
    return reports


def test_no_forgery_passes_for_signed_one_by_one_or_in_pairs(signed: TreeHead) -> None:
    assert set(FORGE) == set(Forgery)
    for done in one_by_one_and_in_pairs():
        alone, held = forged(done, [signed])
        seen = uncovered(done)
        if seen != done and Forgery.OLDER_HEAD in seen:  # signing anew left no older checkpoint to put there
            seen = tuple(one for one in seen if one != Forgery.OLDER_HEAD)
        if not seen:
            assert alone.sound or Forgery.NAME_CHANGED in done, (done, alone.findings)
        elif only_said(seen):
            assert alone.sound, (done, alone.findings)
            assert alone.unsigned > 0, done
        else:
            assert not alone.sound, done
        if harmless(done):
            assert held.sound
            assert held.vouched_for == SIZE
        else:
            assert not held.sound, done
    assert verify().sound, "each was taken back"


@pytest.mark.parametrize("forgery", WITH_THE_KEY)
def test_the_page_too_names_what_only_a_head_from_outside_shows(
    signed: TreeHead, intruder: Sql, forgery: Forgery
) -> None:
    assert kept_standing(signed.short).fits
    FORGE[forgery](intruder)
    assert not kept_standing(signed.short).fits


@pytest.mark.parametrize("forgery", [Forgery.OTHER_KEY, Forgery.NO_SIGNATURE])
def test_an_entry_under_a_head_that_nobody_signed_is_not_called_proven(
    signed: TreeHead, intruder: Sql, forgery: Forgery
) -> None:
    entry = Entry.objects.get(number=33)
    assert entry_standing(entry).fits
    FORGE[forgery](intruder)
    assert not entry_standing(entry).fits


def test_a_head_row_exchanged_beside_its_signed_note_proves_nothing(signed: TreeHead, intruder: Sql) -> None:
    change(intruder, 33)
    found = Head.objects.get()
    root = merkle.fold([bytes.fromhex(found.frontier[at : at + 64]) for at in range(0, len(found.frontier), 64)])
    intruder("UPDATE logbook_checkpoint SET root = %s WHERE size = %s", root.hex(), SIZE)
    assert not entry_standing(Entry.objects.get(number=33)).fits


def test_the_command_says_up_to_where_it_is_signed_of_what_age_and_what_is_not(
    signed: TreeHead, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["logbook", "verify"]) == 0
    said = capsys.readouterr().out
    assert f"Signed up to entry {SIZE}, which was written 20" in said
    assert "NOT SIGNED" not in said
    assert "NOT PROVEN: that nobody with this server's key wrote the logbook anew" in said
    write(2)
    assert main(["logbook", "verify", "--head", signed.short]) == 0
    said = capsys.readouterr().out
    assert f"NOT SIGNED: entries {SIZE + 1} to {SIZE + 2}." in said
    assert f"A head that you hold covers all up to entry {SIZE}." in said
    assert "NOT PROVEN" not in said
    assert "every entry is as it was written" not in said
    assert main(["logbook", "verify", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["signed"], told["unsigned"], told["held"]) == (SIZE, 2, 0)


def test_entries_left_unsigned_for_more_than_a_day_fail_unless_a_partial_answer_is_asked_for(
    signed: TreeHead, write: Write, intruder: Sql, capsys: pytest.CaptureFixture[str]
) -> None:
    write(1)
    long_ago = str(timezone.now() - timedelta(days=1, minutes=1))
    intruder("UPDATE logbook_entry SET recorded_at = %s WHERE number = %s", long_ago, SIZE + 1)
    rebuild(intruder)
    assert main(["logbook", "verify"]) == 1
    assert f"NOT SIGNED FOR MORE THAN A DAY: entry {SIZE + 1}." in capsys.readouterr().out
    assert main(["logbook", "verify", "--partial"]) == 0


def test_a_head_from_outside_that_disagrees_is_named(
    signed: TreeHead, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wrong = TreeHead(signed.origin, OLDER, bytes(32)).short
    (tmp_path / "head.txt").write_text(f"{signed.short}\n")
    assert main(["logbook", "verify", "--head", str(tmp_path / "head.txt"), "--head", wrong]) == 1
    said = capsys.readouterr().out
    assert f"WRONG: The first {OLDER} entries are not those of the head you hold ({wrong})" in said
    assert main(["logbook", "verify", "--head", TreeHead(signed.origin, SIZE + 5, bytes(32)).short]) == 1
    assert f"entries {SIZE + 1} to {SIZE + 5} were removed" in capsys.readouterr().out
    note = tmp_path / "note.txt"
    note.write_text(newest().note)
    assert main(["logbook", "verify", "--head", str(note)]) == 0


@pytest.mark.parametrize("given", ["40", "40:AAAA", "x:" + "0" * 64, "nowhere.txt", ""])
def test_what_is_no_head_is_refused(signed: TreeHead, capsys: pytest.CaptureFixture[str], given: str) -> None:
    assert main(["logbook", "verify", "--head", given]) == 2
    assert capsys.readouterr().err.startswith("overt: ")
    assert head().size == SIZE
