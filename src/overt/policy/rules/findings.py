"""What the linter says: an id that stays, how grave it is, where it stands, and how it is put right."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # against the law, or nothing can be made of it
    WARNING = "warning"  # contradicts itself, is out of date, or will hold something up
    NOTE = "note"  # worth knowing


#: Gravest first.
ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """`id` is the same for the same fault in every code; `source` is the law or guidance, empty for the code itself."""

    id: str
    severity: Severity
    says: str
    fix: str
    clauses: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    source: str = ""
    final: bool = False  # an error that nobody can accept: it is mended, or the version is not approved

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "severity": self.severity.value,
            "says": self.says,
            "fix": self.fix,
            "clauses": list(self.clauses),
            "settings": list(self.settings),
            "source": self.source or None,
            "final": self.final,
        }


def words_of(value: object) -> str:
    """A value as it stands in a sentence."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(words_of(one) for one in value) or "none"
    return str(value).replace("_", " ")
