"""Knows a store by its own name: refuses an unmounted, swapped or newer one before anything is written into it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from secrets import token_hex
from uuid import UUID, uuid4

from footage.contract import FootageError

FORMAT_VERSION = 1
IDENTITY_FILE = "volume.json"
CATALOGUE_FILE = "catalogue.sqlite3"
LOCK_FILE = "recorder.lock"
HOLDS_FILE = "holds.json"
#: In the folder of the sockets: which store was last seen at which path.
REMEMBERED_FILE = "stores.json"


class StoreMissing(FootageError):
    """There is no store at that path."""

    code = "store-missing"


class StoreMismatch(FootageError):
    """The store is not the one that was expected there."""

    code = "store-mismatch"


class StoreTooNew(FootageError):
    """The store was written by a newer version, whose rules we do not know."""

    code = "store-too-new"


class StoreBusy(FootageError):
    """Another recorder holds the store."""

    code = "store-busy"


@dataclass(frozen=True, slots=True)
class Identity:
    """`open_sequence` goes up with each start, stop and round of the recorder, on the volume and in the journal.

    So a journal or a volume that was restored from an old copy is noticed: the journal goes first, and is never behind.
    """

    store_uuid: str
    format_version: int
    open_sequence: int


def read_identity(store: Path) -> Identity:
    """The store's identity. Raises StoreMissing, StoreMismatch or StoreTooNew."""
    try:
        facts = json.loads((store / IDENTITY_FILE).read_text())
        version = int(facts["format_version"])
        identity = Identity(str(UUID(facts["store_uuid"])), version, int(facts["open_sequence"]))
    except FileNotFoundError:
        raise StoreMissing(f"{store} is no store: it has no {IDENTITY_FILE}. Is the disk mounted?") from None
    except (ValueError, KeyError, TypeError) as error:
        raise StoreMismatch(f"{store / IDENTITY_FILE} cannot be read: {error}") from None
    if version > FORMAT_VERSION:
        raise StoreTooNew(
            f"{store} has format {version}; this version knows formats up to {FORMAT_VERSION}. "
            "Use the newer version, or another store."
        )
    return identity


def create_or_read(store: Path) -> Identity:
    """The identity of an existing store, or of a new one in an absent or empty folder.

    A folder that holds footage or a journal but no identity is refused: naming it anew would hide a swapped disk.
    """
    if (store / IDENTITY_FILE).exists():
        identity = read_identity(store)
        if not (store / CATALOGUE_FILE).exists() and not may_begin(store, identity):
            raise StoreMismatch(f"{store} was recorded into and has no journal. Run `footage reindex --store {store}`.")
        return identity
    if store.exists() and (leftovers := _left_in(store)):
        raise StoreMismatch(
            f"{store} holds {leftovers} but no {IDENTITY_FILE}. If it is the right disk, run `footage reindex`."
        )
    store.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):  # another was first: its name for the store counts
        write_durably(store / IDENTITY_FILE, _text_of(Identity(str(uuid4()), FORMAT_VERSION, 0)), anew=True)
    return read_identity(store)


def may_begin(store: Path, identity: Identity) -> bool:
    """Whether nothing was ever recorded or held here, so that a journal that is empty or absent has lost nothing."""
    return not (identity.open_sequence or footage_in(store) or (store / HOLDS_FILE).exists())


def write_identity(store: Path, identity: Identity) -> None:
    """Replace the identity file so that a power cut leaves the old one or the new one."""
    write_durably(store / IDENTITY_FILE, _text_of(identity))


def _text_of(identity: Identity) -> str:
    return json.dumps(asdict(identity), indent=2, sort_keys=True) + "\n"


def write_count(store: Path, identity: Identity, count: int) -> Identity:
    """The identity with another count, written to the disk."""
    counted = replace(identity, open_sequence=count)
    write_identity(store, counted)
    return counted


def lock_store(store: Path) -> int:
    """Take the store for this process; the lock goes with the descriptor. Raises StoreBusy."""
    descriptor = os.open(store / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
        os.close(descriptor)
        raise StoreBusy(f"{store} is in use by another recorder (process {holder}). Stop it first.") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def expect_identity(remembered: Path, store: Path, identity: Identity) -> None:
    """Compare with what was last seen at this path, and remember it. Raises StoreMismatch.

    The memory lies outside the store, for an unmounted disk leaves nothing inside it to ask.
    """
    try:
        known = json.loads(remembered.read_text()).get(str(store.resolve()))
    except (FileNotFoundError, ValueError, AttributeError):
        known = None
    if known is not None and known != identity.store_uuid:
        raise StoreMismatch(
            f"{store} is store {identity.store_uuid}, but {known} was here before. Is the right disk mounted? "
            f"If it was replaced on purpose, delete {remembered} and start again."
        )
    if known is None:
        write_durably(remembered, json.dumps({str(store.resolve()): identity.store_uuid}) + "\n")


def refuse_absent(remembered: Path, store: Path) -> None:
    """Raises StoreMismatch where a store was at this path before and an empty folder is there now.

    For whoever would otherwise make a new one beside the disk that was not mounted: recorder and scheme alike.
    """
    known = remembered_identity(remembered, store)
    if known is not None and not (store / IDENTITY_FILE).exists():
        raise StoreMismatch(
            f"store {known} was at {store} before, and nothing is there now. Is the disk mounted? "
            f"If it was replaced on purpose, delete {remembered} and start again."
        )


def remembered_identity(remembered: Path, store: Path) -> str | None:
    """The store UUID last seen at this path, if any was."""
    try:
        known = json.loads(remembered.read_text()).get(str(store.resolve()))
    except (FileNotFoundError, ValueError, AttributeError):
        return None
    return known if isinstance(known, str) else None


def write_durably(path: Path, text: str, *, anew: bool = False) -> None:
    """Write a small file whole: a temporary name that no other thread has, fsync, rename, fsync of the folder.

    With `anew` nothing is replaced: raises FileExistsError where the file is there already.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.{token_hex(4)}")
    try:
        with beside.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if anew:
            os.link(beside, path)
            beside.unlink()
        else:
            beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def footage_in(store: Path) -> bool:
    """Whether a camera's folder is there."""
    for entry in store.iterdir():
        try:
            UUID(entry.name)
        except ValueError:
            continue
        return True
    return False


def _left_in(store: Path) -> str:
    if (store / CATALOGUE_FILE).exists():
        return "a journal"
    return "footage" if footage_in(store) else ""
