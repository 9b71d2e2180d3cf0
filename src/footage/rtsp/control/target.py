"""Where a camera is and how it is spoken to: the address, checked strictly, with the credentials apart from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from footage.contract import CameraSource
from footage.rtsp.errors import BadAddress

MAX_URL_CHARACTERS = 2048
TRANSPORTS = ("tcp", "udp")
_PORTS = {"rtsp": 554, "rtsps": 322}
_VISIBLE = re.compile(r"[!-~]+")
_PIN = re.compile(r"[0-9a-f]{64}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,15})://")
_NUMBER = re.compile(r"\d{0,5}")
#: What cannot stand inside credentials as it is, and how it is written there. Source: RFC 3986, 2.1.
_WRITTEN = {sign: f"%{ord(sign):02X}" for sign in "#/?[]@%"}


@dataclass(frozen=True, slots=True)
class StreamTarget:
    """A stream to follow. Raises BadAddress where it cannot be one.

    `tls_pin` matters for rtsps only: empty asks for a certificate that the system trusts, 64 hexadecimal digits
    (colons allowed) for exactly the certificate with this SHA-256, and `any` takes whatever the camera shows, which
    hides the password from listeners but not from somebody who stands between.
    `audio` asks for the sound as well, where the camera offers some that can be recorded and somebody listens to it.
    Without it no sound is recorded, whatever the camera offers. Source: PROG-4.2.4.
    `basic_allowed` lets the password go out as it is (Basic) where no TLS hides it; else such a camera is refused.
    `transport` is `tcp`, or `udp` for a camera that offers nothing else; never `udp` beside TLS, which it would leave.
    """

    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    audio: bool = False
    tls_pin: str = ""
    basic_allowed: bool = False
    transport: str = "tcp"

    def __post_init__(self) -> None:
        parts = _checked(self.url)
        if parts.username is not None or parts.password is not None:
            raise BadAddress("Give the user name and password apart from the address, not inside it.")
        if any(character < " " or character == "\x7f" for character in self.username + self.password):
            raise BadAddress("The user name or password holds a control character.")
        pin = self.tls_pin.replace(":", "").lower()
        if pin not in ("", "any") and not _PIN.fullmatch(pin):
            raise BadAddress("A certificate pin is the SHA-256 of the certificate in 64 hexadecimal digits, or 'any'.")
        object.__setattr__(self, "tls_pin", pin)
        if self.transport not in TRANSPORTS:
            raise BadAddress("A camera's pictures come over tcp or udp.")
        if self.transport == "udp" and parts.scheme == "rtsps":
            raise BadAddress("An rtsps camera sends its pictures inside TLS; UDP would send them unencrypted.")

    @property
    def tls(self) -> bool:
        return urlsplit(self.url).scheme == "rtsps"

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        parts = urlsplit(self.url)
        return parts.port or _PORTS[parts.scheme]


def target_of(camera: CameraSource, *, audio: bool = False) -> StreamTarget:
    """The stream of an ordered camera. Raises BadAddress."""
    return StreamTarget(
        camera.url,
        camera.username,
        camera.password,
        audio=audio,
        tls_pin=camera.tls_pin,
        basic_allowed=camera.basic_allowed,
        transport=camera.transport,
    )


def split_credentials(url: str) -> tuple[str, str, str]:
    """The address without credentials, the user name and the password. Raises BadAddress.

    For addresses as people paste them, `rtsp://user:pass@host/path`; percent signs in the credentials are decoded.
    """
    parts = _checked(url)
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return bare, unquote(parts.username or ""), unquote(parts.password or "")


def _checked(url: str) -> SplitResult:
    """The parts of an RTSP address. urlsplit drops line ends in silence, so the characters are looked at first.

    No sentence repeats any of the address: what was read amiss may be a part of the password.
    """
    if not url or len(url) > MAX_URL_CHARACTERS:
        raise BadAddress(f"A camera address has between 1 and {MAX_URL_CHARACTERS} characters.")
    if not _VISIBLE.fullmatch(url):
        raise BadAddress("A camera address holds visible ASCII characters only; write others as %XX.")
    _check_scheme(url)
    if sign := _raw_sign(url):
        path = "" if sign in "[]@%" else " (and an @ that belongs to the path as %40)"
        text = f"The user name or password holds the sign {sign} as it is; write it as {_WRITTEN[sign]}{path}."
        raise BadAddress(text)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadAddress("The camera address cannot be read: its host is none.") from None
    try:
        port = parts.port
    except ValueError:
        raise BadAddress("The camera address cannot be read: its port is no number from 1 to 65535.") from None
    if not parts.hostname:
        raise BadAddress("The camera address names no host.")
    if port == 0:
        raise BadAddress("Port 0 cannot be connected to.")
    if parts.fragment or url.endswith("#"):
        raise BadAddress("A camera address has no part behind '#'; write the sign as %23.")
    return parts


def _check_scheme(url: str) -> None:
    found = _SCHEME.match(url)
    if found is None or found[1].lower() not in _PORTS:
        named = f"'{found[1]}'" if found else "no scheme"
        raise BadAddress(f"A camera address begins with rtsp:// or rtsps://; this one has {named}.")


def _raw_sign(url: str) -> str:
    """The sign that stands raw in the credentials of an address, or nothing.

    A raw / ? or # ends the host too early, so that the rest of the password is taken for a path. That a path itself
    holds an @ is believed only behind a host that is an IP address, or where nothing before it looks like a password.
    """
    rest = url.partition("://")[2]
    authority = re.split("[/?#]", rest, maxsplit=1)[0]
    ending, behind = rest[len(authority) : len(authority) + 1], rest[len(authority) + 1 :]
    credentials, at, host = authority.rpartition("@")
    like_credentials = at or ":" in host or ":" in behind.rpartition("@")[0]
    if "@" in behind and like_credentials and not _is_address(host):
        return ending
    if raw := re.search(r"[\[\]@]|%(?![0-9A-Fa-f]{2})", credentials):
        return raw[0]
    return ""


def _is_address(host: str) -> bool:
    """Whether it is an IP address, with a port or without."""
    name, _, port = host.rpartition(":") if not host.endswith("]") and ":" in host else (host, "", "")
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return _NUMBER.fullmatch(port) is not None
