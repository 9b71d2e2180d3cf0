"""What a scheme's code of practice fixes, as data. Rules read this; none has a figure of its own. No framework here."""

from overt.policy.rules.document import SchemePolicy, Term, setting_named
from overt.policy.rules.errors import BadPolicy, NoSuchScheme, PolicySilent
from overt.policy.rules.ranks import not_below
from overt.policy.rules.reading import policy_from, policy_from_stored
from overt.policy.rules.writing import document_of

__all__ = [
    "BadPolicy",
    "NoSuchScheme",
    "PolicySilent",
    "SchemePolicy",
    "Term",
    "document_of",
    "not_below",
    "policy_from",
    "policy_from_stored",
    "setting_named",
]
