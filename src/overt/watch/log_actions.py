"""The acts of this room, as the logbook knows them."""

from __future__ import annotations

from overt.logbook.actions import register

LIVE_OPENED = register("watch.live.opened", "Live picture opened")
LIVE_CLOSED = register("watch.live.closed", "Live picture closed")
REVIEW_OPENED = register("watch.review.opened", "Review of recordings opened")
REVIEW_CAMERA_ADDED = register("watch.review.camera_added", "Camera added to a review")
REVIEW_DAY_ADDED = register("watch.review.day_added", "Review went on to another day")
REVIEW_CLOSED = register("watch.review.closed", "Review of recordings closed")
REVIEW_RESULT = register("watch.review.result", "Result of a review written down")
REVIEWS_LISTED = register("watch.reviews.listed", "Register of reviews looked at")
SUPERVISED_ALLOWED = register("watch.supervised.allowed", "Engineer let look at recordings under supervision")
SUPERVISED_ENDED = register("watch.supervised.ended", "Engineer's supervised look at recordings ended")
FOOTAGE_CHECKED = register("watch.footage.checked", "Everything stored was read and checked")
FOOTAGE_DAMAGED = register("watch.footage.damaged", "Recording found damaged or missing")
ENTRY_WRITTEN = register("watch.entry.written", "Entry written")
