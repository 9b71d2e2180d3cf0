"""The tables of the watch room, a file for each noun."""

from overt.watch.models.integrity import DamagedSegment, FootageRound
from overt.watch.models.live import LiveViewing
from overt.watch.models.reviews import PlaybackReview, ReviewedDay
from overt.watch.models.supervised import SupervisedPlayback

__all__ = ["DamagedSegment", "FootageRound", "LiveViewing", "PlaybackReview", "ReviewedDay", "SupervisedPlayback"]
