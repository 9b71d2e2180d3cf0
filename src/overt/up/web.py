"""The web process: uvicorn with the pages and the gateway. Started by `overt up`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import uvicorn
from django.conf import settings

from overt.up.connections import House, guarded, raise_file_limit


def main() -> None:
    parser = argparse.ArgumentParser(prog="overt.up.web")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--certificate-key", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overt.settings")
    house = House(most=raise_file_limit(), proxies=settings.TRUSTED_PROXIES)
    uvicorn.run(
        "overt.asgi:application",
        host=options.host,
        port=options.port,
        loop="overt.up.loops:DoorLoop",
        http=guarded(house),
        ws="websockets-sansio",
        ws_max_size=64 * 1024,  # viewers send a few words; pictures only go the other way
        ws_per_message_deflate=False,  # video does not compress, and trying costs a core
        proxy_headers=False,  # the trusted-proxy list decides (accounts.addresses)
        server_header=False,
        access_log=False,  # the logbook says who looked at what; a second list of it would be nobody's
        log_level="error",  # what a stranger sends wrongly is no news, and must not fill a disk
        timeout_keep_alive=20,
        timeout_graceful_shutdown=3,
        ssl_certfile=options.certificate,
        ssl_keyfile=options.certificate_key,
    )


if __name__ == "__main__":
    main()
