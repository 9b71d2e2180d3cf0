"""What an installation runs on until its scheme has adopted a policy: a few safe figures, none of them any code's."""

from __future__ import annotations

from functools import cache

from overt.policy.rules.document import SchemePolicy
from overt.policy.rules.reading import policy_from

_NOTE = "The product's starting figure: not in your code."


def starting_document(**settings: object) -> dict[str, object]:
    """The starting document; `settings` put other values (in each setting's usual unit) in place of its own.

    Raises BadPolicy, once read, for a setting or a value that cannot be.
    """
    from overt.policy.rules.document import setting_named

    values: dict[str, object] = {"retention_days": 31, "evidence_master_retention_years": 3, **settings}
    terms: dict[str, object] = {}
    for name, value in values.items():
        units = setting_named(name).units
        terms[name] = {"value": value, "note": _NOTE} | ({"unit": units[0]} if units else {})
    return {"scheme": "starting", "title": "CCTV scheme", "settings": terms}


@cache
def starting_policy() -> SchemePolicy:
    """31 days is what the police ask of a recorder, so nothing is lost too early while the scheme decides."""
    return policy_from(starting_document())
