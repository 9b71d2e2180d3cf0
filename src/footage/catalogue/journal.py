"""The journal's connections and transactions: one connection per thread, one writer at a time, every commit flushed."""

from __future__ import annotations

import errno
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from footage.catalogue.ballast import throw_out
from footage.catalogue.store import CATALOGUE_FILE, StoreMismatch, StoreMissing, StoreTooNew
from footage.contract import CameraId

SCHEMA_VERSION = 5
_SCHEMA = files("footage.catalogue").joinpath("schema.sql").read_text()
#: Those of version 1. One that a later version added is made by its step.
_TABLES = frozenset(re.findall(r"CREATE TABLE (\w+)", _SCHEMA))
_BUSY_SECONDS = 20.0


class Journal:
    """SQLite in WAL mode. Readers never wait; writers in other processes wait their turn for up to 20 s.

    `fresh`: nothing was ever recorded here, so a journal that is absent or empty may be begun. Any other is refused.
    """

    def __init__(self, store: Path, *, readonly: bool, fresh: bool, file_name: str = CATALOGUE_FILE) -> None:
        self.store = store
        self.readonly = readonly
        self._fresh = fresh
        self._file = store / file_name
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._writing = threading.Lock()
        self._numbers: dict[CameraId, int] = {}

    def read(self) -> sqlite3.Connection:
        """This thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
            with self._guard:
                self._opened.append(connection)
        return connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction that is on the disk when the block ends, or never was."""
        connection = self.read()
        with self._writing:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def write_if_full(self, act: Callable[[sqlite3.Connection], None]) -> None:
        """One transaction for which the ballast is thrown out where there is no room for it."""
        try:
            with self.write() as connection:
                act(connection)
        except (sqlite3.OperationalError, OSError) as error:
            if not is_full(error) or not throw_out(self.store):
                raise
            with self.write() as connection:
                act(connection)

    def check_whole(self) -> None:
        """Read the journal through. Raises StoreMismatch where it is damaged or half there."""
        try:
            found = [str(row[0]) for row in self.read().execute("PRAGMA quick_check(3)")]
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            found = [str(error)]
        if found != ["ok"]:
            raise StoreMismatch(f"{self._file} is damaged ({found[0]}); run `footage reindex`")

    def close(self) -> None:
        """Close every thread's connection; the last one folds the write-ahead log into the file."""
        with self._guard:
            for connection in self._opened:
                connection.close()
            self._opened.clear()
        self._local = threading.local()

    def meta(self, name: str, default: str = "") -> str:
        row = self.read().execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def set_meta(self, connection: sqlite3.Connection, name: str, value: str) -> None:
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def number(self, camera_id: CameraId) -> int | None:
        """The camera's number in the other tables, or None when the journal never heard of it."""
        if (known := self._numbers.get(camera_id)) is not None:
            return known
        row = self.read().execute("SELECT no FROM cameras WHERE id = ?", (str(camera_id),)).fetchone()
        if row is None:
            return None
        return self._numbers.setdefault(camera_id, int(row[0]))

    def make_number(self, connection: sqlite3.Connection, camera_id: CameraId) -> int:
        """The camera's number, given to it now if it is new. Not remembered, for the transaction may yet fail."""
        connection.execute("INSERT OR IGNORE INTO cameras (id) VALUES (?)", (str(camera_id),))
        row = connection.execute("SELECT no FROM cameras WHERE id = ?", (str(camera_id),)).fetchone()
        return int(row[0])

    def bump_revision(self, connection: sqlite3.Connection) -> None:
        """Tell whoever polls that cameras or holds have changed."""
        connection.execute(
            "INSERT INTO meta VALUES ('revision', '1') "
            "ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
        )

    def _connect(self) -> sqlite3.Connection:
        if not self._fresh and not self._file.exists():
            raise StoreMissing(f"{self.store} has no journal any more. Is the disk mounted?")
        if self.readonly and not self._file.exists():
            raise StoreMissing(f"{self.store} has no journal yet")
        # One that is not to be begun is never made: what lies at the path may not be the disk that was there.
        mode = "ro" if self.readonly else "rwc" if self._fresh else "rw"
        address = f"{self._file.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(
            address, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(connection)
        except sqlite3.DatabaseError as error:
            connection.close()
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise StoreMismatch(f"{self._file} is damaged ({error}); run `footage reindex`") from None
        except BaseException:
            connection.close()
            raise
        self._fresh = False
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version == 0 and not self._fresh:
            raise StoreMismatch(f"{self._file} is empty, and {self.store} was recorded into; run `footage reindex`")
        if not self.readonly and version <= SCHEMA_VERSION:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if version > SCHEMA_VERSION:
            raise StoreTooNew(f"{self._file} has version {version}; this program knows up to {SCHEMA_VERSION}")
        if version == 0:
            if self.readonly:
                raise StoreMissing(f"{self.store} has no journal yet")
            _create_tables(connection)
        else:
            _refuse_half(connection, self._file)
            if version < SCHEMA_VERSION:
                _take_from_older(connection, version, readonly=self.readonly)


def is_full(error: Exception) -> bool:
    """Whether something could not be written for want of room."""
    if isinstance(error, sqlite3.Error):
        return "is full" in str(error)
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def _refuse_half(connection: sqlite3.Connection, file: Path) -> None:
    """Raises StoreMismatch where a table is missing that every version has."""
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if missing := sorted(_TABLES - there):
        raise StoreMismatch(f"{file} is half a journal, without {', '.join(missing)}; run `footage reindex`")


def _create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables once, even if two processes open a new store at the same moment."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if int(connection.execute("PRAGMA user_version").fetchone()[0]) == 0:
            for statement in _statements(_SCHEMA):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


#: What each version added to the one before. Version 2: the pin of a camera's certificate. Version 3: until when its
#: sound is recorded, where a switch was kept that nothing obeyed. Version 4: whether the password may be sent as it is,
#: and how the pictures come. Version 5: how much was lived when a file was recorded.
_STEPS = {
    1: ("ALTER TABLE cameras ADD COLUMN tls_pin TEXT NOT NULL DEFAULT ''",),
    2: ("ALTER TABLE cameras ADD COLUMN sound_until_90k INTEGER NOT NULL DEFAULT 0",),
    3: (
        "ALTER TABLE cameras ADD COLUMN basic_allowed INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE cameras ADD COLUMN transport TEXT NOT NULL DEFAULT 'tcp'",
    ),
    4: (
        "ALTER TABLE segments ADD COLUMN aged_90k INTEGER",
        "ALTER TABLE open_files ADD COLUMN aged_90k INTEGER",
        "CREATE INDEX IF NOT EXISTS segments_aged ON segments (camera, aged_90k) WHERE aged_90k IS NOT NULL",
    ),
}
#: The same for who only reads, and changes nothing.
_SEEN_AS_OF = {
    1: ("'' AS tls_pin",),
    2: ("0 AS sound_until_90k",),
    3: ("0 AS basic_allowed", "'tcp' AS transport"),
    4: (),
}


def _take_from_older(connection: sqlite3.Connection, version: int, *, readonly: bool) -> None:
    if readonly:
        seen = ", ".join(column for step in range(version, SCHEMA_VERSION) for column in _SEEN_AS_OF[step])
        if seen:
            connection.execute(f"CREATE TEMP VIEW cameras AS SELECT *, {seen} FROM main.cameras")  # noqa: S608  # constants
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in range(int(connection.execute("PRAGMA user_version").fetchone()[0]), SCHEMA_VERSION):
            for statement in _STEPS[step]:
                _take_step(connection, statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _take_step(connection: sqlite3.Connection, statement: str) -> None:
    """One change of an older journal; a column that is there already is no error."""
    try:
        connection.execute(statement)
    except sqlite3.OperationalError as error:
        if "duplicate column name" not in str(error):
            raise


def _statements(schema: str) -> Iterator[str]:
    """The schema's statements one by one: executescript would commit the transaction it stands in."""
    gathered = ""
    for line in schema.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
