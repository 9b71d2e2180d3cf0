"""The `footage` command: the engine alone, without the scheme.

Exit codes: 0 done, 1 found something wrong, 2 bad input or a store that cannot be used, 3 nothing there. The shapes
of the JSON are in docs/footage-cli.md and kept.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from footage.commands import clip, keep, record, spans
from footage.contract import FootageError, NoFootage

DONE, FOUND_PROBLEMS, BAD_INPUT, NOTHING_THERE = 0, 1, 2, 3
Run = Callable[[argparse.Namespace], int]

#: Commands of other rooms: loaded when called, for some need the `picture` extra.
ELSEWHERE = {
    "simcam": ("footage.simcam.cli", "serve files as RTSP cameras"),
    "scene": ("footage.simcam.scenes.cli", "draw street scenes to film"),
    "bench": ("footage.bench.cli", "measure the recorder"),
    "node": ("footage.node.options", "record a store's cameras as a service"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in ELSEWHERE:
        return _elsewhere(words[0], words[1:])
    args = _parser().parse_args(words)
    run: Run = args.run_command
    try:
        return run(args)
    except NoFootage as error:
        return _say(error, NOTHING_THERE)
    except FootageError as error:
        return _say(error, NOTHING_THERE if error.code == "store-missing" else BAD_INPUT)
    except OSError as error:
        return _say(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), BAD_INPUT)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="footage", description="Record cameras byte-exact, and look after what was recorded."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, help_text, add_arguments, run in (
        ("record", "record cameras until stopped", record.add_arguments, record.run),
        ("spans", "what was recorded of a camera, what was not, and why", spans.add_arguments, spans.run),
        ("clip", "cut a span into a file", clip.add_arguments, clip.run),
        ("check", "compare the journal with the disk", keep.add_check_arguments, keep.run_check),
        ("reindex", "make the journal anew from the disk alone", keep.add_reindex_arguments, keep.run_reindex),
        (
            "retention",
            "what is kept, and whether the clock is trusted",
            keep.add_retention_arguments,
            keep.run_retention,
        ),
    ):
        command = commands.add_parser(name, help=help_text, description=help_text.capitalize() + ".")
        add_arguments(command)
        command.set_defaults(run_command=run)
    for name, (_, help_text) in ELSEWHERE.items():
        commands.add_parser(name, help=help_text, add_help=False)
    return parser


def _elsewhere(name: str, words: Sequence[str]) -> int:
    module, help_text = ELSEWHERE[name]
    try:
        room = import_module(module)
    except ModuleNotFoundError as error:
        return _say(f"`footage {name}` needs {error.name}, which is not installed (the `picture` extra)", BAD_INPUT)
    parser = argparse.ArgumentParser(prog=f"footage {name}", description=help_text.capitalize() + ".")
    room.add_arguments(parser)
    args = parser.parse_args(words)
    try:
        return int(room.run(args))
    except FootageError as error:
        return _say(error, BAD_INPUT)


def _say(error: object, code: int) -> int:
    print(f"footage: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
