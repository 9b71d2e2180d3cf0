"""Looks every second whether the footage disk is still there, and still the one that was opened."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from footage.catalogue.volume import StoreLost, Volume
from footage.recorder.lag import lag_of

log = logging.getLogger("footage.node")
_EVERY_SECONDS = 1.0
_PATIENCE_SECONDS = 5.0


class DiskWatch:
    """`words` says what is wrong with the disk; nothing while all is well."""

    def __init__(self, volume: Volume, on_lost: Callable[[str], None]) -> None:
        self._volume, self._on_lost = volume, on_lost
        self._asking: asyncio.Future[None] | None = None
        self._lag = lag_of(asyncio.get_running_loop())
        self.words = ""

    async def run(self) -> None:
        """Look until the disk was lost and is there again: then the store is to be opened anew."""
        while True:
            found = await self._look()
            if found and not self.words:
                log.error("the footage disk is lost: %s", found)
            if found and found != self.words:
                self.words = found
                self._on_lost(found)
            elif not found and self.words:
                log.warning("the footage disk is there again")
                return
            await asyncio.sleep(_EVERY_SECONDS)

    async def _look(self) -> str:
        """A disk that does not answer holds up a thread, never the loop, and is not asked twice at once."""
        if self._asking is None or self._asking.done():
            # Once lost it may come back from another mount: then its name is what counts.
            ask = self._volume.check_name if self.words else self._volume.check
            self._asking = asyncio.ensure_future(asyncio.to_thread(ask))
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await asyncio.shield(self._asking)
        except TimeoutError:
            if self._lag.felt(_PATIENCE_SECONDS / 2):
                return self.words  # it was we who stood still: whether the disk answers is seen at the next look
            return f"the disk has not answered for {_PATIENCE_SECONDS:g} seconds"
        except (StoreLost, OSError) as error:
            return str(error)
        return ""
