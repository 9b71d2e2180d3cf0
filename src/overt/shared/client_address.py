"""Whose address a request came from, where proxies stand in between: the last hop that is no trusted proxy. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network


def address_behind(peer: str, forwarded_for: str, trusted: Sequence[str]) -> str:
    """The client's address, given who connected, the X-Forwarded-For that came with it, and the trusted networks.

    A hop that is no address (`unknown`, a name) says nothing: the proxy that passed it on stands for the client.
    """
    hops = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    while hops and is_within(peer, trusted):
        hop = hops.pop()
        if not _is_address(hop):
            break
        peer = hop
    return peer


def network_of(address: str) -> str:
    """What one subscriber has: an IPv4 address, or the /64 that an IPv6 address lies in. Other text stays as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((found, 64), strict=False))


def is_within(address: str, networks: Sequence[str]) -> bool:
    """Whether an address lies in one of the networks (CIDR); text that is no address does not."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)  # how a socket that listens on :: tells an IPv4 peer
    return any((mapped or found) in network for network in _networks(tuple(networks)))


@lru_cache(maxsize=16)
def _networks(texts: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text, strict=False) for text in texts)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
