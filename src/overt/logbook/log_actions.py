"""The logbook's own acts."""

from overt.logbook.actions import register

SEARCHED = register("logbook.searched", "Logbook searched")
OPENED = register("logbook.entry.opened", "Logbook entry opened")
PRINTED = register("logbook.printed", "Logbook printed")
EXPORTED = register("logbook.exported", "Logbook exported")
ERASED = register("logbook.personal.erased", "Personal content erased")
CHECKED = register("logbook.checked", "Logbook checked from end to end")
