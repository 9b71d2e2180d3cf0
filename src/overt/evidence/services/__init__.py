"""What is done with evidence. Each function is one act: one transaction, one logbook entry."""

from overt.evidence.services.copies import copies_of, destroy, hand_over, make_copy, take_back
from overt.evidence.services.grounding import give_ground, review_hold
from overt.evidence.services.hold_sync import sync_holds
from overt.evidence.services.holds import mark, place_hold, release_hold
from overt.evidence.services.looking import (
    note_form_seen,
    note_holds_seen,
    note_printed,
    note_register_seen,
    note_search,
    note_seen,
    note_stills_seen,
)
from overt.evidence.services.opening import ClipWish, open_exhibit, retry
from overt.evidence.services.places import add_place, change_keepers, open_place, store, take_out
from overt.evidence.services.release import export_bag, note_copy_download, note_download, reason_needed
from overt.evidence.services.sealing import resume_unfinished, run_sealing
from overt.evidence.services.stills import destroy_still, hand_to_police, note_still_seen, take_still
from overt.evidence.services.testing import open_copy
from overt.evidence.services.verifying import verify_exhibit

__all__ = [
    "ClipWish",
    "add_place",
    "change_keepers",
    "copies_of",
    "destroy",
    "destroy_still",
    "export_bag",
    "give_ground",
    "hand_over",
    "hand_to_police",
    "make_copy",
    "mark",
    "note_copy_download",
    "note_download",
    "note_form_seen",
    "note_holds_seen",
    "note_printed",
    "note_register_seen",
    "note_search",
    "note_seen",
    "note_still_seen",
    "note_stills_seen",
    "open_copy",
    "open_exhibit",
    "open_place",
    "place_hold",
    "reason_needed",
    "release_hold",
    "resume_unfinished",
    "retry",
    "review_hold",
    "run_sealing",
    "store",
    "sync_holds",
    "take_back",
    "take_out",
    "take_still",
    "verify_exhibit",
]
