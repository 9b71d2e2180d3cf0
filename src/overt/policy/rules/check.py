"""The linter for codes of practice: everything that contradicts, is out of date, or will hold something up."""

from __future__ import annotations

from datetime import date

from overt.policy.rules.consistency import contradictions, silences
from overt.policy.rules.document import SchemePolicy
from overt.policy.rules.findings import ORDER, Finding, Severity
from overt.policy.rules.lawfulness import unlawful
from overt.policy.rules.limits import beyond
from overt.policy.rules.reviews import overdue


def check(policy: SchemePolicy, as_of: date) -> list[Finding]:
    """What is wrong with a code by the law of a day: errors first, then warnings, then notes, each in document order.

    Source: BASS-4.7.4, HERTS-9.3 (the code is reviewed against the law), BASS-5.6.5 (clear rules).
    """
    found = [
        *beyond(policy),
        *unlawful(policy, as_of),
        *contradictions(policy),
        *overdue(policy, as_of),
        *silences(policy),
    ]
    return sorted(found, key=lambda finding: ORDER[finding.severity])


def errors_of(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.severity is Severity.ERROR]
