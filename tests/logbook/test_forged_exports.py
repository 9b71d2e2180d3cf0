"""An export that somebody forged, on its way or before it: what the offline check says, alone and with a head."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from logbook.forgeries import OLDER, SIZE, WITH_THE_KEY, WITHOUT_IT, Forgery, one_by_one_and_in_pairs, uncovered
from overt.accounts.models import User
from overt.logbook import inspect_offline, notes
from overt.logbook.checkpoints import head, make_checkpoint
from overt.logbook.export import export, export_statement
from overt.logbook.keys import own_verifier_key, signing_key
from overt.logbook.models import Entry
from overt.logbook.services import erase

Write = Callable[..., list[Entry]]
Output = pytest.CaptureFixture[str]


class Visit:
    """What an inspector has: the export, the logbook's key, and heads from outside."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.export = folder, folder / "export"
        self.key = own_verifier_key(head().origin)
        (folder / "kept.txt").write_text((self.export / "checkpoint.txt").read_text())
        self.head = notes.unchecked_tree_head((self.export / "checkpoint.txt").read_text()).short

    def inspect(self, capsys: Output, *more: str) -> tuple[int, str]:
        """Exit code and what was said."""
        capsys.readouterr()
        code = inspect_offline.main([str(self.export), "--key", self.key, *more])
        said = capsys.readouterr()
        return code, said.out + said.err

    def lines(self) -> list[bytes]:
        return (self.export / "entries.jsonl").read_bytes().splitlines()

    def put(self, lines: list[bytes]) -> None:
        (self.export / "entries.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


@pytest.fixture
def visit(write: Write, hari: User, tmp_path: Path) -> Visit:
    write(OLDER - 1)
    erase(5, by=hari, reason="asked")
    make_checkpoint()
    write(SIZE - OLDER)
    export(tmp_path / "export", with_personal=True)
    return Visit(tmp_path)


@pytest.fixture
def copies(visit: Visit, tmp_path: Path) -> Callable[[], Visit]:
    numbers = iter(range(1000))

    def copy() -> Visit:
        folder = tmp_path / f"copy-{next(numbers)}"
        shutil.copytree(visit.export, folder / "export")
        found = Visit.__new__(Visit)
        found.__dict__.update(visit.__dict__, folder=folder, export=folder / "export")
        return found

    return copy


def changed(line: bytes) -> bytes:
    """Another entry in canonical form under the same number."""
    found = json.loads(line)
    found["facts"]["place"] = found["facts"].get("place", 0) + 1000
    return inspect_offline.canonical(found)


def written_anew(visit: Visit) -> None:
    lines = visit.lines()
    sign_all(visit, [*lines[:6], changed(lines[6]), *lines[7:]])


def cut_and_signed(visit: Visit) -> None:
    sign_all(visit, visit.lines()[:-3])


def sign_all(visit: Visit, lines: list[bytes]) -> None:
    """What whoever holds the key can do: entries, checkpoint and statement of one mould."""
    tree = inspect_offline.Tree()
    for line in lines:
        tree.add(line)
    visit.put(lines)
    origin = head().origin
    note = notes.sign(notes.TreeHead(origin, len(lines), tree.root()).text, origin, signing_key())
    (visit.export / "checkpoint.txt").write_text(note)
    (visit.export / "checkpoints.jsonl").write_text("")
    told = 0
    for number, line in enumerate(lines, 1):
        told = number if b'"logbook.exported"' in line else told
    if not told:  # the scheme's own export is the last thing it tells of
        lines[-1] = inspect_offline.canonical({**json.loads(lines[-1]), "action": "logbook.exported"})
        sign_all(visit, lines)
        return
    numbers = range(1, len(lines) + 1)
    kept = [row for row in personal(visit) if row["entry"] in numbers]
    put_personal(visit, [row for row in kept if row.get("erased_by", 1) in numbers])
    beside = [visit.export / "lines.jsonl", visit.export / "personal.jsonl"]
    (visit.export / "export.txt").write_text(export_statement(origin, len(lines), told, beside))


def personal(visit: Visit) -> list[dict[str, object]]:
    return [json.loads(line) for line in (visit.export / "personal.jsonl").read_text().splitlines()]


def put_personal(visit: Visit, rows: list[dict[str, object]]) -> None:
    (visit.export / "personal.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def unsigned_end(visit: Visit) -> None:
    lines = visit.lines()
    added = {**json.loads(lines[-2]), "number": len(lines) + 1, "commitments": {}}
    visit.put([*lines, inspect_offline.canonical(added)])


def older_head(visit: Visit) -> None:
    """As careful as can be: whatever else says where the export ends goes too."""
    older = (visit.export / "checkpoints.jsonl").read_text().splitlines()
    if older:
        (visit.export / "checkpoint.txt").write_text(json.loads(older[0])["note"])
    (visit.export / "checkpoints.jsonl").write_text("")
    (visit.export / "export.txt").unlink(missing_ok=True)


def change(visit: Visit, number: int) -> None:
    lines = visit.lines()
    visit.put([*lines[: number - 1], changed(lines[number - 1]), *lines[number:]])


def taken_out(visit: Visit) -> None:
    lines = visit.lines()
    later = [
        inspect_offline.canonical({**json.loads(line), "number": json.loads(line)["number"] - 1}) for line in lines[30:]
    ]
    visit.put([*lines[:29], *later])


def end_left_out(visit: Visit) -> None:
    lines = visit.lines()
    visit.put(lines[:-3])
    put_personal(visit, [row for row in personal(visit) if row["entry"] <= len(lines) - 3])  # type: ignore[operator]


def other_key(visit: Visit) -> None:
    text = (visit.export / "checkpoint.txt").read_text().rpartition("\n\n")[0] + "\n"
    (visit.export / "checkpoint.txt").write_text(notes.sign(text, head().origin, Ed25519PrivateKey.generate()))


def no_signature(visit: Visit) -> None:
    text = (visit.export / "checkpoint.txt").read_text().rpartition("\n\n")[0] + "\n"
    (visit.export / "checkpoint.txt").write_text(text + "\n\u2014 nobody AAAA\n")


def name_changed(visit: Visit) -> None:
    rows = personal(visit)
    at = next(n for n, row in enumerate(rows) if row["field"] == "actor_name" and row.get("value"))
    put_personal(visit, [*rows[:at], {**rows[at], "value": "Bryn Howell"}, *rows[at + 1 :]])


FORGE: dict[Forgery, Callable[[Visit], None]] = {
    Forgery.WRITTEN_ANEW: written_anew,
    Forgery.CUT_AND_SIGNED: cut_and_signed,
    Forgery.UNSIGNED_END: unsigned_end,
    Forgery.OLDER_HEAD: older_head,
    Forgery.LATE_CHANGED: lambda visit: change(visit, 33),
    Forgery.EARLY_CHANGED: lambda visit: change(visit, 4),
    Forgery.TAKEN_OUT: taken_out,
    Forgery.END_LEFT_OUT: end_left_out,
    Forgery.OTHER_KEY: other_key,
    Forgery.NO_SIGNATURE: no_signature,
    Forgery.NAME_CHANGED: name_changed,
}


def test_the_honest_export_is_proven_and_the_verdict_says_up_to_where_and_of_what_age(
    visit: Visit, capsys: Output
) -> None:
    for outside in (["--head", visit.head], ["--since", str(visit.folder / "kept.txt")]):
        code, said = visit.inspect(capsys, *outside)
        assert code == 0, said
        assert f"Signed up to entry {SIZE + 1}, which was written 20" in said
        assert "ago by this computer's clock" in said or "just now by this computer's clock" in said
        assert "Every entry is as it was written and signed; none is missing." in said
        assert "NOT PROVEN" not in said
        assert "NOT SIGNED" not in said


def test_without_a_head_from_outside_it_says_what_only_that_can_show(visit: Visit, capsys: Output) -> None:
    code, said = visit.inspect(capsys)
    assert code == 0
    assert "NOT PROVEN: that the scheme did not write its logbook anew" in said


def test_no_forgery_passes_one_by_one_or_in_pairs(copies: Callable[[], Visit], capsys: Output) -> None:
    assert set(FORGE) == set(Forgery)
    for done in one_by_one_and_in_pairs():
        forged = copies()
        for one in done:
            FORGE[one](forged)
        code, said = forged.inspect(capsys)
        if not uncovered(done):
            assert "NOT PROVEN: that the scheme did not write its logbook anew" in said, (done, said)
        else:
            assert code == 1, (done, said)
            assert "Every entry is as it was written" not in said, (done, said)
        code, said = forged.inspect(capsys, "--head", forged.head)
        if done != (Forgery.UNSIGNED_END,) and Forgery.NAME_CHANGED not in done:
            assert code == 1, (done, said)
        shutil.rmtree(forged.folder)


@pytest.mark.parametrize("forgery", WITH_THE_KEY)
def test_what_the_key_s_holder_forged_is_named_by_the_head_somebody_else_holds(
    visit: Visit, capsys: Output, forgery: Forgery
) -> None:
    FORGE[forgery](visit)
    assert visit.inspect(capsys)[0] == 0, "nothing in the export can show it"
    for outside in (["--head", visit.head], ["--since", str(visit.folder / "kept.txt")]):
        code, said = visit.inspect(capsys, *outside)
        assert code == 1
        assert "WRONG: Your " in said
    code, said = visit.inspect(capsys, "--head", visit.head, "--partial")
    assert code == 1, "a partial answer is no wrong one"


@pytest.mark.parametrize("forgery", WITHOUT_IT)
def test_each_forgery_alone_is_refused_and_a_partial_answer_says_up_to_where(
    visit: Visit, capsys: Output, forgery: Forgery
) -> None:
    FORGE[forgery](visit)
    assert visit.inspect(capsys)[0] == 1
    code, said = visit.inspect(capsys, "--partial")
    if forgery == Forgery.UNSIGNED_END:
        assert (code, f"NOT SIGNED: entry {SIZE + 2}." in said) == (0, True)
        assert f"Entries 1 to {SIZE + 1} are as they were written and signed; none of them is missing." in said
    elif forgery == Forgery.OLDER_HEAD:
        assert code == 0
        assert f"Signed up to entry {OLDER}, which was written" in said
        assert f"NOT SIGNED: entries {OLDER + 1} to {SIZE + 1}." in said
        assert "NOT PROVEN: that the logbook ended here when it was exported" in said
    else:
        assert code == 1


def test_an_older_head_with_everything_after_it_left_out_is_not_taken_for_the_whole(
    visit: Visit, capsys: Output
) -> None:
    """The whole export cut back to an older genuine checkpoint: nothing in it is unsigned, and it ends too early."""
    older_head(visit)
    visit.put(visit.lines()[:OLDER])
    put_personal(visit, [row for row in personal(visit) if row["entry"] <= OLDER])  # type: ignore[operator]
    code, said = visit.inspect(capsys)
    assert code == 1
    assert "that the logbook ended here when it was exported" in said


def test_an_export_s_own_statement_of_another_size_is_named(visit: Visit, capsys: Output) -> None:
    older = json.loads((visit.export / "checkpoints.jsonl").read_text().splitlines()[0])["note"]
    (visit.export / "checkpoint.txt").write_text(older)
    code, said = visit.inspect(capsys, "--partial")
    assert code == 1
    assert f"The export was made at {SIZE + 1} entries, and its newest checkpoint covers {OLDER}" in said


@pytest.mark.parametrize("name", ["lines.jsonl", "personal.jsonl"])
def test_a_file_beside_that_is_gone_or_changed_is_named(visit: Visit, capsys: Output, name: str) -> None:
    original = (visit.export / name).read_bytes()
    (visit.export / name).write_bytes(original.replace(b"Thing sealed", b"Nothing seen"))
    if name == "lines.jsonl":
        code, said = visit.inspect(capsys)
        assert code == 1
        assert f"WRONG: {name.capitalize()} was changed since the export was made." in said
    (visit.export / name).unlink()
    code, said = visit.inspect(capsys)
    assert code == 1
    assert f"WRONG: {name.capitalize()} is missing since the export was made." in said


@pytest.mark.parametrize("line", [1, 2, 3, 4])
def test_a_statement_that_was_changed_is_not_signed(visit: Visit, capsys: Output, line: int) -> None:
    lines = (visit.export / "export.txt").read_text().split("\n")
    lines[line] = {1: "logbook export ", 2: "40", 3: "40", 4: "2031-01-01T00:00:00Z"}[line]
    (visit.export / "export.txt").write_text("\n".join(lines))
    code, said = visit.inspect(capsys)
    assert code == 1
    assert "WRONG: Export.txt " in said


def test_an_erasure_that_only_an_unsigned_entry_tells_of_is_none(visit: Visit, capsys: Output) -> None:
    lines = visit.lines()
    told = {**json.loads(lines[-2]), "number": SIZE + 2, "commitments": {}, "action": "logbook.personal.erased"}
    told["facts"] = {"erased": {"9": ["reason"]}}
    visit.put([*lines, inspect_offline.canonical(told)])
    rows = personal(visit)
    at = next(n for n, row in enumerate(rows) if (row["entry"], row["field"]) == (9, "reason"))
    put_personal(visit, [*rows[:at], {"entry": 9, "field": "reason", "erased_by": SIZE + 2}, *rows[at + 1 :]])
    code, said = visit.inspect(capsys, "--partial")
    assert code == 1
    assert f"its reason is gone and only entry {SIZE + 2} tells of it, which is not signed." in said


def given_heads(visit: Visit) -> Iterator[str]:
    size, _, root = visit.head.partition(":")
    yield visit.head
    yield f" {size} : {root} "
    yield f"{size}:{b64decode(root).hex()}"
    yield f"{size}:{b64decode(root).hex().upper()}"
    for name, text in (("head.txt", visit.head + "\n\n"), ("note.txt", (visit.folder / "kept.txt").read_text())):
        (visit.folder / name).write_text(text.replace("\n\n", "\n") if name == "head.txt" else text)
        yield str(visit.folder / name)


def test_a_head_is_taken_as_it_is_printed_or_from_a_file(visit: Visit, capsys: Output) -> None:
    for given in given_heads(visit):
        code, said = visit.inspect(capsys, "--head", given)
        assert (code, "Nothing that your " in said) == (0, True), (given, said)


def test_of_several_heads_the_one_that_disagrees_is_named(visit: Visit, capsys: Output) -> None:
    wrong = f"{OLDER}:{b64encode(bytes(32)).decode()}"
    code, said = visit.inspect(capsys, "--head", visit.head, "--head", wrong)
    assert code == 1
    assert f"WRONG: Your head {wrong} at {OLDER} entries does not fit" in said
    beyond = f"{SIZE + 9}:{b64encode(bytes(32)).decode()}"
    code, said = visit.inspect(capsys, "--head", visit.head, "--head", beyond)
    assert code == 1
    assert f"Your head {beyond} covers {SIZE + 9} entries; the export has {SIZE + 1}" in said


def test_a_head_covers_what_no_signature_does(visit: Visit, capsys: Output) -> None:
    """A partner's printed head is newer than the newest checkpoint left in the export: it vouches for all the same."""
    older_head(visit)
    code, said = visit.inspect(capsys, "--head", visit.head, "--partial")
    assert code == 0
    assert "NOT SIGNED" not in said
    assert f"Nothing that your head {visit.head} covers was changed or removed." in said


@pytest.mark.parametrize(
    "given", ["41", "41:", "41:AAAA", "x:" + "0" * 64, "+1:" + "0" * 64, "041:" + "0" * 64, "nowhere.txt"]
)
def test_what_is_no_head_is_refused(visit: Visit, capsys: Output, given: str) -> None:
    code, said = visit.inspect(capsys, "--head", given)
    assert (code, "cannot check: " in said) == (2, True)
