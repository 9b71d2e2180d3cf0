"""The node's own journal: SQLite beside the footage, readable while the recorder writes."""

from footage.catalogue.cameras import KeyNeeded
from footage.catalogue.catalogue import Catalogue
from footage.catalogue.segments import OpenFile, usual_path
from footage.catalogue.store import StoreBusy, StoreMismatch, StoreMissing, StoreTooNew

__all__ = [
    "Catalogue",
    "KeyNeeded",
    "OpenFile",
    "StoreBusy",
    "StoreMismatch",
    "StoreMissing",
    "StoreTooNew",
    "usual_path",
]
