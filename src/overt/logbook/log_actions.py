"""The logbook's own acts."""

from __future__ import annotations

from dataclasses import dataclass

from overt.logbook.actions import action


@dataclass(frozen=True, slots=True)
class Exported:
    with_personal: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """Entry -> the fields that went; verify and inspect_offline.py hold what is empty against it."""

    erased: dict[str, tuple[str, ...]]
    due: bool | None = None  # its day had come; None where a person erased it

    @property
    def entries(self) -> int:
        return len(self.erased)


@dataclass(frozen=True, slots=True)
class KeyChanged:
    """The lines by which others know the keys, and the last size that the old one signed."""

    old: str
    new: str
    size: int


EXPORTED = action(
    "logbook.exported",
    "Logbook exported",
    Exported,
    line="{with_personal:with|without} names and reasons",
)
ERASED = action(
    "logbook.personal.erased",
    "Personal content erased",
    Erased,
    line="of {entries:count entry/entries}[, {due:its day had come|}]",
)
KEY_CHANGED = action(
    "logbook.key.changed", "Key of the logbook changed", KeyChanged, line="at {size:count entry/entries}"
)
