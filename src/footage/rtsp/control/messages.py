"""RTSP/1.0 messages as bytes: requests out, answers (and the odd request) in. Source: RFC 2326."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from footage.rtsp.errors import ProtocolError

MAX_HEAD_BYTES = 64 * 1024
MAX_BODY_BYTES = 256 * 1024
_MAX_HEADERS = 128
_STATUS = re.compile(r"RTSP/\d\.\d[ \t]+(\d{3})(?!\d)[ \t]*(.*)", re.IGNORECASE)
_BEGINNING = re.compile(rb"[A-Z_]{1,32}(?: [ -~]*)?")
#: What ends a head. Lines may end in a line feed alone (RFC 2326, 4: a receiver takes either).
_HEAD_END = re.compile(rb"\r?\n\r?\n")
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
    line = start.partition(b"\n")[0].removesuffix(b"\r")
    return b"RTSP/".startswith(line[:5].upper()) or _BEGINNING.fullmatch(line) is not None


def head_end(buffer: bytearray, start: int, end: int) -> tuple[int, int] | None:
    """Where the head that goes on at `start` ends, and where what follows it begins; None while its end is missing."""
    found = _HEAD_END.search(buffer, start, end)
    return found.span() if found else None


def parse_head(head: bytes) -> Message:
    """A message from its start line and headers, without the empty line that ends them. Raises ProtocolError.

    Bytes that are no UTF-8 are kept (as lone surrogates), for a realm or a session has to go back as it came.
    """
    start, *lines = re.split("\r?\n", head.decode("utf-8", "surrogateescape"))
    status, request = _STATUS.fullmatch(start), _REQUEST.fullmatch(start)
    if not status and not request:
        raise ProtocolError("The camera answered with something that is not RTSP.")
    headers = _headers(lines)
    if status:
        return Message(int(status[1]), status[2] or "", "", headers)
    assert request is not None
    return Message(0, "", request[1], headers)


def _headers(lines: list[str]) -> dict[str, tuple[str, ...]]:
    """The headers by name. A line that is none is passed over: it says nothing that anybody could act on."""
    if len(lines) > _MAX_HEADERS:
        raise ProtocolError("The camera's answer has too many headers.")
    headers: dict[str, tuple[str, ...]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or any(character < " " and character != "\t" for character in line):
            continue
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


def may_answer(method: str, message: Message, body: bytes) -> bool:
    """Whether an answer that does not say to which question it belongs has the look of one to this method.

    Asked only while an answer is still due to an older question that nobody waits for any more.
    """
    if "public" in message.headers:
        return method == "OPTIONS"
    if message.status == 401:
        return True  # the challenge is the same, whichever question it answers
    if not 200 <= message.status < 300:
        return False
    if method == "DESCRIBE":
        return bool(body)
    return method != "SETUP" or "transport" in message.headers or "session" in message.headers


def printable(text: str) -> str:
    """A camera's words as they may stand in a log or on a page: visible ASCII and spaces, at most 80 characters."""
    return re.sub(r"[^ -~]+", "?", text)[:80]


def printable_address(text: str, secret: str = "") -> str:
    """An address that a camera names, as it may be shown: visible ASCII, at most 110 characters, no credentials.

    Those stand before an @ or, with some cameras, in the query; `secret` is the password as it is known here.
    """
    bare = re.sub(r"^([A-Za-z][A-Za-z0-9+.-]*:)?//.*@", r"\1//", re.sub(r"[^!-~]+", "?", text))[:400]
    bare = re.sub(r"(?i)([?&;/_](?:\w*(?:user|pass|pwd|token|auth|key)\w*)=)[^&;/]*", r"\1...", bare)
    return (bare.replace(secret, "...") if len(secret) > 2 else bare)[:110]


def request_bytes(method: str, url: str, cseq: int, headers: Mapping[str, str]) -> bytes:
    """A request without a body."""
    lines = [f"{method} {url} RTSP/1.0", f"CSeq: {cseq}", "User-Agent: footage"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")


def refusal_bytes(request: Message) -> bytes:
    """The answer to a request of the camera's: this client takes none."""
    return f"RTSP/1.0 501 Not Implemented\r\nCSeq: {request.cseq or 0}\r\n\r\n".encode()
