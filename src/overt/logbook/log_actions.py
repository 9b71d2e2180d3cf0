"""The logbook's own acts."""

from overt.logbook.actions import register

SEARCHED = register("logbook.searched", "Logbook searched")
OPENED = register("logbook.entry.opened", "Logbook entry opened")
PRINTED = register("logbook.printed", "Logbook printed")
EXPORTED = register("logbook.exported", "Logbook exported")
ERASED = register("logbook.personal.erased", "Personal content erased")
BREACH_RAISED = register("logbook.breach.raised", "Breach raised")
BREACH_REPORTED = register("logbook.breach.reported", "Breach reported")
BREACH_ADDED = register("logbook.breach.added", "More found of a breach")
BREACH_ANSWERED = register("logbook.breach.answered", "Breach answered")
BREACHES_LISTED = register("logbook.breaches.listed", "Breaches looked at")
KEY_CHANGED = register("logbook.key.changed", "Key of the logbook changed")
CORRECTED = register("logbook.entry.corrected", "Entry corrected")
CHECKED = register("logbook.checked", "Logbook checked from end to end")
