"""Brings an installation up: checks, database, keys, the first person's token, then the three processes."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.conf import settings

from overt.up.own_folders import close_folders, keep_to_owner
from overt.up.preflight import (
    EVERYWHERE,
    Listen,
    check_port_free,
    check_settings_known,
    parse_listen,
    take_data_folder,
)
from overt.up.records import prepare_database
from overt.up.supervisor import Child, Supervisor


def bring_up(options: argparse.Namespace, more: Sequence[Child] = (), words: Sequence[str] = ()) -> int:
    """Run until stopped; returns the exit code. `more` are further children (the demo's cameras), `words` come last."""
    listen = parse_listen(
        options.listen, options.certificate, options.certificate_key, allow_plain=options.allow_plain_http
    )
    keep_to_owner()
    lock = take_data_folder(Path(settings.DATA))
    try:
        opened = close_folders(own_folders())
        check_port_free(listen)
        check_settings_known()
        prepare_database()
        _prepare_run_folder()
        for line in (*opened, *_greeting(listen), *words):
            print(line, flush=True)
        ready = partial(print, f"Ready: {public_address(listen)}/", flush=True)
        asyncio.run(_supervise([*more, *children(listen)], ready))
        _clear_sockets()
    finally:
        lock.close()
    return 0


def own_folders() -> list[Path]:
    """Every folder in which this installation keeps something."""
    places = (settings.DATA, settings.SECRETS, settings.RUN, settings.FOOTAGE_STORE, settings.EXHIBITS)
    return [Path(place) for place in places]


def children(listen: Listen) -> list[Child]:
    """Node, worker and web, as programs of this very installation."""
    python = [sys.executable, "-m"]
    environment = {
        "OVERT_DATA": str(settings.DATA),
        "OVERT_RUN": str(settings.RUN),
        "OVERT_HTTPS": "yes" if listen.secure else os.environ.get("OVERT_HTTPS", "no"),
        "OVERT_HOSTS": ",".join(_hosts(listen)),
    }
    node = [
        *python, "footage.node", "--store", str(settings.FOOTAGE_STORE), "--run", str(settings.RUN),
        "--key-file", str(settings.SECRETS / "node.key"),
        # Asked again at every connection, for a name may lead elsewhere than when the camera was added.
        *(word for network in settings.CAMERA_NETWORKS for word in ("--network", network)),
    ]  # fmt: skip
    web = [*python, "overt.up.web", "--host", listen.host, "--port", str(listen.port)]
    if listen.certificate and listen.certificate_key:
        web += ["--certificate", str(listen.certificate), "--certificate-key", str(listen.certificate_key)]
    return [
        Child("node", node, environment),
        Child("worker", [*python, "overt.up.worker"], environment),
        Child("web", web, environment, ready_port=listen.port, ready_host=_near(listen.host)),
    ]


def _near(host: str) -> str:
    """Where this machine reaches itself when it listens at `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared with, not bound to


def _clear_sockets() -> None:
    """Of a run that was cut off, and at the end, so that the folder can be copied by any program."""
    for left in Path(settings.RUN).glob("*.sock"):
        left.unlink(missing_ok=True)


def public_address(listen: Listen) -> str:
    """Where people open the pages: at the proxy in front where one is set, else where this program listens."""
    if settings.CSRF_TRUSTED_ORIGINS:
        return str(settings.CSRF_TRUSTED_ORIGINS[0])
    given = tuple(settings.ALLOWED_HOSTS) if "OVERT_HOSTS" in os.environ else listen.names
    return replace(listen, names=given).address


def _hosts(listen: Listen) -> list[str]:
    """What the pages answer to: the setting, or this machine and the names that the certificate and --listen give."""
    if "OVERT_HOSTS" in os.environ:
        return list(settings.ALLOWED_HOSTS)
    named = [f"[{host}]" if ":" in host else host for host in listen.hosts]
    return list(dict.fromkeys([*settings.ALLOWED_HOSTS, *named]))


def _prepare_run_folder() -> None:
    from overt.shared.keys import node_key, ticket_key

    _clear_sockets()
    node_key()
    ticket_key()


def _greeting(listen: Listen) -> list[str]:
    from overt.people.first_run import first_run_token

    address = public_address(listen)
    lines = [f"Overt is starting at {address}/"]
    token = first_run_token()
    if token:
        lines.append("Nobody can sign in yet. Make the first person here; the address works once:")
        lines.append(f"  {address}/first-run/?token={token}")
    if listen.host in EVERYWHERE and not listen.names and "OVERT_HOSTS" not in os.environ:
        lines.append("Under which names people reach this machine is not known here: set OVERT_HOSTS to them, or the")
        lines.append("pages answer to this machine alone.")
    return lines


async def _supervise(programs: Sequence[Child], when_ready: Callable[[], None]) -> None:
    await Supervisor(programs, when_ready).run()
