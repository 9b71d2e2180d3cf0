"""Seals an exhibit: cut, copy, fix the content, log it, prove it, sign it, check it, and only then call it sealed.

The job may end at any point and be run again: it starts over (the footage is held meanwhile), and the logbook then has
a second entry of the content's hash; a bag that is already in its place is finished as it is.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha512
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from footage.contract import DiskFull, FootageError, NodeHealth
from overt.estate.node import node
from overt.evidence import log_actions, tasks
from overt.evidence.bag import build, layout, timestamp, verify
from overt.evidence.bag.build import Content
from overt.evidence.bag.facts import ClipFacts
from overt.evidence.bag.index import UnreadableClip
from overt.evidence.bag.keys import SigningKeys, WrongKey, load_keys, make_keys, private_pem
from overt.evidence.copies.register import first_copies
from overt.evidence.errors import NoRoom, SealBroken
from overt.evidence.exhibits import rules
from overt.evidence.exhibits.bag_facts import exhibit_facts
from overt.evidence.exhibits.events import log_facts, proven_events
from overt.evidence.exhibits.folders import bag_folder, draft_folder
from overt.evidence.exhibits.rules import ExhibitState
from overt.evidence.exhibits.services.cutting import cut_content, save_clip
from overt.evidence.exhibits.services.progress import Meter, ProgressTell
from overt.evidence.log_facts import Sealed, SealingFailed, Signed
from overt.evidence.models import Exhibit
from overt.logbook.services import log, make_checkpoint
from overt.policy.queries import policy_in_force
from overt.shared.errors import OvertError
from overt.shared.secrets import folder_secret

_log = logging.getLogger(__name__)


def run_sealing(exhibit_id: UUID, tell: ProgressTell | None = None) -> Exhibit:
    """Seal an exhibit that is being sealed, to its end. Returns it sealed or failed.

    Work that another process is doing is left alone.
    """
    exhibit = Exhibit.objects.select_related("operator", "parent").get(pk=exhibit_id)
    Path(settings.EXHIBITS).mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(exhibit.reference) as mine:
        exhibit.refresh_from_db()
        if not mine or exhibit.state != ExhibitState.SEALING:
            return exhibit
        try:
            _seal(exhibit, Meter(exhibit, tell))
        except (FootageError, OvertError, UnreadableClip, WrongKey, OSError) as error:
            _fail(exhibit, _known(error))
    exhibit.refresh_from_db()
    return exhibit


def resume_unfinished() -> int:
    """Queue every exhibit that was being sealed when the worker last stopped; returns how many. Run at its start."""
    found = list(Exhibit.objects.filter(state=ExhibitState.SEALING).values_list("pk", flat=True))
    for pk in found:
        tasks.seal.enqueue(str(pk))
    return len(found)


def _seal(exhibit: Exhibit, meter: Meter) -> None:
    draft, final = draft_folder(exhibit.reference), bag_folder(exhibit.reference)
    if final.exists():
        _adopt(exhibit, final)
        return
    clips, content = cut_content(exhibit, draft, meter)
    _log_content(exhibit, clips, content)
    _sign(exhibit, draft, final, clips, content)


def _adopt(exhibit: Exhibit, final: Path) -> None:
    """Finish what a job left that ended after putting the bag in its place, if the bag is whole and ours."""
    manifest, tags = final / layout.MANIFEST_512, final / layout.TAGS_512
    logged = manifest.is_file() and sha512(manifest.read_bytes()).hexdigest() == exhibit.payload_sha512
    fingerprint = exhibit_keys().fingerprints()[0]
    if not logged or verify.verify_bag(final, keys=[fingerprint])["exit"] != 0:
        raise SealBroken(f"There is a folder {final} already that is not this exhibit; it was not touched.")
    stamp = timestamp.read(final / layout.TIME_STAMP)
    size = sum(path.stat().st_size for path in final.rglob("*") if path.is_file())
    _log_signed(exhibit, build.Seal(sha512(tags.read_bytes()).hexdigest(), stamp, size), fingerprint)


@transaction.atomic
def _log_content(exhibit: Exhibit, clips: list[ClipFacts], content: Content) -> None:
    """From here on the content is fixed: the logbook holds the hash of its manifest. Source: BASS-9.1.b."""
    held = Exhibit.objects.lock(exhibit.pk)
    rules.check_move(held.state, ExhibitState.SEALED)
    now = timezone.now()
    for clip in clips:
        save_clip(held, clip)
    exhibit.sealed_at = held.sealed_at = now
    exhibit.keep_until = held.keep_until = rules.keep_until(now, policy_in_force().evidence_master_retention_years)
    exhibit.payload_sha512 = held.payload_sha512 = content.sha512
    held.save(update_fields=["sealed_at", "keep_until", "payload_sha512"])
    facts = Sealed(
        reference=held.reference,
        manifest_sha512=content.sha512,
        files=len(content.digests),
        bytes=content.size_bytes,
        gaps=sum(len(clip.gaps) for clip in clips),
    )
    log(log_actions.EXHIBIT_SEALED, held, by=exhibit.operator, reason=exhibit.reason, facts=facts)


def _sign(exhibit: Exhibit, draft: Path, final: Path, clips: list[ClipFacts], content: Content) -> None:
    """Prove every entry, list and sign everything, check the result, and put it in its place."""
    checkpoint = make_checkpoint()
    facts = exhibit_facts(exhibit, clips, _health(), log_facts(checkpoint))
    events = proven_events(exhibit, checkpoint)
    keys = exhibit_keys()
    sealed = build.seal(draft, content, facts, events, keys, _time_stamp)
    # The recordings were hashed as they were written; reading them again is the full check that follows as a job.
    known = {
        name: verify.Digests(d.size_bytes, d.sha512, d.sha256, list(d.chunks)) for name, d in content.digests.items()
    }
    report = verify.verify_bag(draft, keys=[keys.fingerprints()[0]], known=known)
    if report["exit"] != 0:
        raise SealBroken("; ".join(f["says"] for f in report["findings"]) or "The bag did not pass its own check.")
    draft.rename(final)
    _sync(final.parent)
    _log_signed(exhibit, sealed, keys.fingerprints()[0])


@transaction.atomic
def _log_signed(exhibit: Exhibit, sealed: build.Seal, fingerprint: str) -> None:
    held = Exhibit.objects.lock(exhibit.pk)
    rules.check_move(held.state, ExhibitState.SEALED)
    held.state, held.signed_at = ExhibitState.SEALED.value, timezone.now()
    held.tags_sha512, held.key_fingerprint, held.size_bytes = sealed.tags_sha512, fingerprint, sealed.size_bytes
    held.time_stamped_at = sealed.time_stamp.at if sealed.time_stamp else None
    held.progress_done = held.progress_total
    held.save(
        update_fields=[
            "state",
            "signed_at",
            "tags_sha512",
            "key_fingerprint",
            "size_bytes",
            "time_stamped_at",
            "progress_done",
        ]
    )
    tasks.verify.enqueue(str(held.pk))
    facts = Signed(held.reference, sealed.tags_sha512, fingerprint, held.time_stamped_at)
    entry = log(log_actions.EXHIBIT_SIGNED, held, by=exhibit.operator, facts=facts)
    first_copies(held, bag_folder(held.reference), entry)


def _time_stamp(message: bytes) -> timestamp.TimeStamp | None:
    """The authority's stamp where one is set; an authority that does not answer delays nothing, and the bag says so."""
    if not settings.TIME_STAMP_AUTHORITY:
        return None
    roots = Path(settings.TIME_STAMP_ROOTS) if settings.TIME_STAMP_ROOTS else None
    try:
        return timestamp.ask(settings.TIME_STAMP_AUTHORITY, message, roots)
    except timestamp.NoTimeStamp as error:
        _log.error("sealing without a time stamp: %s", error)
        return None


def _health() -> NodeHealth | None:
    try:
        return node().health()
    except (FootageError, OSError):
        return None


@transaction.atomic
def _fail(exhibit: Exhibit, error: Exception) -> None:
    held = Exhibit.objects.lock(exhibit.pk)
    rules.check_move(held.state, ExhibitState.FAILED)
    code = str(getattr(error, "code", "failed"))
    held.state, held.failure_code, held.failure = ExhibitState.FAILED.value, code, str(error)[:1000]
    held.sealed_at = None
    held.save(update_fields=["state", "failure_code", "failure", "sealed_at"])
    facts = SealingFailed(held.reference, code)
    log(log_actions.EXHIBIT_FAILED, held, by=exhibit.operator, facts=facts)
    shutil.rmtree(draft_folder(held.reference), ignore_errors=True)


def _known(error: Exception) -> Exception:
    """A full disk is told as one, whoever noticed it."""
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if full or isinstance(error, DiskFull):
        return NoRoom(
            f"There is no room for the exhibit in {settings.EXHIBITS}: it needs twice the size of its recordings."
            " Make room, and seal it again; the footage is held meanwhile."
        )
    return error


@contextmanager
def _alone(reference: str) -> Iterator[bool]:
    """Whether no other process seals this exhibit; true until the end of the block."""
    with (Path(settings.EXHIBITS) / f".lock-{reference}").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
        Path(file.name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def exhibit_keys() -> SigningKeys:
    """The keys of `<secrets>/exhibit-ed25519.pem` and `exhibit-p256.pem` (mode 0600). Raises WrongKey."""
    folder = Path(settings.SECRETS)
    ed25519 = folder_secret("", folder / "exhibit-ed25519.pem", lambda: private_pem(make_keys().ed25519))
    p256 = folder_secret("", folder / "exhibit-p256.pem", lambda: private_pem(make_keys().p256))
    return load_keys(ed25519, p256)
