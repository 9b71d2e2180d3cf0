"""The acts of this room, as the logbook knows them."""

from __future__ import annotations

from overt.logbook.actions import register

HOLD_PLACED = register("evidence.hold.placed", "Footage held")
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
