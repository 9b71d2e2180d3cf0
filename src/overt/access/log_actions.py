"""What this room writes into the logbook."""

from overt.logbook.actions import register

register("access.grant.given", "Role given")
register("access.grant.withdrawn", "Role withdrawn")
register("access.grant.confirmed", "Role confirmed as still needed")
register("access.refused", "Attempt refused")
register("access.inspected", "Page opened by an inspector")
