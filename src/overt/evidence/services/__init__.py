"""What is done with evidence. Each function is one act: one transaction, one logbook entry."""

from overt.evidence.services.holds import mark, place_hold, release_hold, sync_holds
from overt.evidence.services.looking import note_holds_seen, note_search, note_seen
from overt.evidence.services.opening import ClipWish, open_exhibit, retry
from overt.evidence.services.release import export_bag, note_download, reason_needed
from overt.evidence.services.sealing import resume_unfinished, run_sealing
from overt.evidence.services.verifying import verify_exhibit

__all__ = [
    "ClipWish",
    "export_bag",
    "mark",
    "note_download",
    "note_holds_seen",
    "note_search",
    "note_seen",
    "open_exhibit",
    "place_hold",
    "reason_needed",
    "release_hold",
    "resume_unfinished",
    "retry",
    "run_sealing",
    "sync_holds",
    "verify_exhibit",
]
