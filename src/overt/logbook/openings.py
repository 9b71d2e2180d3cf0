"""Checks that an entry's commitments still open, and that what is gone was erased by an entry that says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from overt.logbook.canonical import commitment
from overt.logbook.findings import Report
from overt.logbook.log_actions import ERASED
from overt.logbook.models import Entry


class Openings:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.erased: dict[tuple[int, str], int | None] = {}

    def check(self, number: int, commitments: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Hold one entry's personal rows (entry, field, salt, value, erased_by) against its commitments."""
        committed = _flat(commitments)
        if committed is None:
            self.report.add(
                "entry-changed", f"Entry {number} was changed: its commitments are not as we write.", number
            )
            return
        for _entry, field, salt, value, erased_by in rows:
            expected = committed.pop(field, None)
            if expected is None:
                words = f"Entry {number} never had personal content '{field}'; it was put in by hand."
                self.report.add("content-added", words, number)
            elif value is None and salt is None:
                self.erased[number, field] = erased_by
            elif not _opens(salt, value, expected):
                self.report.add("content-changed", f"The {field} of entry {number} was changed.", number)
            else:
                self.report.opened += 1
        for field in committed:
            words = f"The {field} of entry {number} was removed, and not by an erasure."
            self.report.add("content-removed", words, number)

    def check_erasures(self) -> None:
        """Everything empty must be named by the entry that its row names."""
        told = {
            number: {
                (int(key), field) for key, fields in json.loads(facts).get("erased", {}).items() for field in fields
            }
            for number, facts in Entry.objects.filter(action=ERASED.name).values_list("number", "facts_text")
        }
        for (number, field), by in self.erased.items():
            if by is not None and (number, field) in told.get(by, set()):
                self.report.erased += 1
            else:
                words = f"The {field} of entry {number} was emptied, and no entry tells of it."
                self.report.add("content-removed", words, number)


def _flat(text: str) -> dict[str, str] | None:
    """The commitments of their canonical JSON, or None where the text is not exactly that."""
    try:
        found = json.loads(text)
        rebuilt = "{" + ",".join(f'"{key}":"{found[key]}"' for key in sorted(found)) + "}"
    except (ValueError, TypeError):
        return None
    return found if rebuilt == text else None


def _opens(salt: str | None, value: str | None, expected: str) -> bool:
    if salt is None or value is None:
        return False
    try:
        return commitment(bytes.fromhex(salt), value) == expected
    except ValueError:
        return False
