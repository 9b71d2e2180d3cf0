"""Small whole bags, made with the bag library and a logbook of a few entries, for tests that alter them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from footage.contract import CameraId, ClipRequest, Gap, GapCause
from footage.local import LocalNode
from overt.evidence.bag import build, layout
from overt.evidence.bag.facts import CameraFacts, ClipFacts, ExhibitFacts, FileFacts
from overt.evidence.bag.index import read_index
from overt.evidence.bag.keys import SigningKeys, make_keys
from overt.evidence.bag.readme import readme
from overt.evidence.bag.timestamp import TimeStamp
from overt.logbook import merkle, notes
from overt.shared.canonical import canonical
from playback.making import BEGIN, HZ, Recorded

LONDON = ZoneInfo("Europe/London")
ORIGIN = "scheme.example/logbook"
CAMERA = CameraFacts(
    camera_id="5a0e4c1e-93a5-4c0f-8f1d-0d9c3a8c1270",
    number="127",
    name="High Street North",
    kind="PTZ",
    partner="Borough of Marketon",
    town="Market Town",
    latitude="51.754210",
    longitude="-0.338510",
)


def make_bag(
    folder: Path,
    *,
    keys: SigningKeys | None = None,
    time_stamp: Callable[[bytes], TimeStamp | None] = lambda message: None,
    clip: Callable[[Path], ClipFacts] | None = None,
) -> SigningKeys:
    """Build and seal a bag in `folder` (JD-7, one clip of camera 127 unless given); returns the keys that signed it."""
    signing = keys or make_keys()
    (folder / layout.MASTER).mkdir(parents=True)
    clips = ((clip or cut_clip)(folder),)
    page = readme("JD-7", "Market and Riverside CCTV", "incident 4417", LONDON, clips)
    content = build.fix_content(folder, {f.name: f.digests for c in clips for f in c.files}, page)
    log_key = Ed25519PrivateKey.generate()
    events, log = _logged(content.sha512, log_key)
    facts = ExhibitFacts(
        reference="JD-7",
        scheme="Market and Riverside CCTV",
        zone=LONDON,
        reason="incident 4417",
        operator="Asha Patel",
        opened_at=datetime(2026, 11, 22, 2, 20, tzinfo=UTC),
        sealed_at=datetime(2026, 11, 22, 2, 22, tzinfo=UTC),
        keep_until=datetime(2029, 11, 22, 2, 22, tzinfo=UTC),
        clips=clips,
        software={"version": "0.1.0"},
        logbook=log,
    )
    build.seal(folder, content, facts, events, signing, time_stamp)
    return signing


def cut_clip(folder: Path, *, pictures: int = 150, with_gap: bool = False, sound: bool = False) -> ClipFacts:
    """Six seconds cut by the node from a store of its own, as sealing does it."""
    store = folder.parent / f"{folder.name}-store"
    store.mkdir()
    recorded = Recorded(store, camera_id=CameraId(UUID(CAMERA.camera_id)))
    recorded.record(BEGIN, pictures, per_file=75, sound=sound)
    end = BEGIN + pictures * HZ // 25
    if with_gap:
        recorded.record(end + 3 * HZ, 75, run=2)
        end += 6 * HZ
    receipt = LocalNode(store, store).cut_clip(ClipRequest(recorded.camera_id, BEGIN, end), folder / layout.MASTER)
    files = []
    for cut in receipt.files:
        path = cut.path.rename(folder / layout.MASTER / f"JD-7_01_camera-127_{cut.path.name}")
        build.duplicate(folder, path.name)
        files.append(FileFacts(replace(cut, path=path), read_index(path, cut.start_90k)))
    shutil.rmtree(store)
    lost = Gap(recorded.camera_id, end - 6 * HZ, end - 3 * HZ, GapCause.CAMERA_LOST)
    gaps = (lost,) if with_gap else ()
    return ClipFacts(
        1,
        CAMERA,
        BEGIN + HZ // 2,
        end,
        tuple(files),
        gaps,
        receipt.sources,
        -412,
        datetime(2026, 12, 2, tzinfo=UTC) + timedelta(),
    )


def _logged(manifest: str, key: Ed25519PrivateKey) -> tuple[list[build.Event], dict[str, object]]:
    """A logbook of five entries of which two are about the exhibit, with proofs, and what exhibit.json says of it."""
    salt = b"\x07" * 16
    opened = {"actor_name": "Asha Patel", "reason": "incident 4417 – “High Street”\nassault"}
    entries = []
    for number in range(1, 6):
        commitments = {field: sha256(salt + canonical(value)).hexdigest() for field, value in opened.items()}
        entries.append(
            canonical(
                {
                    "action": "evidence.exhibit.sealed",
                    "commitments": commitments,
                    "facts": {"manifest_sha512": manifest},
                    "number": number,
                }
            )
        )
    leaves = [merkle.leaf_hash(entry) for entry in entries]

    def subtree(level: int, index: int) -> bytes:
        width = 1 << level
        return _root(leaves[index * width : (index + 1) * width])

    text = notes.TreeHead(ORIGIN, 5, _root(leaves)).text
    note = notes.sign(text, ORIGIN, key)
    values = {field: (salt.hex(), value) for field, value in opened.items()}
    events = []
    for number in (2, 5):
        proof = notes.proof_text(number - 1, merkle.inclusion_path(number - 1, 5, subtree), note)
        events.append(build.Event(number, entries[number - 1].decode(), values, proof))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return events, {"origin": ORIGIN, "public_key": public, "checkpoint": note}


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node_hash(_root(leaves[:half]), _root(leaves[half:]))


def run_verify(folder: Path, *arguments: str, python: str = sys.executable) -> tuple[int, dict[str, object]]:
    """The bag's own verify.py in a bare interpreter: no site packages, no environment. Returns (exit code, report)."""
    program = [python, "-I", "-S", str(folder / "verify.py"), str(folder), "--json", *arguments]
    done = subprocess.run(program, capture_output=True, text=True, env={}, check=False, cwd="/")
    assert not done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def flip(path: Path, byte: int, bit: int) -> None:
    """Flip one bit of a file in place."""
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(byte)
        old = file.read(1)[0]
        file.seek(byte)
        file.write(bytes([old ^ 1 << bit]))


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
