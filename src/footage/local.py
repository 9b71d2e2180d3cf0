"""The node on this machine: orders go into its journal, questions are answered from its disk.

Orders are durable once a call returns, whether or not the recorder runs; it is then told to look, if it can be. Only
health, and a clip of footage that is not closed yet, need the recorder itself.
"""

from __future__ import annotations

import json
import logging
import shutil
import socket
import threading
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any
from uuid import UUID

from footage.catalogue import Catalogue
from footage.catalogue.store import REMEMBERED_FILE, refuse_absent
from footage.contract import (
    CameraCondition,
    CameraHealth,
    CameraId,
    CameraNote,
    CameraSource,
    CheckStep,
    ClipReceipt,
    ClipRequest,
    DeletionReceipt,
    Hold,
    NodeHealth,
    NodeUnreachable,
    Progress,
    SoundCondition,
    Still,
    Timeline,
)
from footage.playback.archive import Archive
from footage.playback.clips import copy_clip, cut_clip
from footage.playback.index import IndexCache
from footage.playback.timeline import timeline
from footage.times import utc_now
from footage.verify.round import check_next, stored_bytes

_log = logging.getLogger(__name__)

_PATIENCE = 2.0  # seconds for an answer about health
_CLOSING = 35.0  # seconds for a segment to end at its next key frame; the recorder itself gives up after 30
_LONGEST_ANSWER = 4 << 20

#: Shared by all nodes of this process: an index is the same whoever asks.
_INDEXES = IndexCache()


class LocalNode:
    """`store` and `run` are the recorder's own folders; `key` seals camera credentials at rest (Fernet)."""

    def __init__(self, store: Path, run: Path, key: bytes | None = None) -> None:
        self._store, self._socket, self._key = store, run / "node.sock", key
        self._remembered = run / REMEMBERED_FILE
        self._opening = threading.Lock()
        self._opened: tuple[Catalogue, Archive] | None = None

    def _open(self) -> tuple[Catalogue, Archive]:
        """Opened at the first question, so that a process may start before the store's disk is there."""
        with self._opening:
            if self._opened is not None and self._opened[0].volume.elsewhere:
                # Unmounted, moved or mounted anew: what is open leads to where it was.
                self._opened[0].close()
                self._opened = None
            if self._opened is None:
                refuse_absent(self._remembered, self._store)
                catalogue = Catalogue(self._store, key=self._key)
                self._opened = (catalogue, Archive(self._store, catalogue, _INDEXES))
            return self._opened

    @property
    def _catalogue(self) -> Catalogue:
        return self._open()[0]

    @property
    def archive(self) -> Archive:
        """The recordings themselves, for whoever serves bytes in this process."""
        return self._open()[1]

    def set_cameras(self, cameras: Sequence[CameraSource]) -> None:
        self._catalogue.set_cameras(list(cameras))
        self._poke()

    def put_hold(self, hold: Hold) -> None:
        self._catalogue.put_hold(hold)
        self._poke()

    def release_hold(self, hold_id: UUID, reason: str) -> None:
        self._catalogue.release_hold(hold_id, reason)
        self._poke()

    def holds(self) -> list[Hold]:
        return self._catalogue.holds()

    def timeline(self, camera_id: CameraId, start_90k: int, end_90k: int) -> Timeline:
        return timeline(self._catalogue, camera_id, start_90k, end_90k)

    def cut_clip(self, request: ClipRequest, into: Path, progress: Progress | None = None) -> ClipReceipt:
        """Footage up to this moment can be cut: the recorder is asked to close the file it is writing."""
        self._close_open_file(request)
        return cut_clip(self.archive, request, into, progress)

    def copy_clip(self, request: ClipRequest, into: Path) -> list[Path]:
        """The files of a clip without their hashes, at the speed of the disk."""
        self._close_open_file(request)
        return copy_clip(self.archive, request, into)

    def still(self, camera_id: CameraId, at_90k: int, *, max_width: int | None = None) -> Still:
        """What becomes a print or an exhibit is checked against the journal first."""
        from footage.picture.stills import still  # an extra; nothing else here needs it

        return still(self.archive, camera_id, at_90k, max_width=max_width, verify=True)

    def receipts(self, since_90k: int = 0, limit: int = 1000) -> list[DeletionReceipt]:
        return self._catalogue.receipts(since_90k, limit)

    def check_next(self, after: int, budget_bytes: int) -> CheckStep:
        return check_next(self._catalogue, after, budget_bytes)

    def stored_bytes(self) -> int:
        return stored_bytes(self._catalogue)

    def health(self) -> NodeHealth:
        """As the recorder tells it; `alive` is False, and the rest from the journal, where it does not answer."""
        try:
            return health_from(self._ask({"ask": "health"}, _PATIENCE))
        except NodeUnreachable:
            return self._health_without_recorder()

    def _health_without_recorder(self) -> NodeHealth:
        disk = shutil.disk_usage(self._store)
        return NodeHealth(
            alive=False,
            now_90k=utc_now(),
            store_total_bytes=disk.total,
            store_free_bytes=disk.free,
            held_bytes=self._catalogue.held_bytes(),
            disk_days_left=None,
            alarms=("The recorder is not running. Nothing is being recorded.",),
            cameras=tuple(self._stopped(camera) for camera in self._catalogue.cameras()),
        )

    def _stopped(self, camera: CameraSource) -> CameraHealth:
        last = self._catalogue.newest_segment(camera.camera_id)
        return CameraHealth(
            camera_id=camera.camera_id,
            condition=CameraCondition.STOPPED,
            since_90k=last.end_90k if last else 0,
            detail="The recorder is not running.",
            last_picture_90k=last.end_90k if last else None,
            codec=last.codec if last else "",
            width=last.width if last else 0,
            height=last.height if last else 0,
        )

    def _close_open_file(self, request: ClipRequest) -> None:
        """Best effort: without the recorder, or in time, the clip ends where the last closed file does."""
        if not any(one.start_90k < request.end_90k for one in self._catalogue.open_files(request.camera_id)):
            return
        try:
            self._ask({"ask": "close-segment", "camera": str(request.camera_id)}, _CLOSING)
        except NodeUnreachable as error:
            _log.warning("the open file of camera %s stays open: %s", request.camera_id, error)

    def _poke(self) -> None:
        try:
            self._ask({"ask": "reload"}, _PATIENCE)
        except NodeUnreachable as error:
            _log.info("the recorder will see the order when it starts: %s", error)

    def _ask(self, question: dict[str, str], patience: float) -> dict[str, Any]:
        """One JSON line there, one back. Raises NodeUnreachable."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                line.settimeout(patience)
                line.connect(str(self._socket))
                line.sendall(json.dumps(question).encode() + b"\n")
                with line.makefile("rb") as answers:
                    answer = json.loads(answers.readline(_LONGEST_ANSWER))
        except (OSError, ValueError) as error:
            raise NodeUnreachable(f"The recorder does not answer on {self._socket}: {error}") from error
        if not isinstance(answer, dict) or "error" in answer:
            raise NodeUnreachable(f"The recorder answered {answer!r:.200}")
        return answer


def health_from(answer: dict[str, Any]) -> NodeHealth:
    """The recorder's JSON as the contract's value; what a later release added is left out. Raises NodeUnreachable."""
    try:
        cameras = tuple(_camera_health(one) for one in answer["cameras"])
        return NodeHealth(**{**_known(NodeHealth, answer), "cameras": cameras, "alarms": tuple(answer["alarms"])})
    except (KeyError, TypeError, ValueError) as error:
        raise NodeUnreachable(f"The recorder's health cannot be read: {error!r}") from error


def _camera_health(facts: dict[str, Any]) -> CameraHealth:
    camera_id, condition = CameraId(UUID(str(facts["camera_id"]))), CameraCondition(facts["condition"])
    sound = SoundCondition(facts.get("sound", SoundCondition.OFF))
    known = _known(CameraHealth, facts) | {"camera_id": camera_id, "condition": condition, "sound": sound}
    known["notes"] = tuple(CameraNote(str(one["code"]), str(one["text"])) for one in facts.get("notes", ()))
    known["oddities"] = tuple((str(kind), int(count)) for kind, count in facts.get("oddities", ()))
    return CameraHealth(**known)


def _known(kind: type, facts: dict[str, Any]) -> dict[str, Any]:
    return {one.name: facts[one.name] for one in fields(kind) if one.name in facts}
