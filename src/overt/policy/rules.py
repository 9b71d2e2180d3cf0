"""What a scheme's code of practice fixes, as data. Rules read this; none has a figure of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from overt.shared.errors import BadInput


class BadPolicy(BadInput):
    """The policy document has an unknown field or a value that cannot be."""

    code = "bad-policy"


@dataclass(frozen=True, slots=True)
class SchemePolicy:
    """The parameters the rooms act on. Each field's clause is named beside it."""

    scheme_name: str = "CCTV scheme"
    #: HERTS-3 28, BASS-7 30, SEVEN and PROG 31 days: recordings are gone by then, and kept until then.
    retention_days: int = 31
    #: Acts for which a person gives a reason before they begin (BASS-8: review with its reason).
    reason_required_for: tuple[str, ...] = ("review", "seal_exhibit", "mark_hold")
    #: How long a hold made by marking a moment lasts unless it is sealed or renewed.
    marking_hold_days: int = 7
    #: Years a master is kept after its release (BASS: 3); the date is worked out by the clocks room.
    evidence_master_retention_years: int = 3
    #: The logbook is checkpointed at least this often.
    checkpoint_minutes: int = 60
    #: Personal content of the logbook is erased after this many days; null keeps it until erased by hand.
    logbook_personal_days: int | None = None


def policy_from(document: Mapping[str, object]) -> SchemePolicy:
    """The policy of a stored document. Raises BadPolicy for an unknown field or a wrong type."""
    known = {field.name for field in fields(SchemePolicy)}
    unknown = sorted(set(document) - known)
    if unknown:
        raise BadPolicy(f"A policy has no field {', '.join(unknown)}.")
    values = dict(document)
    if "reason_required_for" in values:
        values["reason_required_for"] = tuple(values["reason_required_for"])  # type: ignore[arg-type]  # checked below
    policy = SchemePolicy(**values)  # type: ignore[arg-type]  # checked below
    for name in ("retention_days", "marking_hold_days", "checkpoint_minutes", "evidence_master_retention_years"):
        value = getattr(policy, name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise BadPolicy(f"{name} must be a whole number of at least 1.")
    return policy
