"""The one way into the logbook, the one way personal content leaves it, and the signing of its head."""

from overt.logbook.checkpoints import checkpoint_if_due, inclusion_proof, make_checkpoint
from overt.logbook.erasure import erase, erase_due
from overt.logbook.recording import log

__all__ = ["checkpoint_if_due", "erase", "erase_due", "inclusion_proof", "log", "make_checkpoint"]
