"""The tables of the evidence room, a file for each noun."""

from overt.evidence.models.copies import Copy, CopyMovement
from overt.evidence.models.exhibits import Exhibit, ExhibitClip
from overt.evidence.models.holds import Hold
from overt.evidence.models.stills import Still
from overt.evidence.models.storage import PlaceOpening, StoragePlace

__all__ = ["Copy", "CopyMovement", "Exhibit", "ExhibitClip", "Hold", "PlaceOpening", "Still", "StoragePlace"]
