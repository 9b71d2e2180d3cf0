"""RTSP/1.0 messages as bytes: requests out, answers (and the odd request) in. Source: RFC 2326."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from footage.rtsp.errors import ProtocolError

MAX_HEAD_BYTES = 64 * 1024
MAX_BODY_BYTES = 256 * 1024
_MAX_HEADERS = 128
_STATUS = re.compile(r"RTSP/\d\.\d (\d{3})(?: (.*))?")
_BEGINNING = re.compile(rb"[A-Z_]{1,32}(?: [ -~]*)?")
_REQUEST = re.compile(r"([A-Z_]{1,32}) \S+ RTSP/\d\.\d")


@dataclass(frozen=True, slots=True)
class Message:
    """An answer (`status` is not 0) or a camera's request (`method` is not empty). Header names are lower case."""

    status: int
    reason: str
    method: str
    headers: Mapping[str, tuple[str, ...]]
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        return self.headers.get(name, ("",))[0]

    @property
    def cseq(self) -> int | None:
        text = self.header("cseq")
        return int(text) if re.fullmatch(r"\d{1,10}", text) else None


def may_begin_message(start: bytes) -> bool:
    """Whether the first bytes received, few as they may be, can become an answer or a request.

    Noise is known as such at once; else it would be waited out as a head, with all the pictures behind it.
    """
    line = start.partition(b"\r")[0]
    return b"RTSP/".startswith(line[:5]) or _BEGINNING.fullmatch(line) is not None


def parse_head(head: bytes) -> Message:
    """A message from its start line and headers, without the empty line that ends them. Raises ProtocolError."""
    try:
        start, *lines = head.decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        raise ProtocolError("The camera's answer is not text.") from None
    status, request = _STATUS.fullmatch(start), _REQUEST.fullmatch(start)
    if not status and not request:
        raise ProtocolError("The camera answered with something that is not RTSP.")
    headers = _headers(lines)
    if status:
        return Message(int(status[1]), status[2] or "", "", headers)
    assert request is not None
    return Message(0, "", request[1], headers)


def _headers(lines: list[str]) -> dict[str, tuple[str, ...]]:
    if len(lines) > _MAX_HEADERS:
        raise ProtocolError("The camera's answer has too many headers.")
    headers: dict[str, tuple[str, ...]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or any(character < " " and character != "\t" for character in line):
            raise ProtocolError("The camera's answer has a header that cannot be read.")
        key = name.strip().lower()
        headers[key] = (*headers.get(key, ()), value.strip())
    return headers


def body_bytes(message: Message) -> int:
    """How long the body behind a head is. Raises ProtocolError where it cannot be, or is too long."""
    text = message.header("content-length")
    if not text:
        return 0
    if not re.fullmatch(r"\d{1,10}", text) or int(text) > MAX_BODY_BYTES:
        raise ProtocolError(f"The camera announced an answer longer than {MAX_BODY_BYTES} bytes.")
    return int(text)


def printable(text: str) -> str:
    """A camera's words as they may stand in a log or on a page: visible ASCII and spaces, at most 80 characters."""
    return re.sub(r"[^ -~]+", "?", text)[:80]


def request_bytes(method: str, url: str, cseq: int, headers: Mapping[str, str]) -> bytes:
    """A request without a body."""
    lines = [f"{method} {url} RTSP/1.0", f"CSeq: {cseq}", "User-Agent: footage"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def refusal_bytes(request: Message) -> bytes:
    """The answer to a request of the camera's: this client takes none."""
    return f"RTSP/1.0 501 Not Implemented\r\nCSeq: {request.cseq or 0}\r\n\r\n".encode()
