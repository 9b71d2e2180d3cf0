"""Why a policy document cannot be taken, or does not answer."""

from __future__ import annotations

from overt.shared.errors import BadInput, Refused


class BadPolicy(BadInput):
    """The document has something that cannot be: an unknown key, a wrong unit, type, rank, role or clause."""

    code = "bad-policy"
    field = "text"  # where a form holds the document

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        #: What is wrong, a sentence each.
        self.faults = faults


class NoSuchScheme(BadPolicy):
    """Neither a scheme that ships with the product nor a file."""

    code = "no-such-scheme"


class PolicySilent(Refused):
    """The policy in force does not fix this, so what needs it is refused until the scheme has decided."""

    code = "policy-silent"
    title = "The scheme's code does not say"

    def __init__(self, setting: str, meaning: str) -> None:
        super().__init__(
            f"The scheme's code is silent on {setting} ({meaning}). It has to be decided there before this can be done."
        )
        self.setting = setting
