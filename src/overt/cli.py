"""The `overt` command. Each room brings its own subcommands; this module only finds them and sets the stage.

Exit codes: 0 done, 1 found something wrong, 2 bad input or setting, 3 nothing there, 4 refused; a command may say
more of its own.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import cast

from overt.rooms import by_name, modules

#: The house's own commands; the rooms' are in their `cli.py`, each with its `add_arguments(subparsers)`.
HOUSE = ("overt.up.cli", "overt.demo.cli")
#: These make an installation where there is none; the others are for one that is there.
MAKERS = {"up", "demo", "worker"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Errors for people are one sentence on standard error."""
    os.umask(0o077)  # what a command writes is its caller's alone, as what the installation keeps is
    words = list(sys.argv[1:] if arguments is None else arguments)
    words = _take_data_option(words)
    alone = _alone(words[0]) if words else None
    parser = _parser([alone] if alone else [*modules("cli"), *HOUSE])
    options = parser.parse_args(words)
    run = cast("Callable[[argparse.Namespace], int] | None", getattr(options, "run", None))
    if run is None:
        parser.print_help()
        return 2
    if alone is None and (code := _nothing_there(words[0]) or _set_up_django()) != 0:
        return code
    return _run(run, options)


def _alone(command: str) -> str | None:
    """The module of a command that a stranger runs on a copy, with no installation; None for any other."""
    return next((f"overt.{name}.cli" for name, room in by_name().items() if command in room.alone), None)


def _take_data_option(words: list[str]) -> list[str]:
    """`--data DIR`, wherever it stands, names the installation: settings are read from it, so it is taken first."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--data")
    found, rest = first.parse_known_args(words)
    if found.data:
        os.environ["OVERT_DATA"] = found.data
    return rest


def _nothing_there(command: str) -> int:
    """3 for a command on a folder that is not there: settings would make it, and the command find it empty."""
    folder = Path(os.environ.get("OVERT_DATA") or "data")
    return 0 if command in MAKERS or folder.exists() else _no_installation(folder)


def _no_installation(folder: Path) -> int:
    words = f"there is no installation in {folder}. Give its folder with --data DIR or OVERT_DATA"
    print(f"overt: {words}; `overt up --data DIR` makes one.", file=sys.stderr)
    return 3


def _set_up_django() -> int:
    import django

    from overt.shared.env import WrongSetting

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overt.settings")
    try:
        django.setup()
    except WrongSetting as error:
        print(f"overt: {error}", file=sys.stderr)
        return 2
    except OSError as error:  # settings make the folder of secrets
        folder = os.environ.get("OVERT_DATA") or "data"
        words = f"the data folder {folder} cannot be used: {error.strerror} ({error.filename})"
        print(f"overt: {words}. Expected one that can be made and written: --data DIR or OVERT_DATA.", file=sys.stderr)
        return 2
    return 0


def _parser(modules: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="overt",
        description="Runs a public-space CCTV scheme the way its code of practice says it must be run.",
        epilog="--data DIR before or after any command names the installation's folder (default ./data or OVERT_DATA).",
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name in modules:
        import_module(name).add_arguments(subparsers)
    return parser


def _run(run: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    from footage.contract import FootageError
    from overt.shared.env import WrongSetting
    from overt.shared.errors import OvertError

    try:
        return run(options)
    except (OvertError, FootageError, WrongSetting) as error:
        print(f"overt: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone; there is nobody to tell
        return 0
    except Exception as error:
        if not _is_of_the_database(error):
            raise
        return _database_failed(error)


def _is_of_the_database(error: Exception) -> bool:
    """Asked without loading Django, which a command that stands alone does not need."""
    errors = sys.modules.get("django.db.utils")
    return errors is not None and isinstance(error, (errors.OperationalError, errors.ProgrammingError))


def _database_failed(error: Exception) -> int:
    """No tables: a folder that was never started. No database: one sentence. Anything else is a fault of ours."""
    from django.conf import settings
    from django.db import connection

    try:
        made = bool(connection.introspection.table_names())
    except Exception:  # whatever the driver says, it cannot be reached
        print(f"overt: the database cannot be used: {str(error).splitlines()[0]}", file=sys.stderr)
        return 2
    if made:
        raise error
    return _no_installation(Path(settings.DATA))


if __name__ == "__main__":
    sys.exit(main())
