"""A PostgreSQL server for one run of the tests, which ends with the run however that ends."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Makes a cluster in the folder $2 with the programs in $1, runs it with the options $3, says `up`, and waits for the
#: end of its input: that comes when the process that started it ends, be it killed. As root it runs as the user
#: `postgres`, for the server refuses root.
_KEPT = r"""
programs=$1 folder=$2 options=$3
trap 'rm -rf "$folder"' EXIT
"$programs/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 -N >"$folder/log" 2>&1 &&
"$programs/pg_ctl" -D "$folder/data" -o "$options" -l "$folder/log" -w start </dev/null >"$folder/start" 2>&1 &&
echo up || { cat "$folder/log" >&2; exit 1; }
cat >/dev/null
"$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null
"""


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a PostgreSQL server for this run, on a Unix socket; None where none is installed.

    Raises RuntimeError where there is one that does not start; what it said is on standard error.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="overt-pg-"))
    keeper = _start(found[-1].parent, folder)
    try:
        yield f"postgresql://postgres@/overt?host={folder}"
    finally:
        assert keeper.stdin
        keeper.stdin.close()
        keeper.wait()


def _start(programs: Path, folder: Path) -> subprocess.Popen[bytes]:
    # Nothing of this cluster outlives the run, so it need not survive a power cut.
    options = f"-c listen_addresses='' -k {folder} -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    command = ["sh", "-c", _KEPT, "sh", str(programs), str(folder), options]
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        command = ["runuser", "-u", "postgres", "--", *command]
    # In a session of its own: Ctrl-C is for the run, which then ends it.
    keeper = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, start_new_session=True
    )
    assert keeper.stdout
    if keeper.stdout.readline() != b"up\n":
        raise RuntimeError("PostgreSQL did not start; what it said stands above")
    return keeper
