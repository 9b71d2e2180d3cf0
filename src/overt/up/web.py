"""The web process: uvicorn with the pages and the gateway. Started by `overt up`."""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn


def main() -> None:
    parser = argparse.ArgumentParser(prog="overt.up.web")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--certificate-key", type=Path)
    options = parser.parse_args()
    uvicorn.run(
        "overt.asgi:application",
        host=options.host,
        port=options.port,
        loop="uvloop",
        ws="websockets-sansio",
        ws_max_size=64 * 1024,  # viewers send a few words; pictures only go the other way
        ws_per_message_deflate=False,  # video does not compress, and trying costs a core
        proxy_headers=False,  # the trusted-proxy list decides (accounts.addresses)
        server_header=False,
        access_log=False,  # the logbook says who looked at what; a second list of it would be nobody's
        log_level="warning",
        timeout_keep_alive=20,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64 * 1024,
        ssl_certfile=options.certificate,
        ssl_keyfile=options.certificate_key,
    )


if __name__ == "__main__":
    main()
