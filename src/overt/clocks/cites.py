"""Where each step of a working stands, rule by rule: the step's name and the section to read out with it."""

from __future__ import annotations

from collections.abc import Mapping

Cites = Mapping[str, str]

#: A request of a person in the picture: `start`, `pause`, `extension`, `literal`, `promptly`, and an `aside`.
MONTH_2018: Cites = {
    "start": "the regulator's guidance; DPA 2018 s.54(3)",
    "pause": "the regulator's guidance of that time, not the text",
    "extension": "UK GDPR Art. 12(3); none under DPA 2018 Part 3",
    "literal": "DPA 2018 s.54(2)",
    "promptly": "UK GDPR Art. 12(3)",
    "aside": "UK GDPR Art. 12(3) then said within one month of receipt, which is the corresponding date; the earlier "
    "of the two is taken",
}
MONTH_2026: Cites = {
    "start": "UK GDPR Art. 12A(2); DPA 2018 s.54(3)",
    "pause": "UK GDPR Art. 12A(5); DPA 2018 s.54(3C)",
    "extension": "UK GDPR Art. 12A(3) and (4); DPA 2018 s.54(3A) and (3B)",
    "literal": "UK GDPR Art. 12A(1); DPA 2018 s.54(2)",
    "promptly": "UK GDPR Art. 12(3)",
}
#: A request for information: `day`, `afresh`, `fee`, `unpaid`, `extension`; how it is asked for (`promptly`), and the
#: law of the others (`elsewhere`), where this one is a nation's own.
FOI: Cites = {
    "day": "FOIA s.10(1)",
    "afresh": "FOIA s.10(6)",
    "fee": "FOIA s.10(2)",
    "unpaid": "FOIA s.9(2)",
    "promptly": "promptly",
}
FOI_SCOTLAND: Cites = {
    "day": "FOISA s.10(1)",
    "afresh": "FOISA s.10(1)(b)",
    "fee": "FOISA s.10(3)",
    "unpaid": "FOISA s.9(3)",
    "promptly": "promptly",
    "elsewhere": "the Freedom of Information Act 2000",
}
EIR: Cites = {
    "day": "EIR reg. 5(2)",
    "afresh": "EIR reg. 9(4)",
    "fee": "EIR reg. 8(6)",
    "unpaid": "EIR reg. 8(5)",
    "extension": "EIR reg. 7",
    "promptly": "as soon as possible",
}
EIR_SCOTLAND: Cites = {
    "day": "EI(S)R reg. 5(2)",
    "afresh": "EI(S)R reg. 9",
    "fee": "EI(S)R reg. 8",
    "unpaid": "EI(S)R reg. 8",
    "extension": "EI(S)R reg. 7",
    "promptly": "as soon as possible",
    "elsewhere": "the Environmental Information Regulations 2004",
}
#: Surveillance: how long `hours` and `months` are, `renewal`, `cancelling`, and who approves (`approval`).
RIPA: Cites = {
    "hours": "RIPA s.43(3)(a)",
    "months": "RIPA s.43(3)(c)",
    "renewal": "RIPA s.43(4)",
    "cancelling": "RIPA s.45",
}
RIPA_APPROVED: Cites = {**RIPA, "renewal": "RIPA ss. 32A(2) and 43(4)", "approval": "RIPA s.32A(2)"}
RIPSA: Cites = {
    "hours": "RIP(S)A s.19(3)(a)",
    "months": "RIP(S)A s.19(3)(c)",
    "renewal": "RIP(S)A s.19(4)",
    "cancelling": "RIP(S)A s.20",
}
