"""Where a camera may live: rtsp or rtsps, inside the allowed networks, without credentials in the address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

from footage.contract import FootageError
from overt.estate.cameras.names import Resolve, look_up
from overt.estate.rules import BadCamera
from overt.shared.engine import split_address

MAX_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Address:
    """A stream's address, with the credentials that were inside it taken out."""

    url: str
    username: str = ""
    password: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").lower()


def read_address(text: str) -> Address:
    """The parts of an address as people paste it, `rtsp://user:pass@host/path`. Raises BadCamera."""
    if len(text) > MAX_CHARACTERS:
        raise BadCamera("address", f"A camera address has at most {MAX_CHARACTERS} characters.")
    try:
        return Address(*split_address(text))
    except FootageError as error:
        raise BadCamera("address", str(error)) from None


def look_up_addresses(texts: Iterable[str]) -> Resolve:
    """Where the hosts of these addresses lead, asked now and outside any transaction; see `names`."""
    hosts = set()
    for text in texts:
        with suppress(BadCamera):  # what cannot be an address is told where it is read
            hosts.add(read_address(text).host)
    return look_up(hosts)


def check_networks(address: Address, *, find: Resolve | None = None) -> None:
    """Raises BadCamera unless every address of the host lies in OVERT_CAMERA_NETWORKS.

    A page that connects to wherever it is told would be a way into the network behind it. `find` has the answers
    already, where a transaction is open; without it the name is asked for here.
    """
    try:
        found = (find or look_up([address.host]))(address.host)
    except OSError:
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
