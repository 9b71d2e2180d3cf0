"""Where a code contradicts itself (each pair named), and where a silence will hold something up."""

from __future__ import annotations

from collections.abc import Iterator

from overt.policy.rules.document import SchemePolicy, Term
from overt.policy.rules.findings import Finding, Severity, words_of
from overt.policy.rules.ranks import check_rank
from overt.policy.rules.settings import SETTINGS, Setting

_COUNCILS = ("council", "partnership")


def contradictions(policy: SchemePolicy) -> Iterator[Finding]:
    """Every pair that cannot both be followed."""
    yield from _two_values(policy)
    yield from _declared(policy)
    yield from _confidentiality(policy)
    yield from _deployments(policy)
    yield from _stills(policy)
    yield from _schedule(policy)
    yield from _ranks(policy)
    yield from _times(policy)


def silences(policy: SchemePolicy) -> Iterator[Finding]:
    """Settings the code is silent on although something waits for them. Source: BASS-5.6.5, HERTS-15.3."""
    for setting in SETTINGS:
        if setting.blocks and policy.in_effect(setting.name) is None and _needed(policy, setting):
            term = policy.term(setting.name)
            where = f" ({term.note})" if term.note else ""
            yield Finding(
                f"silent:{setting.name}",
                Severity.WARNING,
                f"The code is silent on {setting.meaning}{where}. This holds up {setting.blocks}.",
                f"Decide it and set {setting.name}{_housing(policy, setting)}.",
                term.clauses, (setting.name,),
            )  # fmt: skip


def _needed(policy: SchemePolicy, setting: Setting) -> bool:
    """Whether what the silence holds up can come up at all in this scheme."""
    if setting.name == "stills_authority_rank":
        return policy.value("stills_may_leave_control_room") is True
    if setting.name == "evidence_master_retention_years":
        return policy.value("evidence_copies") is None or "master" in policy.codes("evidence_copies")
    if setting.name == "directed_surveillance_council_rank":
        return policy.owner_kind in _COUNCILS
    return True


def _housing(policy: SchemePolicy, setting: Setting) -> str:
    if policy.owner_kind == "landlord" and setting.name.startswith("complaint_"):
        return "; for a tenant's complaint the Housing Ombudsman's code counts meanwhile (clock housing-complaint)"
    return ""


def _two_values(policy: SchemePolicy) -> Iterator[Finding]:
    for setting in SETTINGS:
        term = policy.term(setting.name)
        for other in term.also:
            first, second = _stated(term), f"{words_of(other.value)} ({', '.join(other.clauses)})"
            yield Finding(
                f"two-values:{setting.name}",
                Severity.WARNING,
                f"Two answers on {setting.meaning}: {first}, and {second}.",
                f"Strike one. Until then it is read as {words_of(term.value)}.",
                (*term.clauses, *other.clauses), (setting.name,),
            )  # fmt: skip


def _declared(policy: SchemePolicy) -> Iterator[Finding]:
    for one in policy.conflicts:
        fix = f"Mend the text. Until then it is read so: {one.read_as}" if one.read_as else "Mend the text."
        yield Finding(f"conflict:{one.id}", Severity.WARNING, one.says, fix, one.clauses)


def _confidentiality(policy: SchemePolicy) -> Iterator[Finding]:
    signed, exempt = policy.term("confidentiality_signed_by"), policy.term("confidentiality_exempt")
    for code in policy.codes("confidentiality_exempt"):
        if code not in policy.codes("confidentiality_signed_by"):
            continue
        yield Finding(
            f"confidentiality-both-ways:{code}",
            Severity.WARNING,
            f"The {words_of(code)} sign confidentiality, and are freed from the promise not to divulge.",
            "Let everybody sign, with words that differ by category of visitor.",
            (*signed.clauses, *exempt.clauses), ("confidentiality_signed_by", "confidentiality_exempt"),
        )  # fmt: skip


def _deployments(policy: SchemePolicy) -> Iterator[Finding]:
    """Every deployment serves a purpose of the scheme. Source: BASS-4.2.6, BASS-8.2.1.5."""
    purposes = {str(row["code"]) for row in policy.rows("purposes")}
    for row in policy.rows("deployment_purposes"):
        if row.get("serves") in purposes:
            continue
        yield Finding(
            f"deployment-serves-no-purpose:{row['code']}",
            Severity.WARNING,
            f"A camera may be put up for {words_of(row['code'])}, which serves none of the scheme's purposes.",
            "Strike it, or add the purpose by the procedure for a major change.",
            (*policy.term("deployment_purposes").clauses, *policy.term("purposes").clauses),
            ("deployment_purposes", "purposes"),
        )  # fmt: skip


def _stills(policy: SchemePolicy) -> Iterator[Finding]:
    may, rank = policy.term("stills_may_leave_control_room"), policy.term("stills_authority_rank")
    if may.value is False and rank.value is not None:
        yield Finding(
            "stills-both-ways",
            Severity.ERROR,
            f"Stills never leave the control room, yet {words_of(rank.value)} may have them released.",
            "Strike one.",
            (*may.clauses, *rank.clauses), ("stills_may_leave_control_room", "stills_authority_rank"),
        )  # fmt: skip


def _schedule(policy: SchemePolicy) -> Iterator[Finding]:
    """The schedule by kind of record says the same as the settings of the kinds that have one of their own."""
    pairs = {"recordings": "retention_days", "evidence_master": "evidence_master_retention_years",
             "surveillance_product": "ripa_material_retention_years"}  # fmt: skip
    for row in policy.rows("retention_schedule"):
        name = pairs.get(str(row["record"]))
        term = policy.term(name) if name else Term()
        if name and term.value is not None and (row.get("period"), row.get("unit")) != (term.value, term.unit):
            scheduled = f"{row.get('period')} {row.get('unit')}"
            yield Finding(
                f"schedule-differs:{row['record']}",
                Severity.ERROR,
                f"{words_of(row['record'])}: the schedule keeps them {scheduled}, {name} {term.value} {term.unit}.",
                "Make both the same.",
                (*policy.term("retention_schedule").clauses, *term.clauses), ("retention_schedule", name),
            )  # fmt: skip


def _ranks(policy: SchemePolicy) -> Iterator[Finding]:
    low, high = policy.term("police_control_request_rank"), policy.term("police_total_control_request_rank")
    if low.value is None or high.value is None:
        return
    if check_rank("police", str(high.value), policy.ladders) < check_rank("police", str(low.value), policy.ladders):
        yield Finding(
            "total-control-below-control",
            Severity.ERROR,
            f"Total control may be asked for by a lower rank ({words_of(high.value)}) than direction of the cameras"
            f" ({words_of(low.value)}).",
            "Raise the rank for total control.",
            (*low.clauses, *high.clauses), ("police_control_request_rank", "police_total_control_request_rank"),
        )  # fmt: skip


def _times(policy: SchemePolicy) -> Iterator[Finding]:
    ack, answer = policy.term("complaint_ack_working_days"), policy.term("complaint_answer_working_days")
    if isinstance(ack.value, int) and isinstance(answer.value, int) and ack.value > answer.value:
        yield Finding(
            "complaint-answered-before-acknowledged",
            Severity.ERROR,
            f"A complaint is answered in {answer.value} working days and acknowledged only in {ack.value}.",
            "Shorten the time to acknowledge.",
            (*ack.clauses, *answer.clauses), ("complaint_ack_working_days", "complaint_answer_working_days"),
        )  # fmt: skip
    hours, promise = policy.term("monitored_hours_per_day"), policy.term("monitoring_commitment")
    if promise.value == "always" and isinstance(hours.value, int) and hours.value < 24:
        yield Finding(
            "always-is-not-24-hours",
            Severity.ERROR,
            f"The cameras are always watched, and watched {hours.value} hours a day.",
            "Promise what is done.",
            (*promise.clauses, *hours.clauses), ("monitoring_commitment", "monitored_hours_per_day"),
        )  # fmt: skip


def _stated(term: Term) -> str:
    return f"{words_of(term.value)} ({', '.join(term.clauses)})"
