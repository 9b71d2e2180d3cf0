"""What stands at the recorder's socket and says what a test lets it say."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from footage.contract import NodeHealth
from footage.times import utc_now

#: All is well, and nothing is recorded yet.
QUIET = NodeHealth(True, 0, 10**12, 10**11, 0, None, (), ())


@contextmanager
def recorder_saying(run: Path, **health: Any) -> Iterator[None]:
    """The recorder of this installation answers with these fields of NodeHealth, the others as in QUIET."""
    told = json.dumps(asdict(replace(QUIET, now_90k=int(utc_now()), **health)), default=str).encode() + b"\n"

    class Answer(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.readline()
            self.wfile.write(told)

    path = run / "node.sock"
    with socketserver.ThreadingUnixStreamServer(str(path), Answer) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield
        server.shutdown()
    path.unlink()
