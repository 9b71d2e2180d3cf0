"""Builds a bag in a folder, in three steps: recordings in, content fixed, sealed.

The recordings come with their hashes from the recorder, which read them once while it cut them; nothing here reads
them again. The steps are apart because the logbook's entry of the sealing names the hash of the content (step two) and
its proof lies inside the sealed bag (step three). A folder that is no sealed bag yet is called a draft.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha512
from pathlib import Path

from overt.evidence.bag import layout
from overt.evidence.bag.digests import Digests, digests_of
from overt.evidence.bag.facts import ExhibitFacts, stamp
from overt.evidence.bag.keys import SigningKeys
from overt.evidence.bag.manifests import chunk_list, manifest
from overt.evidence.bag.pages import how_to_verify, verify_page, verify_program
from overt.evidence.bag.pretty import pretty
from overt.evidence.bag.timestamp import TimeStamp
from overt.shared.canonical import Json

_BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_COPY_STEP = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """What the bag is about, fixed: `sha512` is that of manifest-sha512.txt and stands in the logbook."""

    digests: Mapping[str, Digests]
    sha512: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Event:
    """A line of events.jsonl and its proof: `canonical` is what was hashed, `opened` has field -> (salt, value)."""

    number: int
    canonical: str
    opened: Mapping[str, tuple[str, str]]
    proof: str

    @property
    def proof_name(self) -> str:
        return f"{layout.PROOFS}/{self.number:09d}.tlog-proof"


@dataclass(frozen=True, slots=True)
class Seal:
    """`tags_sha512` is the hash of what is signed; `size_bytes` counts every file of the bag."""

    tags_sha512: str
    time_stamp: TimeStamp | None
    size_bytes: int


def duplicate(draft: Path, name: str, progress: Callable[[int], None] | None = None) -> None:
    """Make the working copy of a master, bit for bit: the kernel copies (or shares blocks where the disk can)."""
    source, target = draft / layout.MASTER / name, draft / layout.WORKING / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as read, target.open("wb") as written:
        try:
            while count := os.copy_file_range(read.fileno(), written.fileno(), _COPY_STEP):
                if progress:
                    progress(count)
        except OSError:  # not every file system can; start again by hand
            read.seek(0)
            written.seek(0)
            written.truncate()
            shutil.copyfileobj(read, written, 1024 * 1024)
        os.fsync(written.fileno())


def fix_content(
    draft: Path, recordings: Mapping[str, Digests], readme: bytes, stills: Mapping[str, bytes] | None = None
) -> Content:
    """Write README.html, the stills and the payload manifests.

    `recordings` are keyed by the name they share in both folders, `stills` by their name under data/stills.
    """
    layout.write(draft, layout.README, readme)
    digests = {layout.README: digests_of(readme)}
    for name, found in recordings.items():
        digests[f"{layout.MASTER}/{name}"] = found
        digests[f"{layout.WORKING}/{name}"] = found
    for name, data in (stills or {}).items():
        layout.write(draft, f"{layout.STILLS}/{name}", data)
        digests[f"{layout.STILLS}/{name}"] = digests_of(data)
    listed = manifest(digests, "sha512")
    layout.write(draft, layout.MANIFEST_512, listed)
    layout.write(draft, layout.MANIFEST_256, manifest(digests, "sha256"))
    return Content(digests, sha512(listed).hexdigest(), sum(found.size_bytes for found in digests.values()))


def seal(
    draft: Path,
    content: Content,
    facts: ExhibitFacts,
    events: Iterable[Event],
    keys: SigningKeys,
    time_stamp: Callable[[bytes], TimeStamp | None],
) -> Seal:
    """Write everything that tells of the content, list it, sign the list. Running it again on a draft is no harm.

    A stamp is over the signed list and so cannot stand in it: exhibit.json, which does, promises it, and a stamp taken
    away is missed. Where `time_stamp` gives none the promise is taken back and the list made anew.
    """
    shutil.rmtree(draft / layout.PROOFS, ignore_errors=True)
    shutil.rmtree(draft / "signatures", ignore_errors=True)
    _write_metadata(draft, content, facts, events)
    layout.write(draft, "VERIFY.html", verify_page(facts.reference))
    layout.write(draft, "verify.py", verify_program())
    layout.write(draft, "HOW-TO-VERIFY.txt", how_to_verify(facts.reference, keys.fingerprints()))
    for name, pem in zip((layout.ED25519_KEY, layout.P256_KEY), keys.public_pems(), strict=True):
        layout.write(draft, name, pem)
    listed = _list_with(draft, replace(facts, time_stamped=True))
    stamped = time_stamp(listed)
    if stamped is None:
        listed = _list_with(draft, facts)
    _sign(draft, listed, keys, stamped)
    layout.flush_folders(draft)
    size = sum(path.stat().st_size for path in draft.rglob("*") if path.is_file())
    return Seal(sha512(listed).hexdigest(), stamped, size)


def _list_with(draft: Path, facts: ExhibitFacts) -> bytes:
    """Write exhibit.json, list every file outside data/, and return the SHA-512 list, which is what gets signed."""
    layout.write(draft, layout.EXHIBIT, pretty(facts.as_json()))
    return _write_tag_manifests(draft)


def _write_metadata(draft: Path, content: Content, facts: ExhibitFacts, events: Iterable[Event]) -> None:
    layout.write(draft, "bagit.txt", _BAGIT)
    layout.write(draft, "bag-info.txt", _bag_info(content, facts))
    layout.write(draft, layout.CHUNKS, chunk_list(content.digests))
    lines = []
    for event in events:
        opened: Json = {field: {"salt": salt, "value": value} for field, (salt, value) in event.opened.items()}
        line: dict[str, Json] = {
            "number": event.number,
            "canonical": event.canonical,
            "opened": opened,
            "proof": event.proof_name,
        }
        lines.append(pretty(line, lines=False))
        layout.write(draft, event.proof_name, event.proof.encode())
    layout.write(draft, layout.EVENTS, b"".join(lines))


def _bag_info(content: Content, facts: ExhibitFacts) -> bytes:
    """RFC 8493, 2.2.2: what an archive reads of a bag."""
    cameras = ", ".join(dict.fromkeys(f"{c.camera.number} {c.camera.name}" for c in facts.clips))
    fields = {
        "Source-Organization": facts.scheme,
        "External-Identifier": facts.reference,
        "External-Description": f"CCTV exhibit {facts.reference}: {cameras}",
        "Bagging-Date": stamp(facts.sealed_at)[:10],
        "Payload-Oxum": f"{content.size_bytes}.{len(content.digests)}",
        "Bag-Software-Agent": f"Overt {facts.software.get('version', '')}",
    }
    return "".join(f"{key}: {' '.join(value.split())}\n" for key, value in fields.items()).encode()


def _write_tag_manifests(draft: Path) -> bytes:
    """List every file outside data/, and return the SHA-512 list, which is what gets signed."""
    names = (path.relative_to(draft).as_posix() for path in draft.rglob("*") if path.is_file())
    tags = {n: digests_of((draft / n).read_bytes()) for n in names if not n.startswith(("data/", "tagmanifest-"))}
    listed = manifest(tags, "sha512")
    layout.write(draft, layout.TAGS_512, listed)
    layout.write(draft, layout.TAGS_256, manifest(tags, "sha256"))
    return listed


def _sign(draft: Path, listed: bytes, keys: SigningKeys, stamped: TimeStamp | None) -> None:
    names = (layout.ED25519_SIGNATURE, layout.P256_SIGNATURE)
    for name, signature in zip(names, keys.signatures(listed), strict=True):
        layout.write(draft, name, signature)
    if stamped is not None:
        layout.write(draft, layout.TIME_STAMP, stamped.response)
        layout.write(draft, layout.TIME_STAMP_CHAIN, stamped.chain)
    made = {p.relative_to(draft).as_posix(): digests_of(p.read_bytes()) for p in (draft / "signatures").iterdir()}
    layout.write(draft, layout.SIGNATURE_SUMS, manifest(made, "sha512"))
