"""The family every room's errors belong to: a stable code, an HTTP status for the edge, text for the person."""

from __future__ import annotations

from typing import ClassVar


class OvertError(Exception):
    """Something could not be done. Pages, the API and tests match on `code`, never on the sentence."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "This could not be done"
    #: The record the attempt was about, for the logbook alone; never shown.
    subject: object | None = None


class NotThere(OvertError):
    """Missing, or not for this person to know of: the answer is the same."""

    code = "not-found"
    status = 404
    title = "Not found"


class Refused(OvertError):
    """The person is signed in and may know that the thing exists, but not do this."""

    code = "refused"
    status = 403
    title = "You may not do this"


class BadInput(OvertError):
    """What was given cannot be used; the text says what to give instead."""

    code = "bad-input"
    status = 422
    title = "Check what you entered"
