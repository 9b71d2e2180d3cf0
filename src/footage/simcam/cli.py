"""`footage simcam FILE...`: serve files as RTSP cameras until stopped."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from footage.contract import FootageError
from footage.simcam.auth import Scheme
from footage.simcam.control import serve_control
from footage.simcam.faults import Fault, FaultError, parse_fault
from footage.simcam.options import Options
from footage.simcam.server import SimCamServer

AUTH = {"basic": (Scheme.BASIC,), "digest": (Scheme.DIGEST,), "digest-sha256": (Scheme.DIGEST_SHA256,),
        "both": (Scheme.DIGEST_SHA256, Scheme.DIGEST)}  # fmt: skip
STOPPED, FAILED, MISUSED = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `footage simcam`."""
    parser.description = "Serve any video files as RTSP cameras: /cam1, /cam2 ... and by the file's name."
    add = parser.add_argument
    add("files", nargs="*", type=Path, metavar="FILE", help="video; H.264 and H.265 are sent as they are")
    add("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    add("--port", type=int, default=8554, help="RTSP port, 0 for a free one (8554)")
    add("--copies", type=int, default=1, metavar="N", help="this many cameras of each file")
    add("--control", type=int, metavar="PORT", help="HTTP port on loopback to break cameras by")
    add("--user", default="", help="user name a client has to give")
    add("--password", default="", help="and the password")
    add("--auth", choices=AUTH, default="digest", help="how credentials are asked for (digest)")
    add("--qop", action="store_true", help="digest with qop=auth")
    add("--tls", action="store_true", help="rtsps with a certificate made at the start")
    add("--no-sdp-parameters", action="store_true", help="no parameter sets in the SDP, only in band")
    add("--no-in-band-parameters", action="store_true", help="parameter sets in the SDP only, unless the file has them")
    add("--packets-apart", action="store_true", help="one packet a write, as some cameras send")
    add("--spread", type=float, default=0.0, metavar="SECONDS", help="a picture's packets one by one over so long")
    add(
        "--grid", type=float, default=0.0, metavar="SECONDS", help="send at multiples of this: cheaper for many cameras"
    )
    add("--session-timeout", type=float, default=60.0, metavar="SECONDS", help="let silent clients go (60)")
    add("--clock-offset", type=float, default=0.0, metavar="SECONDS", help="camera clock ahead of ours")
    add("--sent-log", type=int, default=0, metavar="N", help="remember when the last N pictures were sent")
    add("--no-clock", action="store_true", help="leave the caption row of generated scenes as it was drawn")
    add("--fault", action="append", default=[], metavar="CAMERA:KIND[@SECONDS][,NAME=VALUE...]",
        help="a fault after so many seconds, e.g. cam1:stall@10,seconds=5")  # fmt: skip
    add("--cache", type=Path, help="folder for transcoded films")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. 0 stopped, 1 a file or port that cannot be used, 2 a misused option."""
    if not args.files:
        print("simcam: give at least one file", file=sys.stderr)
        return MISUSED
    try:
        faults = _faults(args.fault)
        with asyncio.Runner(loop_factory=_loop_factory(args)) as runner:
            runner.run(_serve(args, faults))
    except FaultError as error:
        print(f"simcam: {error}", file=sys.stderr)
        return MISUSED
    except (FootageError, OSError) as error:
        print(f"simcam: {error}", file=sys.stderr)
        return FAILED
    return STOPPED


def _loop_factory(args: argparse.Namespace) -> Callable[[], asyncio.AbstractEventLoop] | None:
    if args.packets_apart:
        return None  # uvloop would join the writes again
    import uvloop

    return uvloop.new_event_loop


def _faults(texts: list[str]) -> dict[str, list[Fault]]:
    faults: dict[str, list[Fault]] = defaultdict(list)
    for text in texts:
        camera, fault = parse_fault(text)
        faults[camera].append(fault)
    return faults


def _options(args: argparse.Namespace) -> Options:
    return Options(
        username=args.user, password=args.password, schemes=AUTH[args.auth], qop=args.qop, tls=args.tls,
        session_timeout_s=args.session_timeout, sdp_parameters=not args.no_sdp_parameters,
        in_band=not args.no_in_band_parameters, packets_apart=args.packets_apart, spread_s=args.spread,
        grid_s=args.grid, clock_offset_s=args.clock_offset, sent_log=args.sent_log, clock=not args.no_clock,
        cache=args.cache,
    )  # fmt: skip


async def _serve(args: argparse.Namespace, faults: dict[str, list[Fault]]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with SimCamServer(host=args.host, port=args.port, options=_options(args)) as server:
        await _put_up(server, args, faults)
        if args.control is not None:
            control = await serve_control(server, args.control)
            print(f"control  http://127.0.0.1:{control.sockets[0].getsockname()[1]}/cameras", flush=True)
        print("ready", flush=True)
        await stop.wait()


async def _put_up(server: SimCamServer, args: argparse.Namespace, faults: dict[str, list[Fault]]) -> None:
    unknown = set(faults) - {f"cam{n}" for n in range(1, len(args.files) * args.copies + 1)}
    if unknown:
        raise FaultError(f"{', '.join(sorted(unknown))}: no such camera")
    number = 0
    for path in args.files:
        with _Bar() as bar:
            film = await asyncio.to_thread(server.film, path, bar.report)
        first = number + 1
        for _ in range(args.copies):
            number += 1
            server.add(f"cam{number}", path, faults=faults.get(f"cam{number}", ()), alias=path.stem)
        facts = f"{film.codec} {film.width}x{film.height} {film.fps:g} fps {film.bitrate_bps / 1e6:.1f} Mbit/s"
        if film.sound:
            facts += f", {film.sound.parameters.words}"
        for name in (f"cam{n}" for n in range(first, number + 1)):
            print(f"{name}  {server.url(name)}  {path.name}  {facts}", flush=True)


class _Bar:
    """A progress line for the one slow thing, a transcoding; nothing where none is needed."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.close()

    def report(self, name: str, done: float) -> None:
        if self._bar is None:
            shape = "{desc} {percentage:3.0f} % |{bar}| {remaining} left"
            self._bar = tqdm(total=1.0, desc=f"preparing {name}", bar_format=shape)
        self._bar.update(done - self._bar.n)
