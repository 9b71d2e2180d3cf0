"""How large a request's body may be, and how long it may take to arrive."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from overt.web.limits.asgi import Asgi, Message, Receive, Scope, Send, header, refuse
from overt.web.limits.visitors import Visitors

KIB, MIB = 1024, 1024 * 1024
#: A stranger has nothing to send but a name and a password.
STRANGER_BYTES = 16 * KIB
#: A script with a token sends orders, not files.
SCRIPT_BYTES = MIB
#: A page's form; the text of a policy is the largest (400,000 characters, each up to twelve bytes in a form).
PERSON_BYTES = 5 * MIB
#: So slow a sender is gone, or wants the connection for its own sake.
SLOWEST_BYTES_PER_S = 8 * KIB
PATIENCE_S = 15.0
_EMPTY: Message = {"type": "http.request", "body": b"", "more_body": False}


class _TooLarge(Exception):
    pass


class _TooSlow(Exception):
    pass


class _Gone(Exception):
    """The client hung up in the middle of its body."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """The addresses that take more than a form: each as a route's template and its limit in bytes."""

    templates: tuple[tuple[re.Pattern[str], int], ...] = ()

    @classmethod
    def from_templates(cls, limits: Mapping[str, int]) -> Uploads:
        return cls(tuple((pattern_of(template), most) for template, most in limits.items()))

    def limit(self, path: str) -> int:
        """The most bytes that this address takes of somebody known; 0 where it takes no more than a form."""
        return next((most for pattern, most in self.templates if pattern.fullmatch(path)), 0)


def pattern_of(template: str) -> re.Pattern[str]:
    """What matches the addresses of a route's template, `exhibits/<str:reference>/`, each part being any text."""
    parts = re.split(r"<[^>]+>", template)
    return re.compile("/" + "[^/]+".join(re.escape(part) for part in parts))


def matcher(templates: Iterable[str]) -> Callable[[str], bool]:
    """Whether an address is of one of the templates."""
    patterns = [pattern_of(template) for template in templates]
    return lambda path: any(pattern.fullmatch(path) for pattern in patterns)


@dataclass(slots=True)
class Bodies:
    """Refuses a body that is too large (413) or too slow (408) before anything is done for the request.

    A small body is here whole before the application is called: nothing is worked on while its sender dawdles. A large
    one (known visitors, at addresses that take files) is handed on as it comes, `large_at_once` at a time.
    """

    app: Asgi
    visitors: Visitors
    uploads: Uploads = Uploads()
    clock: Callable[[], float] = time.monotonic
    patience_s: float = PATIENCE_S
    large_at_once: int = 4
    _large: asyncio.Semaphore | None = field(default=None, init=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _has_body(scope):
            await self.app(scope, receive, send)
            return
        most, said = self.most_bytes(scope), header(scope, b"content-length")
        if said.isdigit() and int(said) > most:
            await _too_large(scope, send, most)
            return
        body = _Body(receive, most, self.clock, self.patience_s)
        try:
            if most > PERSON_BYTES:
                await self._hand_on(scope, body, send)
                return
            whole = await body.whole()
        except _TooLarge:
            await _too_large(scope, send, most)
        except _TooSlow:
            await refuse(scope, send, 408, "too-slow", "The request took too long to arrive. Send it again.")
        except _Gone:
            return
        else:
            await self.app(scope, _replayed(whole, receive), send)

    def most_bytes(self, scope: Scope) -> int:
        """What this visitor may send to this address."""
        if self.visitors.of(scope).known:
            return max(PERSON_BYTES, self.uploads.limit(scope["path"]))
        has_token = header(scope, b"authorization").startswith("Bearer ")
        return SCRIPT_BYTES if has_token and scope["path"].startswith("/api/") else STRANGER_BYTES

    async def _hand_on(self, scope: Scope, body: _Body, send: Send) -> None:
        """Django reads a body to its end before it answers, so whatever is wrong with it comes up before any answer."""
        self._large = self._large or asyncio.Semaphore(self.large_at_once)
        async with self._large:
            await self.app(scope, body.receive, send)


class _Body:
    """A body as it comes, counted and timed."""

    def __init__(self, receive: Receive, most: int, clock: Callable[[], float], patience_s: float) -> None:
        self._receive, self._most, self._clock, self._patience_s = receive, most, clock, patience_s
        self._began, self._taken, self._done = clock(), 0, False

    async def receive(self) -> Message:
        """The next message of ASGI. Raises _TooLarge or _TooSlow while the body lasts."""
        if self._done:
            return await self._receive()
        allowed = self._began + self._patience_s + self._taken / SLOWEST_BYTES_PER_S - self._clock()
        try:
            async with asyncio.timeout(max(0.0, allowed)):
                message = await self._receive()
        except TimeoutError:
            raise _TooSlow from None
        self._taken += len(message.get("body", b""))
        if self._taken > self._most:
            raise _TooLarge
        self._done = not message.get("more_body", False)
        return message

    async def whole(self) -> bytes:
        """Everything, in one piece. Raises _Gone besides."""
        pieces = []
        while not self._done:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            pieces.append(message.get("body", b""))
        return b"".join(pieces)


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting = [{**_EMPTY, "body": body}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _has_body(scope: Scope) -> bool:
    said = header(scope, b"content-length")
    return bool(header(scope, b"transfer-encoding")) or (said != "" and said != "0")


async def _too_large(scope: Scope, send: Send, most: int) -> None:
    size = f"{most // MIB:,} MiB" if most >= MIB else f"{most // KIB} KiB"
    await refuse(scope, send, 413, "too-large", f"The request is larger than the {size} that is taken here.")
