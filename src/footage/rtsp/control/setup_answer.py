"""Reads the answer to SETUP: how the packets will come, and the session. Source: RFC 2326, 12.37 and 12.39."""

from __future__ import annotations

import re
from dataclasses import dataclass

DEFAULT_TIMEOUT_SECONDS = 60
_CHANNELS = re.compile(r"interleaved\s*=\s*\"?(\d{1,3})(?:\s*-\s*(\d{1,3}))?")
_PORTS = re.compile(r"server_port\s*=\s*\"?(\d{1,5})(?:\s*-\s*(\d{1,5}))?")
_SSRC = re.compile(r"ssrc\s*=\s*\"?\s*(?:0x)?([0-9a-f]{1,8})(?![0-9a-z])")
_TIMEOUT = re.compile(r"timeout\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_SESSION = re.compile(r"[!-:<-~]{1,256}")


@dataclass(frozen=True, slots=True)
class Transport:
    """How the camera will send: `channels` where inside this connection, `server_ports` where as datagrams.

    None for what it does not say. `datagrams`: it says that it will not use this connection.
    """

    channels: tuple[int, int] | None
    server_ports: tuple[int, int] | None
    datagrams: bool
    ssrc: int | None


def read_transport(header: str) -> Transport:
    """The first transport of the header. That it names a channel is enough: some leave `/TCP` out."""
    told = header.partition(",")[0].lower()
    channels, ports, ssrc = _pair(_CHANNELS.search(told), 255), _pair(_PORTS.search(told), 65535), _SSRC.search(told)
    elsewhere = "port=" in told.replace(" ", "") or "multicast" in told or "/udp" in told
    datagrams = elsewhere and channels is None and "/tcp" not in told
    return Transport(channels, ports, datagrams, int(ssrc[1], 16) if ssrc else None)


def _pair(found: re.Match[str] | None, most: int) -> tuple[int, int] | None:
    """A number and the one after it, or the two that are told. None where they are none that can be."""
    if found is None:
        return None
    first = int(found[1])
    second = int(found[2] or first + 1)
    return (first, second) if first <= most and second <= most and first + second > 0 else None


@dataclass(frozen=True, slots=True)
class Session:
    """The session's id, byte for byte, and the seconds after which the camera forgets it; None where not told."""

    id: str
    timeout_seconds: int | None


def read_session(header: str) -> Session | None:
    """The session, whose parameters may stand in any order. None where there is no id.

    0 seconds and more than an hour are told by cameras that mean nothing by it, and count as not told.
    """
    parts = [part.strip() for part in header.split(";")]
    session = next((part for part in parts if _SESSION.fullmatch(part) and not _TIMEOUT.match(part)), "")
    told = next((int(found[1]) for part in parts if (found := _TIMEOUT.match(part))), 0)
    return Session(session, told if 0 < told <= 3600 else None) if session else None
