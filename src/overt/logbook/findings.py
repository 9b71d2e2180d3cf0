"""What a check of the logbook can find, in words that name the entry."""

from __future__ import annotations

from dataclasses import dataclass, field

from overt.shared.canonical import Json


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
    """The outcome of a check: how much was looked at, and everything found wrong."""

    size: int
    root: bytes = b""
    entries: int = 0
    opened: int = 0  # personal values whose commitment was opened
    erased: int = 0  # personal values erased by an entry
    checkpoints: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.findings

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
            "milliseconds": round(self.seconds * 1000),
            "findings": [finding.as_json() for finding in self.findings],
        }
