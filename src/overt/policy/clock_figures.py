"""A scheme's own lengths, as the clocks ask for them."""

from __future__ import annotations

from overt.clocks.questions import Figures
from overt.policy.rules import SchemePolicy

#: The figures whose clauses an answer names, and the setting that fixes each.
_CITED = {
    name: name
    for name in (
        "complaint_ack_working_days", "complaint_answer_working_days", "retention_days",
        "evidence_master_retention_years", "dpia_review_months", "policy_review_months", "annual_review_months",
        "inspection_visits_per_month_min",
    )
} | {"surveillance_product_retention_years": "ripa_material_retention_years"}  # fmt: skip


def figures_from(policy: SchemePolicy, *, source: str = "") -> Figures:
    """The figures of a policy: None where its code is silent, and then a clock that needs one refuses.

    `source` is how the answer names the policy; its title, unless given.
    The target for subject access is the shorter of the product's own and what the code promises in days; the law's
    month is the clock's, whatever the code says. Source: BASS-6.6.c, BASS-6.6.e, BASS-1.6.3.c, BASS-8.9.f, HERTS-24.1,
    BASS-11.2.l, HERTS-7.2, HERTS-22.4, PROG-7.1, SEVEN-0.1.
    """
    return Figures(
        source=source or policy.title,
        subject_access_target_days=_target(policy),
        complaint_ack_working_days=policy.number_or_none("complaint_ack_working_days"),
        complaint_answer_working_days=policy.number_or_none("complaint_answer_working_days"),
        retention_days=policy.number_or_none("retention_days"),
        evidence_master_retention_years=policy.evidence_master_retention_years,
        dp_complaint_outcome_days=policy.number_or_none("dp_complaint_outcome_days"),
        surveillance_product_retention_years=policy.number_or_none("ripa_material_retention_years"),
        dpia_review_months=policy.number_or_none("dpia_review_months"),
        policy_review_months=policy.number_or_none("policy_review_months"),
        annual_review_months=policy.number_or_none("annual_review_months"),
        inspection_visits_per_month_min=policy.number_or_none("inspection_visits_per_month_min"),
        act_on=str(policy.require("clock_reading")),
        clauses={name: ", ".join(policy.term(setting).clauses) for name, setting in _CITED.items()},
    )


def _target(policy: SchemePolicy) -> int | None:
    target, promised = policy.number_or_none("sar_target_days"), policy.term("sar_response_days")
    if isinstance(promised.value, int) and promised.unit == "days":
        return promised.value if target is None else min(target, promised.value)
    return target
