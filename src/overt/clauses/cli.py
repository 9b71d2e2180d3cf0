"""`overt clauses [--topic T] [--json]`: each clause, what carries it out, and how much of it passing tests prove."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass

from overt.clauses.carried import carried_out_by
from overt.clauses.catalogue import Clause, catalogue, topics
from overt.clauses.proof import Claim, Proof, claims, judge, unproven


@dataclass(frozen=True, slots=True)
class Standing:
    """A clause with what there is to show for it."""

    clause: Clause
    carried_by: list[str]
    claims: list[Claim]

    @property
    def proof(self) -> Proof:
        return judge(self.clause.system, self.claims)

    @property
    def unproven(self) -> str:
        """The words of the clause's `system` sentence that no passing test proves."""
        return unproven(self.clause.system, self.claims)

    def as_json(self) -> dict[str, object]:
        clause = self.clause
        return {
            "id": clause.id,
            "topic": clause.topic,
            "says": clause.says,
            "system": clause.system,
            "enforce": clause.enforce,
            "carried_out_by": self.carried_by,
            "proof": self.proof.value,
            "unproven": self.unproven,
            "tests": [{"test": one.test, "outcome": one.outcome, "part": one.part} for one in self.claims],
        }


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("clauses", help="the clauses of the codes of practice: what carries them out, proof")
    parser.add_argument("--topic", action="append", default=[], metavar="T", help="only this topic (may be repeated)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the clauses; exit code 2 for a topic that no clause has."""
    unknown = sorted(set(options.topic) - set(topics()))
    if unknown:
        print(f"overt: no clause has the topic {', '.join(unknown)}. Topics: {', '.join(topics())}", file=sys.stderr)
        return 2
    listed = [found for found in standings() if not options.topic or found.clause.topic in options.topic]
    if options.json:
        print(json.dumps([found.as_json() for found in listed], ensure_ascii=False, indent=1))
    else:
        _print(listed)
    return 0


def standings() -> list[Standing]:
    """Every clause of the catalogue, in its order."""
    carried, claimed = carried_out_by(), claims()
    return [Standing(clause, carried.get(clause.id, []), claimed.get(clause.id, [])) for clause in catalogue().values()]


def _print(listed: list[Standing]) -> None:
    for found in listed:
        print(f"{found.clause.id:<16} {found.clause.topic:<22} {found.proof.value:<8} {_shortened(found.clause.says)}")
        for name in found.carried_by:
            print(f"{'':16} carried out by {name}")
        for claim in found.claims:
            part = "the whole" if claim.part is None else f"“{claim.part}”"
            print(f"{'':16} {claim.outcome or 'not run'}: {claim.test} claims {part}")
        if found.proof is Proof.PART:
            print(f"{'':16} without proof: {found.unproven}")
    counts = {proof: sum(found.proof is proof for found in listed) for proof in Proof}
    carried = sum(bool(found.carried_by) for found in listed)
    print(
        f"{len(listed)} clauses: {carried} name the code that carries them out, {counts[Proof.WHOLE]} proven whole,"
        f" {counts[Proof.PART]} in part, {counts[Proof.FAILING]} failing, {counts[Proof.CLAIMED]} claimed by tests that"
        f" have not run here, {counts[Proof.NONE]} claimed by none."
    )


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 100 else words[:99].rsplit(" ", 1)[0] + "…"
