"""`overt export` and `overt verify`. Verifying needs no database, no settings and no Django: it is verify.py itself.

Exit codes of `overt verify`: 0 good; 1 altered; 2 cannot be checked; 3 unknown key; 4 wrong key; 5 no time stamp.
Exit codes of `overt export`: 0 done; 1 the exhibit could not be sealed; 2 what was given cannot be used; 3 there is no
such camera or person, or the camera is not that person's; 4 refused to the person named by --as.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from overt.evidence.bag import verify

if TYPE_CHECKING:
    from overt.accounts.models import User

DONE, FAILED, MISUSED, MISSING, REFUSED = 0, 1, 2, 3, 4


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Put `export` and `verify` under the main command."""
    check = subparsers.add_parser(
        "verify",
        help="check a sealed exhibit",
        description="Reads every byte of a sealed exhibit; says what is proven, what is not, and where it differs.",
        epilog="Exit codes: 0 good, 1 altered, 2 cannot be checked, 3 unknown key, 4 wrong key, 5 no time stamp.",
    )
    verify.add_arguments(check)
    check.set_defaults(run=verify.run)
    export = subparsers.add_parser("export", help="seal a clip as an exhibit and copy its bag out")
    export.add_argument("camera", metavar="CAMERA", help="the camera's number")
    export.add_argument("start", metavar="START", help="2026-11-22T02:14:07Z, or with another offset")
    export.add_argument("end", metavar="END")
    export.add_argument("--ref", required=True, help="the exhibit's reference, such as JD-7")
    export.add_argument("--reason", default="", help="why; it goes into the logbook and the exhibit")
    export.add_argument("--out", required=True, type=Path, metavar="DIR", help="the bag is copied to DIR/REF")
    export.add_argument("--as", dest="person", default="", metavar="NAME", help="whose act it is, by sign-in name")
    export.add_argument("--json", action="store_true", help="answer in JSON")
    export.set_defaults(run=run_export)


def run_export(options: argparse.Namespace) -> int:
    """Seal here and now, without the worker, and copy the bag out."""
    from footage.contract import FootageError
    from overt.shared.errors import NotThere, OvertError, Refused

    try:
        return _export(options)
    except (OvertError, FootageError) as error:
        _say(options, {"code": error.code, "detail": str(error)}, f"overt export: {error}", wrong=True)
        return MISSING if isinstance(error, NotThere) else REFUSED if isinstance(error, Refused) else MISUSED


def _export(options: argparse.Namespace) -> int:
    from overt.evidence.copies.export import export_bag
    from overt.evidence.exhibits.rules import ExhibitState
    from overt.evidence.exhibits.services.opening import ClipRequest, open_exhibit
    from overt.evidence.exhibits.services.sealing import run_sealing
    from overt.evidence.moments import moment_90k

    _check_out(options)
    person = _person(options.person)
    _check_may_export(person, options.camera)
    wish = ClipRequest(options.camera, moment_90k(options.start, what="start"), moment_90k(options.end, what="end"))
    exhibit, missing = open_exhibit(person, options.ref, options.reason, [wish], start_job=False)
    bar = _Bar(quiet=options.json)
    exhibit = run_sealing(exhibit.pk, bar.tell)
    bar.close()
    if exhibit.state != ExhibitState.SEALED:
        _say(options, {"code": exhibit.failure_code, "detail": exhibit.failure}, exhibit.failure, wrong=True)
        return FAILED
    folder = export_bag(exhibit, options.out, by=person, reason=options.reason)
    gaps = [f"{gap.words} ({gap.cause})" for gap in missing]
    words = f"{exhibit.reference} is sealed: {folder}" + "".join(f"\n  missing: {gap}" for gap in gaps)
    answer: dict[str, object] = {
        "reference": exhibit.reference,
        "folder": str(folder),
        "key": exhibit.key_fingerprint,
        "gaps": gaps,
    }
    _say(options, answer, words)
    return DONE


def _check_out(options: argparse.Namespace) -> None:
    """Before anything is sealed: a reference is used up by sealing."""
    from overt.evidence.copies.export import export_reason
    from overt.evidence.errors import BadReference
    from overt.evidence.exhibits.rules import clean_reference

    export_reason(options.reason)
    target = options.out / clean_reference(options.ref)
    if target.exists():
        raise BadReference(f"{target} is there already. Name another folder; nothing was sealed.")
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=options.out).close()
    except OSError as error:
        raise BadReference(f"Nothing can be written to {options.out}: {error.strerror}. Nothing was sealed.") from error


def _check_may_export(person: User | None, camera: str) -> None:
    """Before anything is sealed: whoever may seal may not always take away. Raises NotYours or NoSuchCamera."""
    from overt.access.doors import need
    from overt.access.rules import Act
    from overt.estate.queries import access_camera

    if person is not None:
        need(person, Act.SEAL_EXHIBIT)
        need(person, Act.EXPORT_BAG)
        access_camera(person, camera, to=Act.EXPORT_BAG)


def _person(name: str) -> User | None:
    from overt.accounts.models import User
    from overt.shared.errors import NotThere

    if not name:
        return None
    found = User.objects.filter(username=name.strip().lower(), is_active=True).first()
    if found is None:
        raise NotThere(f"There is nobody with the sign-in name {name}.")
    return found


def _say(options: argparse.Namespace, answer: dict[str, object], words: str, *, wrong: bool = False) -> None:
    if options.json:
        print(json.dumps(answer))
    else:
        print(words, file=sys.stderr if wrong else sys.stdout)


class _Bar:
    """A progress line with the time left, on a terminal only."""

    def __init__(self, *, quiet: bool) -> None:
        from tqdm import tqdm

        off = quiet or not sys.stderr.isatty()
        form = "{desc} {percentage:3.0f} % {bar} {remaining} left"
        self._bar = tqdm(total=1, desc="Sealing", disable=off, bar_format=form, leave=False)

    def tell(self, done: int, total: int) -> None:
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        self._bar.close()
