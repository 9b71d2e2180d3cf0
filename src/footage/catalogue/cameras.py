"""Which cameras the scheme ordered, with their credentials sealed, and the numbers their next files bear."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken

from footage.catalogue.journal import Journal
from footage.contract import CameraId, CameraSource, FootageError


class KeyNeeded(FootageError):
    """Credentials are sealed at rest, and there is no key to seal or open them with."""

    code = "key-needed"


class CameraRows(Journal):
    """Cameras: set as a whole, read back in the order given."""

    def __init__(self, store: Path, *, key: bytes | None, readonly: bool, fresh: bool, file_name: str) -> None:
        super().__init__(store, readonly=readonly, fresh=fresh, file_name=file_name)
        self._seal = Fernet(key) if key else None

    def set_cameras(self, cameras: Sequence[CameraSource]) -> None:
        """Record exactly these from now on. One that is missing keeps its row, its footage and its retention.

        Raises KeyNeeded for credentials without a key, and FootageError where a camera is named twice.
        """
        if len({camera.camera_id for camera in cameras}) != len(cameras):
            raise FootageError("the same camera is in the list twice")
        with self.write() as connection:
            connection.execute("UPDATE cameras SET ordered = NULL")
            for place, camera in enumerate(cameras):
                self._put(connection, place, camera)
            self.bump_revision(connection)

    def cameras(self) -> list[CameraSource]:
        """The cameras to record, in order. Credentials are empty where this process has no key."""
        rows = self.read().execute(f"{_SELECT} WHERE ordered IS NOT NULL ORDER BY ordered")
        return [self._source(row) for row in rows]

    def known_cameras(self) -> list[CameraSource]:
        """Every camera that ever was here, also those no longer recorded."""
        return [self._source(row) for row in self.read().execute(f"{_SELECT} ORDER BY no")]

    def find_camera(self, name: str) -> CameraSource | None:
        """By name, or by UUID; the one still recorded first."""
        row = (
            self.read()
            .execute(f"{_SELECT} WHERE name = ? OR id = ? ORDER BY ordered IS NULL, no LIMIT 1", (name, name))
            .fetchone()
        )
        return self._source(row) if row else None

    def next_numbers(self, camera_id: CameraId) -> tuple[int, int]:
        """The run and the sequence number that this camera's next run and next file take."""
        row = (
            self.read()
            .execute("SELECT last_run, last_sequence FROM cameras WHERE id = ?", (str(camera_id),))
            .fetchone()
        )
        return (int(row[0]) + 1, int(row[1]) + 1) if row else (1, 1)

    def revision(self) -> int:
        """A count that changes whenever cameras or holds change."""
        return int(self.meta("revision", "0"))

    def _put(self, connection: sqlite3.Connection, place: int, camera: CameraSource) -> None:
        number = self.make_number(connection, camera.camera_id)
        connection.execute(
            "UPDATE cameras SET name = ?, url = ?, credentials = ?, retention_days = ?, priority = ?, "
            "sound_until_90k = ?, enabled = ?, tls_pin = ?, basic_allowed = ?, transport = ?, ordered = ? WHERE no = ?",
            (
                camera.name,
                camera.url,
                self._sealed(camera),
                camera.retention_days,
                camera.priority,
                camera.sound_until_90k,
                camera.enabled,
                camera.tls_pin,
                camera.basic_allowed,
                camera.transport,
                place,
                number,
            ),
        )

    def _sealed(self, camera: CameraSource) -> bytes | None:
        if not camera.username and not camera.password:
            return None
        if self._seal is None:
            raise KeyNeeded(f"{camera.name}: credentials can only be kept with a key (--key-file)")
        return self._seal.encrypt(json.dumps({"username": camera.username, "password": camera.password}).encode())

    def _source(self, row: tuple[object, ...]) -> CameraSource:
        uuid, name, url, credentials, retention, priority, sound_until, enabled, tls_pin, basic, transport = row
        username, password = self._unsealed(str(name), credentials)
        return CameraSource(
            camera_id=CameraId(UUID(str(uuid))),
            name=str(name),
            url=str(url),
            username=username,
            password=password,
            retention_days=int(str(retention)),
            priority=int(str(priority)),
            sound_until_90k=int(str(sound_until)),
            enabled=bool(enabled),
            tls_pin=str(tls_pin),
            basic_allowed=bool(basic),
            transport=str(transport),
        )

    def _unsealed(self, name: str, credentials: object) -> tuple[str, str]:
        if not isinstance(credentials, bytes) or self._seal is None:
            return "", ""
        try:
            facts = json.loads(self._seal.decrypt(credentials))
        except InvalidToken:
            raise KeyNeeded(f"{name}: its credentials were sealed with another key") from None
        return str(facts["username"]), str(facts["password"])


_SELECT = (
    "SELECT id, name, url, credentials, retention_days, priority, sound_until_90k, enabled, tls_pin, basic_allowed, "
    "transport FROM cameras"
)
