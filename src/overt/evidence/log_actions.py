"""The acts of this room, as the logbook knows them."""

from __future__ import annotations

from overt.logbook.actions import register

HOLD_PLACED = register("evidence.hold.placed", "Footage held")
HOLD_GROUNDED = register("evidence.hold.grounded", "Hold given its ground")
HOLD_REVIEWED = register("evidence.hold.reviewed", "Hold reviewed: still needed")
HOLD_RELEASED = register("evidence.hold.released", "Hold released")
EXHIBIT_OPENED = register("evidence.exhibit.opened", "Exhibit opened and its sealing begun")
EXHIBIT_RETRIED = register("evidence.exhibit.retried", "Sealing of an exhibit begun again")
EXHIBIT_SEALED = register("evidence.exhibit.sealed", "Exhibit sealed: its content fixed")
EXHIBIT_SIGNED = register("evidence.exhibit.signed", "Exhibit signed: its bag complete")
EXHIBIT_FAILED = register("evidence.exhibit.failed", "Exhibit could not be sealed")
EXHIBIT_SEEN = register("evidence.exhibit.seen", "Exhibit's records looked at")
REGISTER_SEARCHED = register("evidence.register.searched", "Register of exhibits searched")
HOLDS_SEEN = register("evidence.holds.seen", "List of holds looked at")
EXHIBIT_VERIFIED = register("evidence.exhibit.verified", "Exhibit verified against its seal")
EXHIBIT_DOWNLOADED = register("evidence.exhibit.downloaded", "Sealed bag downloaded")
EXHIBIT_EXPORTED = register("evidence.exhibit.exported", "Sealed bag copied out")
COPY_MADE = register("evidence.copy.made", "Copy of an exhibit made")
COPY_STORED = register("evidence.copy.stored", "Copy put into its storage place")
COPY_TAKEN = register("evidence.copy.taken", "Copy taken out of its storage place")
COPY_TESTED = register("evidence.copy.tested", "Copy opened and verified before its handover")
COPY_HANDED_OVER = register("evidence.copy.handed_over", "Copy handed over")
COPY_RETURNED = register("evidence.copy.returned", "Copy came back")
COPY_DESTROYED = register("evidence.copy.destroyed", "Copy destroyed")
MEDIA_SEEN = register("evidence.media.seen", "Media register looked at")
FORM_SEEN = register("evidence.form.seen", "Signed release form looked at")
PLACE_ADDED = register("evidence.place.added", "Storage place added")
PLACE_CHANGED = register("evidence.place.changed", "Storage place changed")
PLACE_OPENED = register("evidence.place.opened", "Storage place opened")
LABEL_PRINTED = register("evidence.label.printed", "Label or form of an exhibit shown for printing")
