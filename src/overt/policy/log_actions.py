"""What this room writes into the logbook."""

from overt.logbook.actions import register

DRAFTED = register("policy.version.drafted", "Policy drafted")
CHANGED = register("policy.version.changed", "Policy draft changed")
CONSULTED = register("policy.version.consulted", "Policy consulted on")
REOPENED = register("policy.version.reopened", "Policy taken back to draft")
APPROVED = register("policy.version.approved", "Policy approved")
IN_FORCE = register("policy.version.put_in_force", "Policy put in force")
WITHDRAWN = register("policy.version.withdrawn", "Policy version withdrawn")
