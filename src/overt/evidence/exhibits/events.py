"""An exhibit's life as the logbook tells it: for its page, and for its bag with proofs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db.models import Q, QuerySet

from overt.evidence import log_actions
from overt.evidence.bag.build import Event
from overt.evidence.models import Exhibit
from overt.logbook.append import bytes_of
from overt.logbook.keys import own_verifier_key, public_key
from overt.logbook.models import Checkpoint, Entry
from overt.logbook.notes import unchecked_tree_head
from overt.logbook.services import inclusion_proof
from overt.logbook.telling import line_of, words_for
from overt.shared.canonical import Json
from overt.shared.lines import visible_text


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the story on the page."""

    number: int
    at: datetime
    words: str
    who: str
    reason: str
    detail: str

    @property
    def line(self) -> str:
        return f"{self.words} by {self.who}" if self.who else self.words

    @property
    def more(self) -> str:
        """What is said of it in small print."""
        return "; ".join(words for words in (self.detail, self.reason and f"reason: {self.reason}") if words)


def entries_about(exhibit: Exhibit) -> QuerySet[Entry]:
    """Every entry about what was done with the exhibit, its holds and its copies, in order.

    Who only looked at its records stands in the logbook, and is not the exhibit's own story.
    """
    holds = [str(pk) for pk in exhibit.holds.values_list("pk", flat=True)]
    holds += [str(pk) for pk in exhibit.clips.exclude(hold=None).values_list("hold_id", flat=True)]
    about = Q(subject_kind="evidence.exhibit", subject_id=str(exhibit.pk))
    about |= Q(subject_kind="evidence.hold", subject_id__in=holds)
    copies = [str(pk) for pk in exhibit.copies.values_list("pk", flat=True)]
    about |= Q(subject_kind="evidence.copy", subject_id__in=copies)
    return (
        Entry.objects.filter(about)
        .exclude(action__in=[log_actions.EXHIBIT_SEEN.name, log_actions.LABEL_PRINTED.name])
        .order_by("number")
        .prefetch_related("personal")
    )


def history_of(exhibit: Exhibit) -> list[HistoryLine]:
    """The story, newest first. Source: BASS-9.1.b (continuity from recording to handover)."""
    told = []
    for entry in entries_about(exhibit):
        opened = {row.field: visible_text(row.value or "") for row in entry.personal.all()}
        words, who = words_for(entry.action), opened.get("actor_name", "")
        told.append(HistoryLine(entry.number, entry.recorded_at, words, who, opened.get("reason", ""), line_of(entry)))
    return told[::-1]


def proven_events(exhibit: Exhibit, checkpoint: Checkpoint) -> Iterator[Event]:
    """Each entry up to the checkpoint with its proof; what was erased stays away, its commitment remains."""
    for entry in entries_about(exhibit).filter(number__lte=checkpoint.size):
        opened = {
            row.field: (row.salt, row.value) for row in entry.personal.all() if row.salt and row.value is not None
        }
        proof = inclusion_proof(entry.number, checkpoint)
        yield Event(entry.number, bytes_of(entry).decode(), opened, proof)


def log_facts(checkpoint: Checkpoint) -> dict[str, Json]:
    """What a stranger needs to check the proofs: the logbook's name, its key, and the head it signed."""
    origin = unchecked_tree_head(checkpoint.note).origin
    key = Ed25519PublicKey.from_public_bytes(public_key())
    return {
        "origin": origin,
        "entries": checkpoint.size,
        "public_key": key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "verifier_key": own_verifier_key(origin),
        "checkpoint": checkpoint.note,
    }
