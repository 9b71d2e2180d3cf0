"""A time-stamping authority for tests: openssl makes the stamps, a small server hands them out over HTTP."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from clock_plugin import SHIFT

_CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
[signer]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
"""


class Authority:
    """Its folder holds `root.pem` (what a reader trusts) and the signer's key; `kind` is rsa or ec."""

    def __init__(self, folder: Path, kind: str = "rsa") -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        new = ["-newkey", "rsa:2048"] if kind == "rsa" else ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        self._openssl(
            "req",
            "-x509",
            "-config",
            "tsa.cnf",
            "-extensions",
            "root",
            "-subj",
            "/CN=Root of tests",
            "-days",
            "3650",
            "-nodes",
            "-keyout",
            "root.key",
            "-out",
            "root.pem",
            *new,
        )
        self._openssl(
            "req",
            "-config",
            "tsa.cnf",
            "-subj",
            "/CN=Clock of tests",
            "-nodes",
            "-keyout",
            "tsa.key",
            "-out",
            "tsa.csr",
            *new,
        )
        self._openssl(
            "x509",
            "-req",
            "-in",
            "tsa.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-CAcreateserial",
            "-days",
            "3650",
            "-extfile",
            "tsa.cnf",
            "-extensions",
            "signer",
            "-out",
            "tsa.pem",
        )

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def stamp(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        self._openssl(
            "ts",
            "-reply",
            "-config",
            "tsa.cnf",
            "-queryfile",
            "query",
            "-signer",
            "tsa.pem",
            "-inkey",
            "tsa.key",
            "-chain",
            "root.pem",
            "-out",
            "reply",
        )
        return (self.folder / "reply").read_bytes()

    def _openssl(self, *arguments: str) -> None:
        environment = os.environ if arguments[0] == "ts" else _an_hour_ago()
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True, env=environment)


def _an_hour_ago() -> dict[str, str]:
    """With `--clock` each test begins at one moment, so what serves many of them must be older than the first."""
    environment = dict(os.environ)
    if SHIFT in environment:
        environment[SHIFT] = str(int(environment[SHIFT]) - 3_600_000)
    return environment


@contextmanager
def serving(authority: Authority) -> Iterator[str]:
    """The authority at an address of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = authority.stamp(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
