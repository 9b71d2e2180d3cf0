"""One viewer's share of a camera's live pictures: a bounded queue that is never waited for.

A viewer that reads too slowly loses pictures up to the next key frame, and nobody else notices.
"""

from __future__ import annotations

import asyncio
from collections import deque

from footage.gateway.messages import Message

#: What may wait for one viewer. The messages themselves are shared by all viewers of the camera.
LONGEST_BYTES = 4 << 20
LONGEST_COUNT = 512


class Viewer:
    """`offer` from the camera's side, `take` from the socket's. Both on one event loop."""

    def __init__(self) -> None:
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._needs_key = True
        self._ready = asyncio.Event()
        self.skipped = 0  # pictures this viewer lost by being slow

    def offer(self, message: Message) -> None:
        """Queue a message, or skip to the next key frame where there is no room. Returns at once."""
        if message.picture and self._needs_key and not message.key:
            self.skipped += 1
            return
        if self._bytes + message.size_bytes > LONGEST_BYTES or len(self._waiting) >= LONGEST_COUNT:
            self._make_room()
            self._needs_key = True
            if message.picture and not message.key:
                self.skipped += 1
                return
        if message.picture:
            self._needs_key = False
        self._waiting.append(message)
        self._bytes += message.size_bytes
        self._ready.set()

    async def take(self) -> Message:
        """The next message, waited for."""
        while not self._waiting:
            self._ready.clear()
            await self._ready.wait()
        message = self._waiting.popleft()
        self._bytes -= message.size_bytes
        return message

    def _make_room(self) -> None:
        """Drop all pictures, and of the rest all but the last parameters and the last state: those are still true."""
        self.skipped += sum(message.picture for message in self._waiting)
        last: dict[bool, Message] = {}
        for message in self._waiting:
            if not message.picture:
                last[message.state] = message
        self._waiting = deque(last[state] for state in sorted(last))
        self._bytes = sum(message.size_bytes for message in self._waiting)
