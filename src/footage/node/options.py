"""The options that `python -m footage.node`, `footage node` and `footage record` share, and how they are run."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import sqlite3
import sys
from ipaddress import ip_network
from pathlib import Path

import uvloop

from footage.contract import FootageError
from footage.node.daemon import Node, NodeOptions
from footage.recorder.budget import FILES_A_MINUTE
from footage.rtsp.client import SessionPolicy
from footage.rtsp.control.lull import LULL_SECONDS

DONE, REFUSED = 0, 2
#: How long the loop may keep the disk's threads waiting for the interpreter. A piece of their work waits for it some
#: five times; with Python's own 5 ms and hundreds of cameras more came in than was written.
_SWITCH_SECONDS = 0.001
#: So many new objects, and the collector looks for circles among them: each few seconds with some tens of cameras.
_COLLECT_AFTER = 20_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the node."""
    parser.add_argument("--store", type=Path, required=True, metavar="DIR", help="the folder that holds the footage")
    parser.add_argument("--run", type=Path, required=True, metavar="DIR", help="the folder of its sockets")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="the key that camera credentials are sealed with")
    add_tuning(parser)


def add_tuning(parser: argparse.ArgumentParser) -> None:
    """What may be tuned wherever a node runs."""
    parser.add_argument(
        "--reserve-bytes", type=int, metavar="N", help="keep so much of the disk free (1 %%, 256 MB to 8 GB)"
    )
    parser.add_argument("--writers", type=int, default=4, metavar="N", help="threads that write (4)")
    parser.add_argument(
        "--buffer-bytes", type=int, default=16 << 20, metavar="N", help="waiting for the disk, a camera"
    )
    parser.add_argument(
        "--bytes-a-minute",
        type=int,
        default=SessionPolicy().bytes_a_minute,
        metavar="N",
        help="a camera that sends more is paused for a minute (750000000, which is 100 Mbit/s; 0 for no bound)",
    )
    parser.add_argument(
        "--files-a-minute",
        type=int,
        default=FILES_A_MINUTE,
        metavar="N",
        help="a camera that needs more new files is paused for a minute (60; 0 for no bound)",
    )
    parser.add_argument(
        "--network", action="append", default=[], metavar="CIDR", help="cameras may live here (any, if never given)"
    )
    parser.add_argument("--verbose", action="store_true", help="say more on the standard error")


def policy_of(args: argparse.Namespace) -> SessionPolicy:
    """The patience, the bounds and the networks of camera sessions. Raises ValueError for a network that is none."""
    networks = tuple(ip_network(text, strict=False) for text in args.network)
    return SessionPolicy(networks=networks, bytes_a_minute=args.bytes_a_minute, lull=LULL_SECONDS)


def run(args: argparse.Namespace) -> int:
    """Run the node until it is told to stop."""
    try:
        key = args.key_file.read_bytes().strip() if args.key_file else None
        options = NodeOptions(
            store=args.store,
            run=args.run,
            key=key,
            reserve_bytes=args.reserve_bytes,
            writers=args.writers,
            buffer_bytes=args.buffer_bytes,
            files_a_minute=args.files_a_minute,
            policy=policy_of(args),
        )
    except (OSError, ValueError) as error:
        print(f"footage: {error}", file=sys.stderr)
        return REFUSED
    return run_node(options, verbose=args.verbose)


def _collect_seldom() -> None:
    """Pictures come and go by the hundred a second and hold no circles; what is loaded is never garbage."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 20)


def run_node(options: NodeOptions, *, verbose: bool = False) -> int:
    """Run a node in an event loop of its own. 0 after an orderly end, 2 where the store cannot be used."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )

    async def serve() -> None:
        await Node(options).run()

    sys.setswitchinterval(_SWITCH_SECONDS)
    _collect_seldom()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve())
    except FootageError as error:
        print(f"footage: {error}", file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"footage: {error.strerror or error}: {error.filename or options.store}", file=sys.stderr)
        return REFUSED
    except sqlite3.Error as error:
        print(f"footage: the journal of {options.store} cannot be written: {error}", file=sys.stderr)
        return REFUSED
    return DONE
