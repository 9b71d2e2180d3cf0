"""Where a track is asked for: the addresses that a description can mean, the likeliest first.

Every one of them lies at the host and port that the connection goes to. Cameras write another one (their private
address behind a router, the one they had last year), and credentials are made for no other place than theirs.
Source: RFC 2326, C.1.1; RFC 3986, 5.2; and what cameras do instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from footage.rtsp.control.messages import Message
from footage.rtsp.errors import ProtocolError

#: Alternatives within one SETUP step, the first included.
MOST_ADDRESSES = 5
_ABSOLUTE = re.compile(r"(?i)(?:rtsp[su]?://)+([^/?#]+)(.*)")
_BARE = re.compile(r"([A-Za-z0-9.-]+(?:\.[A-Za-z0-9-]+|:\d{1,5}))([/?].*)?")  # host.name/path or host:port/path
_USABLE = re.compile(r"[!-~]{1,2048}")
#: A line of the description that was joined to the control address because its line end is missing.
_JOINED = re.compile(r"(.+?)a=(?:recvonly|sendonly|sendrecv|inactive|[a-z-]+:).*")
_PORTS = {"rtsp": "554", "rtsps": "322"}


@dataclass(frozen=True, slots=True)
class TrackAddress:
    """One way to read a control address: its name, the track's address and that of the whole presentation."""

    way: str
    url: str
    aggregate: str


class Here:
    """The place that a connection goes to: writes addresses so that they name it and no other.

    `asked` is the address that was asked for; `peer` the camera's numeric address, which it may use instead.
    """

    def __init__(self, asked: str, peer: str = "") -> None:
        scheme, _, rest = asked.partition("://")
        self.asked, self._scheme = asked, scheme.lower()
        self._authority = re.split("[/?#]", rest, maxsplit=1)[0]
        self._hosts = {_split_port(self._authority, self._scheme)[0], peer.lower()} - {""}
        self._port = _split_port(self._authority, self._scheme)[1]

    def base(self, described: Message) -> str:
        """What relative addresses are relative to: Content-Base, Content-Location, else the address asked for."""
        for name in ("content-base", "content-location"):
            text = described.header(name)
            if not _USABLE.fullmatch(text):
                continue
            if _ABSOLUTE.fullmatch(text):
                return self.written(text)
            if text.startswith("/"):
                return f"{self._scheme}://{self._authority}{text}"
            if bare := _BARE.fullmatch(text):
                return self.written(f"{self._scheme}://{bare[1]}{bare[2] or ''}")
        return self.asked

    def written(self, url: str) -> str:
        """An absolute address, byte for byte behind its host, at this place; anything else as it stands."""
        found = _ABSOLUTE.fullmatch(url)
        if found is None:
            return url
        authority = found[1].rpartition("@")[2]
        host, port = _split_port(authority, self._scheme)
        same = port == self._port and host in self._hosts
        return f"{self._scheme}://{authority if same else self._authority}{found[2]}"

    def addresses(self, base: str, session_control: str, control: str) -> list[TrackAddress]:
        """Where the track can be, each address once, at most MOST_ADDRESSES. Raises ProtocolError for a bad control."""
        if control and not _USABLE.fullmatch(control):
            raise ProtocolError("The session description names a track address that cannot be used.")
        found: dict[str, TrackAddress] = {}
        for address in self._readings(base, session_control, control):
            if len(found) < MOST_ADDRESSES:
                found.setdefault(address.url, address)
        return list(found.values())

    def _readings(self, base: str, session_control: str, control: str) -> Iterator[TrackAddress]:
        aggregate = self._join(base, session_control) if _USABLE.fullmatch(session_control) else base
        yield TrackAddress("told", self._join(aggregate, control), aggregate)
        if joined := _JOINED.fullmatch(control):
            yield TrackAddress("cut", self._join(aggregate, joined[1]), aggregate)
        if _ABSOLUTE.fullmatch(control):
            last = control.rstrip("/").rpartition("/")[2]
            yield TrackAddress("last part", self._join(self.asked, last), self.asked)
            return
        if not control or control == "*":
            yield TrackAddress("asked", self.asked, self.asked)
            return
        yield TrackAddress("asked", self._join(self.asked, control), self.asked)
        path, query, rest = self.asked.partition("?")
        if query:
            yield TrackAddress("before the query", f"{self._join(path, control)}?{rest}", self.asked)
        yield TrackAddress("base", self._join(base, control), base)
        yield TrackAddress("replaced", _replaced(aggregate, control), aggregate)
        if self.asked.partition("://")[2] != self._authority:  # behind a bare host it would be read as more of the host
            yield TrackAddress("bare", self.asked + control, self.asked)

    def _join(self, base: str, control: str) -> str:
        """A relative address behind the base with a slash between, as every client does it.

        RFC 3986 would replace the last part of the base; cameras are made to work with clients, not with the RFC.
        """
        if not control or control == "*":
            return base
        if _ABSOLUTE.fullmatch(control):
            return self.written(control)
        return base + ("" if base.endswith("/") or control[0] in "/?" else "/") + control


def _replaced(base: str, control: str) -> str:
    """As RFC 3986, 5.2 has it: the last part of the base's path gives way, or all of it to a path from the root."""
    scheme, _, rest = base.partition("://")
    authority = re.split("[/?#]", rest, maxsplit=1)[0]
    path = rest[len(authority) :].partition("?")[0]
    if control.startswith("/"):
        return f"{scheme}://{authority}{control}"
    return f"{scheme}://{authority}{path.rpartition('/')[0]}/{control}"


def _split_port(authority: str, scheme: str) -> tuple[str, str]:
    """The host in lower case without brackets, and the port in digits."""
    host, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        host, port = authority, ""
    return host.strip("[]").lower(), port.lstrip("0") or _PORTS.get(scheme, "")
