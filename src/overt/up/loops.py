"""The event loop of the web process: who opens a connection over HTTPS has to finish greeting in time.

Until the TLS handshake is done a connection is nobody's: `connections` does not know it yet, and asyncio would let it
wait for a minute.
"""

from __future__ import annotations

from typing import Any

import uvloop

HANDSHAKE_SECONDS = 10.0


class DoorLoop(uvloop.Loop):
    """uvloop's, with our own time for a TLS handshake at every server."""

    async def create_server(self, *words: Any, **more: Any) -> Any:
        if more.get("ssl") is not None:
            more.setdefault("ssl_handshake_timeout", HANDSHAKE_SECONDS)
        return await super().create_server(*words, **more)
