"""Where a camera may live: rtsp or rtsps, inside the allowed networks, without credentials in the address."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

from footage.contract import FootageError
from overt.estate.rules import BadCamera
from overt.shared.engine import split_address

MAX_CHARACTERS = 500
Resolve = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Address:
    """A stream's address, with the credentials that were inside it taken out."""

    url: str
    username: str = ""
    password: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").lower()


def resolve(host: str) -> list[str]:
    """Every address a name leads to. Raises OSError where it leads nowhere."""
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})


def read_address(text: str) -> Address:
    """The parts of an address as people paste it, `rtsp://user:pass@host/path`. Raises BadCamera."""
    if len(text) > MAX_CHARACTERS:
        raise BadCamera("address", f"A camera address has at most {MAX_CHARACTERS} characters.")
    try:
        return Address(*split_address(text))
    except FootageError as error:
        raise BadCamera("address", str(error)) from None


def check_networks(address: Address, *, find: Resolve = resolve) -> None:
    """Raises BadCamera unless every address of the host lies in OVERT_CAMERA_NETWORKS.

    A page that connects to wherever it is told would be a way into the network behind it.
    """
    try:
        found = find(address.host)
    except (OSError, UnicodeError):
        text = f"The name {address.host} is not known here. Check it, or give the camera's IP address."
        raise BadCamera("address", text) from None
    outside = [one for one in found if not _allowed(one)]
    if outside or not found:
        raise BadCamera(
            "address",
            f"{_outside(address.host, outside)} outside the networks in which cameras may live. Whoever runs the "
            "server can allow it with OVERT_CAMERA_NETWORKS.",
        )


def _outside(host: str, outside: Sequence[str]) -> str:
    return f"{host} lies" if list(outside) == [host] else f"{host} leads to {', '.join(outside) or 'nowhere'},"


def _allowed(text: str) -> bool:
    address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in ip_network(network, strict=False) for network in settings.CAMERA_NETWORKS)
