"""Where the bags lie on this machine's disk."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from overt.evidence.errors import WrongMove
from overt.evidence.exhibits.rules import ExhibitState
from overt.evidence.models import Exhibit


def bag_folder(reference: str) -> Path:
    return Path(settings.EXHIBITS) / reference


def draft_folder(reference: str) -> Path:
    """Where a bag grows until it is sealed; a name that no reference can have."""
    return Path(settings.EXHIBITS) / f".draft-{reference}"


def sealed_folder(exhibit: Exhibit) -> Path:
    """Where the bag lies. Raises WrongMove where it is not sealed."""
    folder = bag_folder(exhibit.reference)
    if exhibit.state != ExhibitState.SEALED or not folder.is_dir():
        raise WrongMove(f"Exhibit {exhibit.reference} is {exhibit.state}; there is a bag once it is sealed.")
    return folder
