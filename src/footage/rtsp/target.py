"""Where a camera is and how it is spoken to: the address, checked strictly, with the credentials apart from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from footage.rtsp.errors import BadAddress

MAX_URL_CHARACTERS = 2048
_PORTS = {"rtsp": 554, "rtsps": 322}
_VISIBLE = re.compile(r"[!-~]+")
_PIN = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StreamTarget:
    """A stream to follow. Raises BadAddress where it cannot be one.

    `tls_pin` matters for rtsps only: empty asks for a certificate that the system trusts, 64 hexadecimal digits
    (colons allowed) for exactly the certificate with this SHA-256, and `any` takes whatever the camera shows, which
    hides the password from listeners but not from somebody who stands between.
    `audio` asks for the sound as well, where the camera offers some that can be recorded and somebody listens to it.
    Without it no sound track is set up, whatever the camera offers. Source: PROG-4.2.4.
    """

    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    audio: bool = False
    tls_pin: str = ""

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


def split_credentials(url: str) -> tuple[str, str, str]:
    """The address without credentials, the user name and the password. Raises BadAddress.

    For addresses as people paste them, `rtsp://user:pass@host/path`; percent signs in the credentials are decoded.
    """
    parts = _checked(url)
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return bare, unquote(parts.username or ""), unquote(parts.password or "")


def _checked(url: str) -> SplitResult:
    """The parts of an RTSP address. urlsplit drops line ends in silence, so the characters are looked at first."""
    if not url or len(url) > MAX_URL_CHARACTERS:
        raise BadAddress(f"A camera address has between 1 and {MAX_URL_CHARACTERS} characters.")
    if not _VISIBLE.fullmatch(url):
        raise BadAddress("A camera address holds visible ASCII characters only; write others as %XX.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress(f"The camera address cannot be read: {error}.") from None
    if parts.scheme not in _PORTS:
        named = f"'{parts.scheme}'" if parts.scheme else "no scheme"
        raise BadAddress(f"A camera address begins with rtsp:// or rtsps://; this one has {named}.")
    if not parts.hostname:
        raise BadAddress("The camera address names no host.")
    if port == 0:
        raise BadAddress("Port 0 cannot be connected to.")
    if parts.fragment:
        raise BadAddress("A camera address has no part behind '#'; write the sign as %23.")
    return parts
