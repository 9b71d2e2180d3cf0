"""Carries out what is marked: unlink, flush the folder, then the receipt. Decides nothing."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from pathlib import Path

from footage.catalogue import Catalogue
from footage.catalogue.deletions import Doomed
from footage.catalogue.store import sync_folder
from footage.times import utc_now

log = logging.getLogger("footage.retention")


def carry_out(catalogue: Catalogue, *, limit: int = 1000) -> int:
    """Delete the marked files and write their receipts. Returns how many went.

    A file that cannot be unlinked stays marked and is tried again; one that is gone already gets its receipt. Raises
    StoreLost where the disk is not there: then nothing is gone, whatever is not found.
    """
    catalogue.volume.check_place()
    gone = [doomed for doomed in catalogue.doomed(limit=limit) if _unlink(catalogue.store / doomed.segment.path)]
    for folder in {(catalogue.store / doomed.segment.path).parent for doomed in gone}:
        if folder.is_dir():
            sync_folder(folder)
    catalogue.volume.check_place()
    if gone:
        catalogue.receipt_deletions(gone, utc_now())
        _tidy(catalogue.store, gone)
    return len(gone)


def _unlink(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        return True
    except OSError as error:
        log.error("%s cannot be deleted: %s", path, error)
        return False
    return True


def _tidy(store: Path, gone: Sequence[Doomed]) -> None:
    """Take away folders that became empty. The recorder makes them again where it needs them."""
    for folder in sorted({(store / doomed.segment.path).parent for doomed in gone}):
        at = folder
        while at != store:
            with contextlib.suppress(FileNotFoundError):
                try:
                    at.rmdir()
                except OSError:
                    break
            at = at.parent
