"""What can go wrong with evidence, each with a stable code and words for the person who asked."""

from __future__ import annotations

from overt.shared.errors import BadInput, NotThere, OvertError, Refused


class EvidenceError(OvertError):
    """Something about an exhibit or a hold could not be done."""

    code = "evidence"


class NoSuchExhibit(NotThere):
    """There is no such exhibit, or it is not this person's to know of."""

    code = "no-such-exhibit"


class NoSuchHold(NotThere):
    """There is no such hold, or it is not this person's to know of."""

    code = "no-such-hold"


class BadReference(BadInput):
    """An exhibit reference that cannot be written on a label and be a folder's name on every computer."""

    code = "bad-reference"
    field = "reference"


class ReferenceUsed(BadInput):
    """Another exhibit has this reference; two exhibits of one name cannot be told apart in court."""

    code = "reference-used"
    field = "reference"
    status = 409
    title = "This reference is in use"


class BadSpan(BadInput):
    """The span cannot be: it ends before it starts, or its times cannot be read."""

    code = "bad-span"
    field = "end"


class SpanInFuture(BadSpan):
    """The span ends after now; what is not recorded yet cannot be kept or sealed."""

    code = "span-in-future"


class NothingRecorded(BadInput):
    """The camera has no footage anywhere in the span."""

    code = "no-footage"
    field = "start"


class NoPicture(BadInput):
    """No picture can be had of that moment: nothing was recorded then, or what was is damaged."""

    code = "no-picture"
    field = "at"


class GroundMissing(BadInput):
    """Footage would outlive its period, and why, for which case, for whom or until which review is not said."""

    code = "ground-missing"

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


class BadGround(GroundMissing):
    """A ground that the scheme's code does not have, or a day that cannot be."""

    code = "bad-ground"


class NoSuchCopy(NotThere):
    """There is no such copy, or it is not this person's to know of."""

    code = "no-such-copy"


class NoSuchStill(NotThere):
    """There is no such still, or it is not this person's to know of."""

    code = "no-such-still"


class NoSuchLocation(NotThere):
    """There is no such storage location."""

    code = "no-such-place"


class CopyIncomplete(BadInput):
    """Something that a copy, its handover or its end needs is not said."""

    code = "copy-incomplete"

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


class NotTheCopy(BadInput):
    """What was given for the test is no copy of this exhibit that can be opened."""

    code = "not-the-copy"


class KeeperOnly(Refused):
    """The person is not on the access list of the storage location."""

    code = "keeper-only"


class WrongMove(EvidenceError):
    """The exhibit or hold is in a state from which this cannot be done."""

    code = "wrong-state"
    status = 409
    title = "This cannot be done now"


class NotOpened(WrongMove):
    """The copy was not opened from its medium and verified before its handover."""

    code = "not-opened"


class MasterStays(WrongMove):
    """The master does not leave the room."""

    code = "master-stays"


class CopyGone(WrongMove):
    """The copy has left, and the scheme's code does not let it back."""

    code = "copy-gone"


class NoRoom(EvidenceError):
    """The disk has no room for the bag; nothing was written that stays."""

    code = "disk-full"
    status = 507
    title = "The disk is full"


class SealBroken(EvidenceError):
    """The finished bag did not pass its own check, or lies where another one should; nothing was released."""

    code = "seal-broken"
    status = 500


class MayNot(Refused):
    """The person may see the exhibit or hold, but their role does not reach to this act."""

    code = "refused"
