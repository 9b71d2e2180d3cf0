"""The kinds of clock there are: what each is called, what begins it, what it takes, and what happens at its date."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    SUBJECT_ACCESS = "subject-access"
    RIGHTS = "rights"
    DP_COMPLAINT = "dp-complaint"
    DP_COMPLAINT_OUTCOME = "dp-complaint-outcome"
    SCHEME_COMPLAINT = "scheme-complaint"
    HOUSING_COMPLAINT = "housing-complaint"
    FOI = "foi"
    EIR = "eir"
    BREACH = "breach"
    SURVEILLANCE_WRITTEN = "surveillance-written"
    SURVEILLANCE_ORAL = "surveillance-oral"
    SURVEILLANCE_PRODUCT = "surveillance-product"
    RETENTION = "retention"
    EVIDENCE_MASTER = "evidence-master"
    SIA_LICENCE = "sia-licence"
    DPIA_REVIEW = "dpia-review"
    CODE_REVIEW = "code-review"
    SELF_ASSESSMENT = "self-assessment"
    ANNUAL_REVIEW = "annual-review"
    INSPECTION_VISIT = "inspection-visit"


class Body(StrEnum):
    """Who authorises directed surveillance: the law gives a council a shorter list of ways."""

    POLICE = "police"
    COUNCIL = "council"


#: These count from a moment, by the clock; the others from a day.
BY_THE_HOUR = frozenset({Kind.BREACH, Kind.SURVEILLANCE_ORAL, Kind.RETENTION})

#: Options of the question, by the name of their field, and how a person writes each.
OPTIONS = {
    "identity": "--identity",
    "fee": "--fee",
    "clarifications": "--clarify",
    "extend": "--extend",
    "stage": "--stage",
    "acknowledged": "--acknowledged",
    "escalated": "--escalated",
    "body": "--body",
    "days": "--days",
    "months": "--months",
    "years": "--years",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """`name` is what people say; `begins` what the first date is; `act` and `ends` close the answer and its working."""

    name: str
    begins: str
    act: str = "Answer by"
    ends: str = "it must be answered by"
    takes: frozenset[str] = frozenset()


def _takes(*names: str) -> frozenset[str]:
    return frozenset(names)


_REVIEW = _takes("months")
PROFILES: dict[Kind, Profile] = {
    Kind.SUBJECT_ACCESS: Profile(
        "Subject access request", "received", takes=_takes("identity", "fee", "clarifications", "extend", "days")
    ),
    Kind.RIGHTS: Profile(
        "Request to rectify, erase, restrict or object", "received", takes=_takes("identity", "fee", "extend")
    ),
    Kind.DP_COMPLAINT: Profile(
        "Data-protection complaint: acknowledgement", "received", "Acknowledge by", "it must be acknowledged by"
    ),
    Kind.DP_COMPLAINT_OUTCOME: Profile(
        "Data-protection complaint: outcome", "received", "Tell the outcome by", "the outcome is due by",
        _takes("days"),
    ),
    Kind.SCHEME_COMPLAINT: Profile(
        "Complaint under the code", "received", takes=_takes("stage", "acknowledged", "days")
    ),
    Kind.HOUSING_COMPLAINT: Profile(
        "Tenant's complaint to a landlord", "received", takes=_takes("stage", "acknowledged", "escalated", "extend")
    ),
    Kind.FOI: Profile("Freedom of information request", "received", takes=_takes("fee", "clarifications")),
    Kind.EIR: Profile(
        "Environmental information request", "received", takes=_takes("fee", "clarifications", "extend")
    ),
    Kind.BREACH: Profile(
        "Personal-data breach to the regulator", "known", "Tell the regulator by", "the regulator must be told by"
    ),
    Kind.SURVEILLANCE_WRITTEN: Profile(
        "Directed surveillance, written authorisation", "takes effect", "Ends at 23:59 on",
        "the authorisation ends at 23:59 on", _takes("body"),
    ),
    Kind.SURVEILLANCE_ORAL: Profile(
        "Directed surveillance, urgent oral authorisation", "granted", "Ends at", "the authorisation ends at",
        _takes("body"),
    ),
    Kind.SURVEILLANCE_PRODUCT: Profile(
        "Product of directed surveillance, kept by the requester", "the authorisation ended", "Keep at least until",
        "it is kept at least until", _takes("years"),
    ),
    Kind.RETENTION: Profile(
        "Recording, kept and then deleted", "the recording ended", "Delete at", "it is deleted at", _takes("days")
    ),
    Kind.EVIDENCE_MASTER: Profile(
        "Master copy of evidence", "released", "Keep until", "it is kept until", _takes("years")
    ),
    Kind.SIA_LICENCE: Profile(
        "Licence of the Security Industry Authority", "expires", "Renew by", "it must be renewed by"
    ),
    Kind.DPIA_REVIEW: Profile(
        "Review of a data protection impact assessment", "approved", "Review by", "it must be reviewed by", _REVIEW
    ),
    Kind.CODE_REVIEW: Profile(
        "Review of the code of practice", "approved", "Review by", "it must be reviewed by", _REVIEW
    ),
    Kind.SELF_ASSESSMENT: Profile(
        "Self-assessment against the surveillance camera code", "approved", "Renew by", "the next is due by", _REVIEW
    ),
    Kind.ANNUAL_REVIEW: Profile("Annual review", "approved", "Publish by", "the next is due by", _REVIEW),
    Kind.INSPECTION_VISIT: Profile(
        "Inspector's visit", "last visited", "Visit by", "the next visit is to be made by"
    ),
}  # fmt: skip
