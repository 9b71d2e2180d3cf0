"""The door itself: what the scheme may order and ask of a recorder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol
from uuid import UUID

from footage.contract.cameras import CameraSource, NodeHealth
from footage.contract.recordings import (
    CameraId,
    CheckStep,
    ClipReceipt,
    ClipRequest,
    DeletionReceipt,
    Hold,
    Still,
    Timeline,
)

#: Called with bytes done and bytes in all.
Progress = Callable[[int, int], None]


class Node(Protocol):
    """A recorder, near or far. Orders are durable once the call returns, whether or not the recorder runs."""

    def set_cameras(self, cameras: Sequence[CameraSource]) -> None:
        """Record exactly these cameras from now on; one that is missing is stopped and its footage kept."""

    def put_hold(self, hold: Hold) -> None:
        """Keep a span; the same `hold_id` again replaces it."""

    def release_hold(self, hold_id: UUID, reason: str) -> None:
        """Let a hold go; unknown ids are no error."""

    def holds(self) -> list[Hold]: ...

    def timeline(self, camera_id: CameraId, start_90k: int, end_90k: int) -> Timeline: ...

    def cut_clip(self, request: ClipRequest, into: Path, progress: Progress | None = None) -> ClipReceipt:
        """Write the span's MP4 files into a folder. Raises NoFootage, BadSpan, DiskFull or DamagedFootage."""

    def still(self, camera_id: CameraId, at_90k: int, *, max_width: int | None = None) -> Still:
        """The picture shown at a moment. Raises NoFootage."""

    def receipts(self, since_90k: int = 0, limit: int = 1000) -> list[DeletionReceipt]: ...

    def check_next(self, after: int, budget_bytes: int) -> CheckStep:
        """Hold the next segments against their hashes: a little of a round over everything stored."""

    def stored_bytes(self) -> int:
        """What a whole round has to read."""

    def health(self) -> NodeHealth: ...
