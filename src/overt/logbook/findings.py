"""What a check of the logbook can find, in words that name the entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from overt.shared.canonical import Json

#: A policy may let a day pass between two checkpoints, and no more: what is older and not signed was forgotten.
SIGNED_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong. `entry` is the number concerned, `last` the end of a range; None where it is no entry's."""

    code: str
    words: str
    entry: int | None = None
    last: int | None = None

    def as_json(self) -> dict[str, Json]:
        return {"code": self.code, "words": self.words, "entry": self.entry, "last": self.last}


@dataclass(slots=True)
class Report:
    """The outcome of a check: how much was looked at, how much of it is vouched for, and everything found wrong.

    A signature, or a head that somebody else holds, vouches for every entry up to its size. For those after it the
    database alone speaks, which whoever owns it can write: a check says so, and finds nothing there to hold them
    against.
    """

    size: int
    root: bytes = b""
    entries: int = 0
    opened: int = 0  # personal values whose commitment was opened
    erased: int = 0  # personal values erased by an entry
    checkpoints: int = 0
    signed: int = 0  # the largest size whose checkpoint is ours and fits
    signed_at: datetime | None = None  # when the newest signed entry was written; None where none is signed
    unsigned_since: datetime | None = None  # when the oldest entry that nobody vouches for was written
    held: int = 0  # the largest size whose head from outside fits
    held_given: int = 0  # heads from outside that it was held against
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.findings

    @property
    def vouched_for(self) -> int:
        """Up to which entry a signature or a head from outside covers every one."""
        return max(self.signed, self.held)

    @property
    def unsigned(self) -> int:
        """How many entries come after that."""
        return max(0, self.size - self.vouched_for)

    def overdue(self, now: datetime) -> bool:
        """Whether entries are unsigned for longer than any policy allows."""
        return self.unsigned_since is not None and now - self.unsigned_since > SIGNED_WITHIN

    def add(self, code: str, words: str, entry: int | None = None, last: int | None = None) -> None:
        self.findings.append(Finding(code, words, entry, last))

    def as_json(self) -> dict[str, Json]:
        return {
            "sound": self.sound,
            "size": self.size,
            "root": self.root.hex(),
            "entries": self.entries,
            "commitments_opened": self.opened,
            "erased": self.erased,
            "checkpoints": self.checkpoints,
            "signed": self.signed,
            "signed_at": _text(self.signed_at),
            "unsigned": self.unsigned,
            "unsigned_since": _text(self.unsigned_since),
            "held": self.held,
            "milliseconds": round(self.seconds * 1000),
            "findings": [finding.as_json() for finding in self.findings],
        }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
