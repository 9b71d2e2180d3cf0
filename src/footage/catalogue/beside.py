"""The holds in force, written down beside the footage as well, so that no lost journal ends one.

`holds.json` on the volume: canonical JSON with the store's UUID, the holds, and a proof over both: an HMAC-SHA256 with
the store's key, or a plain SHA-256 where the store has none. It is only ever read to put a hold that the journal does
not know; what the journal says of a hold it knows, stands.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from footage.catalogue.store import HOLDS_FILE, write_durably
from footage.contract import CameraId, Hold


class Proof(StrEnum):
    """How far the file can be believed."""

    WHOLE = "whole"  # as it was written
    UNTESTED = "untested"  # proven with a key that this process does not have
    ALTERED = "altered"  # changed since, or half there, or of another store; what can be read of it is taken
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Beside:
    """What the volume says of holds."""

    holds: tuple[Hold, ...]
    proof: Proof

    @property
    def believed(self) -> bool:
        """Whether there was no hold but these."""
        return self.proof in (Proof.WHOLE, Proof.UNTESTED)


class HoldsBeside:
    """One store's file. `key` as for the journal."""

    def __init__(self, store: Path, store_uuid: str, key: bytes | None) -> None:
        self._file, self._uuid, self._key = store / HOLDS_FILE, store_uuid, key

    def write(self, holds: Sequence[Hold]) -> None:
        """Write exactly these, durably, unless they stand there already. Raises OSError."""
        told = {"holds": [_facts(hold) for hold in holds], "store": self._uuid}
        text = json.dumps({**told, "proof": self._proof(told)}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        if self._read() != text:
            write_durably(self._file, text)

    def read(self) -> Beside:
        """What stands there; nothing raises, for a file that cannot be read says as much."""
        text = self._read()
        if text is None:
            return Beside((), Proof.ALTERED if self._file.exists() else Proof.ABSENT)
        try:
            facts = json.loads(text)
            proof = str(facts.pop("proof"))
            holds = tuple(_hold(one) for one in facts["holds"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return Beside((), Proof.ALTERED)
        return Beside(holds, self._judged(facts, proof))

    def _read(self) -> str | None:
        try:
            return self._file.read_text()
        except (OSError, UnicodeDecodeError):
            return None

    def _judged(self, facts: dict[str, Any], proof: str) -> Proof:
        if facts.get("store") != self._uuid:
            return Proof.ALTERED
        if proof.startswith("hmac-") and self._key is None:
            return Proof.UNTESTED
        kind, _, value = proof.partition(":")
        made = _digest(facts, self._key if kind == "hmac-sha256" else None)
        return Proof.WHOLE if hmac.compare_digest(made, value) else Proof.ALTERED

    def _proof(self, facts: dict[str, Any]) -> str:
        return f"{'hmac-sha256' if self._key else 'sha256'}:{_digest(facts, self._key)}"


def _digest(facts: dict[str, Any], key: bytes | None) -> str:
    data = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return hmac.new(key, data, hashlib.sha256).hexdigest() if key else hashlib.sha256(data).hexdigest()


def _facts(hold: Hold) -> dict[str, Any]:
    """As everywhere else (Hold.as_json), with the camera."""
    return {**hold.as_json(), "camera": str(hold.camera_id)}


def _hold(facts: dict[str, Any]) -> Hold:
    expires = facts["expires_90k"]
    return Hold(
        UUID(facts["id"]),
        CameraId(UUID(facts["camera"])),
        int(facts["start_90k"]),
        int(facts["end_90k"]),
        str(facts["owner"]),
        str(facts["reason"]),
        None if expires is None else int(expires),
    )
