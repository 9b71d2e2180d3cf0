"""Several hashes of one stream of bytes at once: hashlib works without Python's lock, so each hash has a thread."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

#: `chunks.sha256` has one line for each of these (exhibit-bag.md).
CHUNK_BYTES = 4 << 20

Views = Sequence[bytes | memoryview]


class Lane:
    """One consumer of the stream, in order, on a thread of its own."""

    def __init__(self, consume: Callable[[Views], None]) -> None:
        self._consume = consume
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hash")

    def feed(self, views: Views) -> Future[None]:
        """The bytes must stay as they are until the future is done."""
        return self._thread.submit(self._consume, views)

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)


class Digests:
    """SHA-256, SHA-512 and the SHA-256 of each 4 MiB of one stream. Use as a context manager."""

    def __init__(self) -> None:
        self._sha256, self._sha512, self._chunks = hashlib.sha256(), hashlib.sha512(), Chunks()
        self._lanes = [Lane(consumer) for consumer in (each(self._sha256), each(self._sha512), self._chunks.feed)]

    def __enter__(self) -> Digests:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for lane in self._lanes:
            lane.close()

    def feed(self, views: Views) -> list[Future[None]]:
        return [lane.feed(views) for lane in self._lanes]

    def sha256(self) -> str:
        """Only when all that was fed is done; so for the others."""
        return self._sha256.hexdigest()

    def sha512(self) -> str:
        return self._sha512.hexdigest()

    def chunks(self) -> tuple[str, ...]:
        return self._chunks.digests()


class Chunks:
    """A SHA-256 for each 4 MiB; the last is of what is left. An empty stream has none."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._now, self._room = hashlib.sha256(), CHUNK_BYTES

    def feed(self, views: Views) -> None:
        for view in views:
            self._feed_one(memoryview(view))

    def _feed_one(self, view: memoryview) -> None:
        while view:
            head, view = view[: self._room], view[self._room :]
            self._now.update(head)
            self._room -= len(head)
            if not self._room:
                self._done.append(self._now.hexdigest())
                self._now, self._room = hashlib.sha256(), CHUNK_BYTES

    def digests(self) -> tuple[str, ...]:
        last = (self._now.hexdigest(),) if self._room < CHUNK_BYTES else ()
        return (*self._done, *last)


def each(digest: hashlib._Hash) -> Callable[[Views], None]:
    """A consumer that hashes what it is given."""

    def consume(views: Views) -> None:
        for view in views:
            digest.update(view)

    return consume
