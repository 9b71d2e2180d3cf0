"""What can go wrong with watching and reviewing, each with a stable code and words for the person who asked."""

from __future__ import annotations

from overt.shared.errors import BadInput, NotThere, OvertError, Refused


class PlaybackForbidden(Refused):
    """The scheme's policy lets no engineer look at recordings."""

    code = "engineer-playback-forbidden"


class BadSupervision(BadInput):
    """A part of a supervised playback's terms is missing or cannot be."""

    code = "bad-leave"

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class NoSuchSupervision(NotThere):
    """There is no such supervised playback, or it is not this person's to know of."""

    code = "no-such-leave"


class ReviewOver(OvertError):
    """The review is closed, was left alone too long, or is another person's."""

    code = "review-over"
    status = 409
    title = "This review is closed"


class PeopleMissing(BadInput):
    """It was not said who else can see the screen."""

    code = "people-missing"
    field = "present"


class ResultMissing(BadInput):
    """A review is not complete without what it found."""

    code = "result-missing"
    field = "result"


class TooManyCameras(BadInput):
    """A review shows a few cameras in step."""

    code = "too-many-cameras"
    field = "cameras"


class NoSuchViewing(NotThere):
    """There is no such opening, it is another person's, or it is over."""

    code = "no-such-viewing"


class NothingWritten(BadInput):
    """An entry needs words."""

    code = "nothing-written"
