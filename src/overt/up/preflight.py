"""What is looked at before anything starts. Each fault is one sentence that says what is wrong and what to do."""

from __future__ import annotations

import difflib
import fcntl
import json
import os
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import IO

from cryptography import x509

from overt.shared.errors import OvertError

#: The layout of the data folder. A newer one is refused: an older program could lose what it does not know.
DATA_VERSION = 1


#: Every setting, as docs/settings.md has them, and what commands and tests read beside them. A secret may end in _FILE.
_NAMES = """
    DATA FOOTAGE EXHIBITS SECRETS RUN DATABASE HOSTS ORIGINS HTTPS TRUSTED_PROXIES CAMERA_NETWORKS SESSION_IDLE_MINUTES
    TIME_ZONE EXHIBIT_REFERENCE TSA TSA_ROOTS METRICS_TOKEN SECRET_KEY TICKET_KEY LOG_LEVEL CHECK_MB_PER_SECOND
    DEMO CAMERA_PASSWORD CLAUSES_OUT TORTURE ODD
"""
SETTINGS = frozenset(f"OVERT_{name}" for name in _NAMES.split())

#: Listening on one of these is listening on every address of the machine.
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # compared with, not bound to


class CannotStart(OvertError):
    """The start was stopped before anything ran."""

    code = "cannot-start"
    status = 500


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the web process listens, and how it is protected on the way."""

    host: str
    port: int
    certificate: Path | None = None
    certificate_key: Path | None = None
    names: tuple[str, ...] = ()  # of the certificate: the names and addresses under which it is good

    @property
    def secure(self) -> bool:
        return self.certificate is not None

    @property
    def hosts(self) -> tuple[str, ...]:
        """What people may call this server, as far as it is known here; the best name first."""
        own = () if self.host in EVERYWHERE else (self.host,)
        return tuple(dict.fromkeys((*self.names, *own)))

    @property
    def address(self) -> str:
        """What a person opens: by a name, where it listens everywhere and one is known."""
        named = [host for host in self.hosts if not host.startswith((".", "*"))]
        host = self.host if self.host not in EVERYWHERE else (*named, "localhost")[0]
        host = f"[{host}]" if ":" in host else host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}"


def parse_listen(text: str, certificate: Path | None, certificate_key: Path | None, *, allow_plain: bool) -> Listen:
    """`HOST:PORT`, checked. Raises CannotStart for a bad port, an unreadable file, or plain HTTP beyond loopback."""
    host, colon, port = text.rpartition(":")
    host = host.strip("[]")
    if not colon or not host or not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise CannotStart(f"--listen {text}: expected HOST:PORT, for example 127.0.0.1:8000")
    if (certificate is None) != (certificate_key is None):
        raise CannotStart("--certificate and --certificate-key go together: give both, or neither")
    for file in (certificate, certificate_key):
        if file is not None and not os.access(file, os.R_OK):
            raise CannotStart(f"{file}: expected a readable PEM file")
    if certificate is None and not allow_plain and not _is_loopback(host):
        raise CannotStart(
            f"--listen {text}: plain HTTP beyond this machine would send passwords and pictures in the clear. Give "
            "--certificate and --certificate-key, or listen on 127.0.0.1 behind a reverse proxy, "
            "or say --allow-plain-http."
        )
    names = () if certificate is None or certificate_key is None else _read_certificate(certificate, certificate_key)
    return Listen(host, int(port), certificate, certificate_key, names)


def _read_certificate(chain: Path, key: Path) -> tuple[str, ...]:
    """The names it is good for. Raises CannotStart for files that are no certificate with its key, or one out of date.

    The web process would find the same, but only after it was started, and again at every restart.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key, _no_passphrase)
        certificate = x509.load_pem_x509_certificate(chain.read_bytes())
    except (ssl.SSLError, ValueError, OSError) as error:
        raise CannotStart(
            f"--certificate {chain} and --certificate-key {key} cannot be used ({_why(error)}): expected a certificate "
            "chain in PEM, its own certificate first, and the private key that belongs to it, without a passphrase."
        ) from None
    if certificate.not_valid_after_utc < datetime.now(UTC):
        raise CannotStart(f"--certificate {chain}: it ended on {certificate.not_valid_after_utc:%d %B %Y}. Renew it.")
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    dns = [name.removeprefix("*") for name in names.get_values_for_type(x509.DNSName)]
    return (*dns, *map(str, names.get_values_for_type(x509.IPAddress)))


def _no_passphrase() -> str:
    raise ValueError("the key has a passphrase")  # instead of a question on the terminal of a service


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or "no PEM").replace("_", " ").lower()
    return str(error)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_settings_known() -> None:
    """Raises CannotStart for a name in the environment that only looks like a setting: it would be as if not set."""
    for name in sorted(os.environ):
        if not name.startswith("OVERT_") or name.removesuffix("_FILE") in SETTINGS:
            continue
        near = difflib.get_close_matches(name, SETTINGS, 1)
        meant = f"Did you mean {near[0]}?" if near else "docs/settings.md has them all."
        raise CannotStart(f"{name} is set in the environment and is no setting of Overt. {meant}")


def check_port_free(listen: Listen) -> None:
    """Raises CannotStart when another program has the port."""
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listen.host, listen.port))
        except OSError as error:
            raise CannotStart(
                f"Port {listen.port} on {listen.host} cannot be used ({error.strerror}). Stop the program that has it, "
                "or choose another with --listen HOST:PORT."
            ) from None


def take_data_folder(data: Path) -> IO[str]:
    """Make or check the data folder and lock it for this process; the lock goes with the returned file.

    Raises CannotStart when it cannot be written, is already in use, or was written by a newer version.
    """
    try:
        data.mkdir(parents=True, mode=0o700, exist_ok=True)
        lock = open(data / "overt.lock", "a+", encoding="ascii")  # noqa: SIM115  # held for the life of the process
    except OSError as error:
        raise CannotStart(f"The data folder {data} cannot be used: {error.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise CannotStart(
            f"Another overt is running on {data}. Stop it first, or give another folder with --data."
        ) from None
    _check_version(data / "overt.json")
    return lock


def _check_version(path: Path) -> None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["data_version"]
    except FileNotFoundError:
        path.write_text(json.dumps({"data_version": DATA_VERSION}) + "\n", encoding="utf-8")
        return
    except (ValueError, KeyError, TypeError, OSError):
        raise CannotStart(f"{path} cannot be read as this installation's mark. Restore it from a backup.") from None
    if not isinstance(found, int) or found > DATA_VERSION:
        raise CannotStart(
            f"The data folder was written by a newer version (layout {found}; this program knows "
            f"up to {DATA_VERSION}). Install that version or newer; nothing has been changed."
        )
