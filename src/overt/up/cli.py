"""`overt up`, `overt worker`, `overt status`: running an installation and asking how it is."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    up = subparsers.add_parser("up", help="start the recorder, the pages and the worker, and keep them running")
    add_up_arguments(up)
    up.set_defaults(run=run_up)
    worker = subparsers.add_parser("worker", help="run the background worker alone")
    worker.set_defaults(run=run_worker)
    status = subparsers.add_parser("status", help="how the installation is")
    status.add_argument("--json", action="store_true", help="as JSON")
    status.set_defaults(run=run_status)


def add_up_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--listen", default="127.0.0.1:8000", metavar="HOST:PORT")
    parser.add_argument("--certificate", type=Path, help="PEM file with the certificate chain: pages over HTTPS")
    parser.add_argument("--certificate-key", type=Path, help="PEM file with its private key")
    parser.add_argument("--allow-plain-http", action="store_true", help="serve beyond this machine without HTTPS")


def run_up(options: argparse.Namespace) -> int:
    from overt.up.start import bring_up

    return bring_up(options)


def _word(check: dict[str, Any]) -> str:
    if not check["ok"]:
        return "NOT WELL"
    return "SEE TO IT" if check.get("see_to") else "well"


def run_worker(options: argparse.Namespace) -> int:
    from overt.up.worker import work

    return work()


def run_status(options: argparse.Namespace) -> int:
    """Exit code 0 when each condition of being ready is met, 1 where one is not.

    A camera that is lost or odd changes it not, but is never called well.
    """
    from overt.estate.cameras.states import notes_now
    from overt.web.health import readiness

    found = readiness()
    noticed = notes_now() if found["checks"]["database"]["ok"] else []
    if options.json:
        cameras = [{"number": number, "notes": [asdict(note) for note in notes]} for number, notes in noticed]
        json.dump({**found, "cameras": cameras}, sys.stdout, indent=2)
        print()
        return 0 if found["ready"] else 1
    for name, check in found["checks"].items():
        print(f"{name:10} {_word(check):9} {check['detail']}")
    if noticed:
        print("\nWhat the recorder noticed of cameras")
    for number, notes in noticed:
        for note in notes:
            print(f"{number:10} {note.text}")
    return 0 if found["ready"] else 1
