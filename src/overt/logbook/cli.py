"""`overt logbook verify|checkpoint|prove|since|export|key|change-key`.

Exit codes: 0 sound or done, 1 something is wrong with the logbook, 2 what was given cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from overt.shared.lines import visible

if TYPE_CHECKING:
    from overt.logbook.findings import Report
    from overt.logbook.models import Entry
    from overt.logbook.notes import TreeHead
    from overt.logbook.since import Since
    from overt.logbook.verify import Progress


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `logbook` and its subcommands; each sets `run`."""
    room = subparsers.add_parser("logbook", help="check, sign and prove the logbook")
    commands = room.add_subparsers(title="commands", metavar="COMMAND", required=True)

    verify = commands.add_parser(
        "verify",
        help="recompute the whole logbook and say which entry is wrong",
        description="Recomputes the whole logbook: which entry is wrong, up to which entry all are signed, and of what"
        " age that is. What comes after it nobody can vouch for but whoever owns the database.",
        epilog="Exit codes: 0 sound; 1 something is wrong, or entries were left unsigned for more than a day.",
    )
    verify.add_argument("--json", action="store_true")
    verify.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="HEAD",
        help="a head that somebody else holds: SIZE:HASH as it is printed, or a file with it or with a checkpoint",
    )
    verify.add_argument("--partial", action="store_true", help="be content with entries unsigned for more than a day")
    verify.set_defaults(run=_verify)

    checkpoint = commands.add_parser("checkpoint", help="sign the logbook as it is now and print the checkpoint")
    checkpoint.add_argument("--out", type=Path, help="write it to this file instead")
    checkpoint.set_defaults(run=_checkpoint)

    prove = commands.add_parser("prove", help="print the proof that an entry is in the logbook (C2SP tlog-proof)")
    prove.add_argument("entry", type=int, help="the entry's number")
    prove.add_argument("--out", type=Path, help="write it to this file instead")
    prove.set_defaults(run=_prove)

    since = commands.add_parser("since", help="prove that nothing was removed since a checkpoint, and list what is new")
    since.add_argument("checkpoint", type=Path, help="the file with the checkpoint that was kept")
    since.add_argument("--json", action="store_true")
    since.set_defaults(run=_since)

    export = commands.add_parser("export", help="write the logbook out for an inspector, with the program to check it")
    export.add_argument("folder", type=Path)
    export.add_argument("--with-personal", action="store_true", help="names and reasons too")
    export.add_argument("--reason", default="", help="why, for the logbook")
    export.set_defaults(run=_export)

    key = commands.add_parser("key", help="print the line by which others know the logbook's key")
    key.add_argument("--changes", action="store_true", help="its changes instead, signed by the old key and the new")
    key.set_defaults(run=_key)

    change = commands.add_parser("change-key", help="make a new key, vouched for by the old one, which is destroyed")
    change.add_argument("--reason", required=True, help="why, for the logbook")
    change.set_defaults(run=_change_key)


def _verify(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from overt.logbook.verify import verify

    heads = [_head(given) for given in options.head]
    with _bar() as progress:
        report = verify(progress, heads)
    late = report.overdue(timezone.now())
    if options.json:
        print(json.dumps(report.as_json()))
    else:
        _tell(report, late=late)
    return 0 if report.sound and (options.partial or not late) else 1


def _head(given: str) -> TreeHead:
    """A head from the command line: itself, or the file that holds it. Raises BadInput."""
    from overt.logbook.checkpoints import read_head

    return read_head(_text(Path(given)) if Path(given).is_file() else given)


def _text(path: Path) -> str:
    from overt.shared.errors import BadInput

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from None


def _tell(report: Report, *, late: bool) -> None:
    print(
        f"{report.entries} entries, {report.opened} personal values opened, {report.erased} erased,"
        f" {report.checkpoints} checkpoints, in {report.seconds:.1f} s"
    )
    print(f"root {b64encode(report.root).decode()}")
    for finding in report.findings:
        print(f"WRONG: {visible(finding.words)}")
    if report.sound:
        print(f"The logbook is sound: {_sound(report)}")
    _tell_signed(report, late=late)


def _sound(report: Report) -> str:
    if not report.unsigned:
        return "every entry is as it was written, none is missing, every checkpoint fits."
    return "every entry fits the tree, none is missing, every checkpoint fits."


def _tell_signed(report: Report, *, late: bool) -> None:
    """What vouches for it, up to where and of what age; and what nothing here can show."""
    if report.signed_at is not None:
        print(f"Signed up to entry {report.signed}, which was written {_when(report.signed_at)}.")
    if report.held:
        print(f"A head that you hold covers all up to entry {report.held}.")
    if report.unsigned:
        first, last = report.vouched_for + 1, report.size
        which = f"entry {last}" if first == last else f"entries {first} to {last}"
        print(
            f"NOT SIGNED{' FOR MORE THAN A DAY' if late else ''}: {which}. That nobody wrote into the database there"
            " shows only once it is signed, and held by others."
        )
    if not report.held_given:
        print(
            "NOT PROVEN: that nobody with this server's key wrote the logbook anew, or left out its end. A head that"
            " somebody else holds shows it: --head."
        )


def _checkpoint(options: argparse.Namespace) -> int:
    from overt.logbook.checkpoints import make_checkpoint

    return _give(make_checkpoint().note, options.out)


def _prove(options: argparse.Namespace) -> int:
    from overt.logbook.append import bytes_of
    from overt.logbook.checkpoints import inclusion_proof
    from overt.logbook.errors import NoSuchEntry
    from overt.logbook.models import Entry

    entry = Entry.objects.filter(number=options.entry).first()
    if entry is None:
        raise NoSuchEntry(f"There is no entry {options.entry}.")
    return _give(inclusion_proof(entry.number, entry=bytes_of(entry)), options.out)


def _since(options: argparse.Namespace) -> int:
    from overt.logbook.since import since

    note = _text(options.checkpoint)
    with _bar() as progress:
        found = since(note, progress)
    if options.json:
        print(json.dumps(_since_json(found)))
    else:
        _tell_since(found)
    return 0 if found.report.sound else 1


def _tell_since(found: Since) -> None:
    for finding in found.report.findings:
        print(f"WRONG: {visible(finding.words)}")
    if found.report.sound:
        print(f"Nothing of the {found.kept.size} entries in your checkpoint was changed or removed.")
    print(f"{max(0, found.report.size - found.kept.size)} are new:")
    for entry in found.new_entries().iterator(chunk_size=1000):
        print(_line(entry))


def _since_json(found: Since) -> dict[str, object]:
    new = found.new_entries().iterator(chunk_size=1000)
    return {
        **found.report.as_json(),
        "checkpoint_size": found.kept.size,
        "consistency": [b64encode(part).decode() for part in found.path],
        "new": [{"number": e.number, "at": e.recorded_at.isoformat(), "action": e.action} for e in new],
    }


def _line(entry: Entry) -> str:
    from overt.logbook.telling import line_of, words_for

    subject = f"{entry.subject_kind} {entry.subject_id}".strip()
    told = "  ".join(part for part in (words_for(entry.action), subject, line_of(entry)) if part)
    return f"{entry.number:>9}  {_when(entry.recorded_at)}  {visible(told)}"


def _when(moment: datetime) -> str:
    from django.utils import timezone

    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S %Z")


def _export(options: argparse.Namespace) -> int:
    from overt.logbook.export import export

    with _bar() as progress:
        size = export(options.folder, with_personal=options.with_personal, reason=options.reason, progress=progress)
    print(f"{size} entries in {options.folder}. To check them: python3 {options.folder / 'inspect_offline.py'} FOLDER")
    return 0


def _key(options: argparse.Namespace) -> int:
    from overt.logbook.checkpoints import head
    from overt.logbook.keys import own_verifier_key
    from overt.logbook.succession import changes_text

    if options.changes:
        return _give(changes_text(), None)
    return _give(own_verifier_key(head().origin) + "\n", None)


def _change_key(options: argparse.Namespace) -> int:
    from overt.logbook.change_key import change_key
    from overt.logbook.checkpoints import head
    from overt.logbook.keys import own_verifier_key

    made = change_key(reason=options.reason)
    print(f"The old key signed up to entry {made.size} and is destroyed. The new one:")
    print(own_verifier_key(head().origin))
    return 0


def _give(text: str, out: Path | None) -> int:
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")
    return 0


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """A progress line with the time left, where a person watches; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    from overt.logbook.checkpoints import head

    with tqdm(total=head().size, unit="entries", unit_scale=True, leave=False) as bar:

        def progress(number: int) -> None:
            if number % 1000 == 0:
                bar.update(number - bar.n)

        yield progress
