"""The acts of this room, as the logbook knows them; log_facts.py has what each leaves behind."""

from __future__ import annotations

from overt.evidence import log_facts as facts
from overt.logbook.actions import action

_HELD = "camera {camera}, {span:span}"
_COPY = "{reference} copy {copy}, {medium_words}"
_MOVED = "{reference} copy {copy}, {place}[, new seal {new_seal}]"
_STILL = "still {still}, camera {camera}, {at}"

HOLD_PLACED = action("evidence.hold.placed", "Footage held", facts.FootageHeld, line=_HELD)
HOLD_GROUNDED = action("evidence.hold.grounded", "Hold given its ground", facts.FootageHeld, line=_HELD)
HOLD_REVIEWED = action("evidence.hold.reviewed", "Hold reviewed: still needed", facts.FootageHeld, line=_HELD)
HOLD_RELEASED = action("evidence.hold.released", "Hold released", facts.FootageHeld, line=_HELD)
EXHIBIT_OPENED = action(
    "evidence.exhibit.opened",
    "Exhibit opened and its sealing begun",
    facts.Sealing,
    line="{reference}[, {clip_count:count clip}]",
)
EXHIBIT_RETRIED = action(
    "evidence.exhibit.retried", "Sealing of an exhibit begun again", facts.Sealing, line="{reference}"
)
EXHIBIT_SEALED = action(
    "evidence.exhibit.sealed",
    "Exhibit sealed: its content fixed",
    facts.Sealed,
    line="{reference}: {files:count file}, {bytes:size}[, {gaps:count gap}]",
)
EXHIBIT_SIGNED = action(
    "evidence.exhibit.signed",
    "Exhibit signed: its bag complete",
    facts.Signed,
    line="{stamped:with a time stamp|without a time stamp}",
)
EXHIBIT_FAILED = action(
    "evidence.exhibit.failed",
    "Exhibit could not be sealed",
    facts.SealingFailed,
    line="{reference}: {code:words}",
)
EXHIBIT_SEEN = action("evidence.exhibit.seen", "Exhibit's records looked at", facts.ExhibitLookedAt, line="{reference}")
REGISTER_SEARCHED = action(
    "evidence.register.searched",
    "Register of exhibits searched",
    facts.RegisterSearched,
    line="[only {state:words}]",
)
HOLDS_SEEN = action("evidence.holds.seen", "List of holds looked at", facts.HoldsLookedAt, line="{holds} in force")
EXHIBIT_VERIFIED = action(
    "evidence.exhibit.verified",
    "Exhibit verified against its seal",
    facts.Verified,
    line="{good:every byte the same|not as it was sealed}[: {answer:words}, {found:count finding}]",
)
EXHIBIT_DOWNLOADED = action(
    "evidence.exhibit.downloaded",
    "Sealed bag downloaded",
    facts.BagLeft,
    line="{reference}.zip as copy {copy}, camera {numbers}",
)
EXHIBIT_EXPORTED = action(
    "evidence.exhibit.exported",
    "Sealed bag copied out",
    facts.BagLeft,
    line="to a folder as copy {copy}, camera {numbers}",
)
COPY_MADE = action("evidence.copy.made", "Copy of an exhibit made", facts.CopyMade, line=f"{_COPY}[ {{medium_number}}]")
COPY_STORED = action("evidence.copy.stored", "Copy put into its storage location", facts.CopyMoved, line=_MOVED)
COPY_TAKEN = action("evidence.copy.taken", "Copy taken out of its storage location", facts.CopyMoved, line=_MOVED)
COPY_TESTED = action(
    "evidence.copy.tested",
    "Copy tested before its handover",
    facts.CopyTested,
    line="{reference} copy {copy}: {answer:words}[, {files:count file}][, {pictures:count picture}]",
)
COPY_HANDED_OVER = action(
    "evidence.copy.handed_over",
    "Copy handed over",
    facts.CopyHandedOver,
    line=f"{_COPY}: {{delivery:words}}; continuity passes to {{body}}",
)
COPY_RETURNED = action("evidence.copy.returned", "Copy came back", facts.CopyAct, line=_COPY)
COPY_DESTROYED = action("evidence.copy.destroyed", "Copy destroyed", facts.CopyDestroyed, line=f"{_COPY}: {{method}}")
MEDIA_SEEN = action(
    "evidence.media.seen", "Media register looked at", facts.CopiesLookedAt, line="{copies:count copy/copies}"
)
FORM_SEEN = action(
    "evidence.form.seen",
    "Signed release form looked at",
    facts.FormLookedAt,
    line="{reference} copy {copy}",
)
STILL_MADE = action("evidence.still.made", "Still made", facts.StillMade, line=f"{_STILL}; {{place}}")
STILL_SEEN = action("evidence.still.seen", "Still looked at", facts.StillAct, line=_STILL)
STILLS_SEEN = action(
    "evidence.stills.seen", "Register of stills looked at", facts.StillsLookedAt, line="{stills:count still}"
)
STILL_HANDED_OVER = action(
    "evidence.still.handed_over",
    "Still handed to the police",
    facts.StillHandedOver,
    line=f"{_STILL}; on the authority of a {{authority_rank:words}}",
)
STILL_DESTROYED = action("evidence.still.destroyed", "Still destroyed", facts.StillDestroyed, line=_STILL)
LOCATION_ADDED = action(
    "evidence.place.added",
    "Storage location added",
    facts.LocationKept,
    line="{place}: {security}, {keepers:count keeper}",
)
LOCATION_CHANGED = action(
    "evidence.place.changed", "Storage location changed", facts.LocationKept, line="{place}: {keepers:count keeper}"
)
LOCATION_OPENED = action(
    "evidence.place.opened", "Storage location opened", facts.LocationOpened, line="{place}[, new seal {new_seal}]"
)
LABEL_PRINTED = action(
    "evidence.label.printed",
    "Label or form of an exhibit shown for printing",
    facts.Printed,
    line="{reference}: {paper:words}[ of copy {copy}]",
)
