"""`footage record`: record cameras given on the command line, until stopped or for some seconds."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from footage.commands.common import add_store
from footage.contract import CameraId, CameraSource, FootageError
from footage.node.daemon import NodeOptions
from footage.node.options import add_tuning, policy_of, run_node
from footage.rtsp.control.target import split_credentials


class BadCamera(FootageError):
    """A camera on the command line is not NAME=URL."""

    code = "bad-camera"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `footage record`."""
    add_store(parser)
    parser.add_argument("--for", dest="seconds", type=float, metavar="SECONDS", help="stop after so long")
    parser.add_argument("--run", type=Path, metavar="DIR", help="also open the control and live sockets here")
    parser.add_argument("--retention-days", type=int, default=31, metavar="N", help="keep footage so long (31)")
    parser.add_argument(
        "--allow-basic", action="store_true", help="let passwords be sent unencrypted (Basic) where a camera asks so"
    )
    parser.add_argument("--udp", action="store_true", help="take the pictures over UDP, from cameras without TCP")
    parser.add_argument("cameras", nargs="+", metavar="NAME=URL", help="rtsp:// or rtsps://, credentials inside")
    add_tuning(parser)


def run(args: argparse.Namespace) -> int:
    """Record until SIGINT, SIGTERM or the time is up. Credentials stay in memory and are never written."""
    cameras = parse_cameras(args.cameras, args.retention_days)
    if args.seconds is not None and args.seconds <= 0:
        raise BadCamera("--for takes a number of seconds above zero")
    transport = "udp" if args.udp else "tcp"
    try:
        policy = policy_of(args)
    except ValueError as error:
        raise BadCamera(f"--network: {error}") from None
    options = NodeOptions(
        store=args.store,
        run=args.run,
        cameras=[
            replace(camera, username="", password="", basic_allowed=args.allow_basic, transport=transport)
            for camera in cameras
        ],
        credentials={camera.camera_id: (camera.username, camera.password) for camera in cameras if camera.username},
        seconds=args.seconds,
        reserve_bytes=args.reserve_bytes,
        writers=args.writers,
        buffer_bytes=args.buffer_bytes,
        files_a_minute=args.files_a_minute,
        policy=policy,
    )
    if sys.stderr.isatty():
        print(f"Recording {len(cameras)} camera(s) into {args.store}; Ctrl-C stops in good order.", file=sys.stderr)
    return run_node(options, verbose=args.verbose)


def parse_cameras(words: Sequence[str], retention_days: int) -> list[CameraSource]:
    """NAME=URL each, with the credentials taken out of the address. Raises BadCamera or BadAddress."""
    if retention_days < 1:
        raise BadCamera("--retention-days takes a whole number of days above zero")
    found = []
    for place, word in enumerate(words, 1):
        name, equals, address = word.partition("=")
        if not equals or not name.strip() or not address or "://" in name:
            raise BadCamera(f"camera {place} is not NAME=URL")  # not said again, for it may hold a password
        url, username, password = split_credentials(address)
        found.append(CameraSource(camera_id(name), name, url, username, password, retention_days=retention_days))
    if twice := [name for name, count in Counter(camera.name for camera in found).items() if count > 1]:
        raise BadCamera(f"the name {twice[0]!r} is given twice")
    return found


def camera_id(name: str) -> CameraId:
    """The UUID of a camera that is known by its name alone: the same name is the same camera in every store."""
    return CameraId(uuid5(NAMESPACE_URL, f"overt:camera:{name}"))
