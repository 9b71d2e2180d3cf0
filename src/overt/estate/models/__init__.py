"""The tables of the estate, a file for each noun."""

from overt.estate.models.cameras import Camera
from overt.estate.models.imports import ImportDraft
from overt.estate.models.retention import RetentionRun
from overt.estate.models.sound import SoundOrder

__all__ = ["Camera", "ImportDraft", "RetentionRun", "SoundOrder"]
