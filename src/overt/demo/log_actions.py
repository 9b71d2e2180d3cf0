"""What the demo writes into its own logbook."""

from overt.logbook.actions import register

register("demo.scheme.made", "Demo scheme made")
