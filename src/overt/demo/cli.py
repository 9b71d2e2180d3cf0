"""`overt demo`: a small scheme with simulated cameras over real RTSP, up and running."""

from __future__ import annotations

import argparse
import json
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

from overt.up.cli import add_up_arguments

#: Where a demo's cameras are.
SIMULATED = "127.0.0.0/8"


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = subparsers.add_parser("demo", help="a small scheme with simulated cameras, to try everything on")
    add_up_arguments(demo)
    demo.add_argument("media", nargs="*", type=Path, metavar="FILE", help="videos for the cameras (generated scenes)")
    demo.add_argument("--rtsp-port", type=int, default=0, help="port of the simulated cameras (a free one)")
    demo.add_argument("--control-port", type=int, default=0, help="port for breaking them (a free one)")
    demo.set_defaults(run=run_demo)


def run_demo(options: argparse.Namespace) -> int:
    """Build what is missing, then run until stopped. Exit code 2 where a file cannot be used."""
    from django.conf import settings

    from overt.demo import media, scheme
    from overt.demo.people import CAMERAS
    from overt.shared.secrets import folder_secret
    from overt.up.preflight import check_port_free, check_settings_known, parse_listen, take_data_folder
    from overt.up.records import prepare_database
    from overt.up.start import bring_up
    from overt.up.supervisor import Child

    listen = parse_listen(
        options.listen, options.certificate, options.certificate_key, allow_plain=options.allow_plain_http
    )
    data = Path(settings.DATA)
    if SIMULATED not in settings.CAMERA_NETWORKS:  # at its first start; from then on demo.json says it
        settings.CAMERA_NETWORKS = [*settings.CAMERA_NETWORKS, SIMULATED]
    with take_data_folder(data):
        check_port_free(listen)
        check_settings_known()
        files = media.films(options.media)
        rtsp_port = options.rtsp_port or _free_port()
        control_port = options.control_port or _free_port()
        urls = {camera.number: f"rtsp://127.0.0.1:{rtsp_port}/cam{n}" for n, camera in enumerate(CAMERAS, 1)}
        prepare_database()
        stream = scheme.Stream(urls, "camera", folder_secret("", Path(settings.SECRETS) / "simcam.password"))
        if scheme.somebody_is_here():
            scheme.move_cameras(stream)
            note = json.loads((data / "demo.json").read_text(encoding="utf-8"))
        else:
            note = {"people": [_person(sign_in) for sign_in in scheme.build_scheme(stream)]}
        note |= {"address": listen.address, "cameras": _cameras(urls), "simcam_control": control_port}
        _write(data / "demo.json", note)
    words = simulated(files, rtsp_port, control_port, stream.username, stream.password)
    command = [sys.executable, "-m", "footage.simcam", *words]
    return bring_up(
        options,
        [Child("simulated cameras", command, quiet=True, ready_port=control_port)],
        _sign_ins(note, data / "demo.json"),
    )


def simulated(files: Iterable[Path], rtsp_port: int, control_port: int, user: str, password: str) -> list[str]:
    """The words of `footage simcam`. A drawn password may begin with a hyphen and is an option's value all the same."""
    ports = ["--port", str(rtsp_port), "--control", str(control_port)]
    return [*map(str, files), *ports, f"--user={user}", f"--password={password}"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _person(sign_in: object) -> dict[str, str]:
    from dataclasses import asdict

    return {key: str(value) for key, value in asdict(sign_in).items()}  # type: ignore[call-overload]  # a SignIn


def _cameras(urls: dict[str, str]) -> list[dict[str, str]]:
    from overt.demo.people import CAMERAS

    return [{"number": c.number, "name": c.name, "town": c.town, "stream": urls[c.number]} for c in CAMERAS]


def _write(path: Path, note: dict[str, object]) -> None:
    """Readable by its owner alone: it holds passwords, if only of a demo."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")


def _sign_ins(note: dict[str, object], path: Path) -> list[str]:
    people = note["people"]
    assert isinstance(people, list)
    lines = ["", f"Everybody's password in this demo: {people[0]['password']}", ""]
    lines += [f"  {p['username']:8} {p['role'].replace('_', ' '):26} {p['full_name']}" for p in people]
    return [*lines, "", f"The same, with API tokens, is in {path}.  Ctrl-C stops everything.", ""]
